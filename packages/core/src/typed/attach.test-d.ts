// That a host can attach the faces to its classes: constructors, sub-classes, `instanceof`.
// biome-ignore-all lint/suspicious/noExplicitAny: Socket.IO's default for socket data, and what `instanceof` narrows to.

import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import { describe, expectTypeOf, test } from "vitest";
import type {
  BroadcastOperatorConstructor,
  NamespaceConstructor,
  ServerConstructor,
  SocketConstructor,
} from "./attach.ts";
import type { BroadcastOperator } from "./broadcast-operator.ts";
import type { Namespace, Socket, Server as TypedServer } from "./faces.ts";

// A host, as short as it can be.
interface HostServer<
  L extends EventsMap = DefaultEventsMap,
  E extends EventsMap = L,
  S extends EventsMap = DefaultEventsMap,
  D = any,
> extends TypedServer<L, E, S, D> {
  listen(port: number): this;
}
interface HostServerConstructor {
  new <
    L extends EventsMap = DefaultEventsMap,
    E extends EventsMap = L,
    S extends EventsMap = DefaultEventsMap,
    D = any,
  >(
    port?: number,
    options?: { path?: string },
  ): HostServer<L, E, S, D>;
  readonly prototype: HostServer<any, any, any, any>;
}
declare const Server: HostServerConstructor;
declare const PortableServer: ServerConstructor<[name: string]>;
declare const SocketClass: SocketConstructor;
declare const NamespaceClass: NamespaceConstructor;
declare const OperatorClass: BroadcastOperatorConstructor;

interface Hear {
  hello: (name: string) => void;
}
interface Say {
  news: (title: string) => void;
}

describe("constructors", () => {
  test("take the four maps in Socket.IO's order", () => {
    expectTypeOf(new Server()).toEqualTypeOf<
      HostServer<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any>
    >();
    expectTypeOf(new Server<Hear>(3000)).toEqualTypeOf<
      HostServer<Hear, Hear, DefaultEventsMap, any>
    >();
    expectTypeOf(new Server<Hear, Say, Hear, string>(3000, {})).toEqualTypeOf<
      HostServer<Hear, Say, Hear, string>
    >();
    expectTypeOf(new PortableServer<Hear, Say>("x").of("/")).toEqualTypeOf<Namespace<Hear, Say>>();
    // @ts-expect-error a name is asked for
    new PortableServer();
  });

  test("chaining keeps the host's members", () => {
    new Server<Hear, Say>()
      .use((_socket, next) => next())
      .on("connection", (socket) => socket.emit("news", "title"))
      .listen(3000)
      .emit("news", "title");
  });
});

describe("sub-classes", () => {
  test("extend the host's class", () => {
    class MyServer extends Server<Hear, Say> {
      announce(title: string): boolean {
        return this.emit("news", title);
      }
    }
    const mine = new MyServer(3000);
    expectTypeOf(mine.announce("x")).toEqualTypeOf<boolean>();
    const base: HostServer<Hear, Say> = mine.on("connection", () => {}).listen(1);
    void base;
    // @ts-expect-error no such event
    mine.emit("random");
  });
});

describe("instanceof", () => {
  test("narrows", () => {
    const it: unknown = undefined;
    if (it instanceof Server) expectTypeOf(it).toEqualTypeOf<HostServer<any, any, any, any>>();
    if (it instanceof SocketClass) expectTypeOf(it).toEqualTypeOf<Socket<any, any, any, any>>();
    if (it instanceof NamespaceClass) {
      expectTypeOf(it).toEqualTypeOf<Namespace<any, any, any, any>>();
    }
    if (it instanceof OperatorClass) expectTypeOf(it).toEqualTypeOf<BroadcastOperator<any, any>>();
    // @ts-expect-error sockets are made by the library
    new SocketClass();
  });
});
