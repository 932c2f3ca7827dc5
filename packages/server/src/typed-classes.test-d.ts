// A host's class of servers: generic, with the entrances of the host, and open to classes of applications.

import type { DefaultEventsMap, EventsMap } from "@sockeye/core";
import { describe, expectTypeOf, test } from "vitest";
import type {
  AnyData,
  HostClasses,
  HostedDiagnostics,
  HostedServerConstructor,
  HostTypes,
} from "./index.ts";

interface Say {
  news: (title: string) => void;
}

interface Entrances {
  /** Listens on a port. */
  listen(port: number): this;
}

interface OneTypes extends HostTypes {
  readonly request: { readonly url: string };
  readonly options: { path?: string };
  readonly source: number;
  readonly entrances: Entrances;
  readonly engine: { readonly one: true };
  readonly diagnostics: HostedDiagnostics & { readonly one: true };
}

declare const classes: HostClasses<OneTypes>;
const Base: HostedServerConstructor<OneTypes> = classes.Server;

class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

describe("a host's class of servers", () => {
  test("takes something to attach to, options, or both", () => {
    new Server();
    new Server({ path: "/a" });
    new Server(3000, { path: "/a" });
    // @ts-expect-error nothing to attach to
    new Server("3000");
    // @ts-expect-error no such option
    new Server({ pth: "/a" });
  });

  test("has the types of its host", () => {
    const io = new Server<Say>();
    expectTypeOf(io).toEqualTypeOf<Server<Say>>();
    expectTypeOf(io.listen(1)).toEqualTypeOf<Server<Say>>();
    expectTypeOf(io.engine).toEqualTypeOf<{ readonly one: true }>();
    expectTypeOf(io.diagnostics.one).toEqualTypeOf<true>();
    io.on("connection", (socket) => {
      expectTypeOf(socket.request).toEqualTypeOf<{ readonly url: string }>();
      // @ts-expect-error no such event
      socket.emit("old");
    });
  });

  test("takes its events from what it is assigned to", () => {
    const io: Server<Say, DefaultEventsMap, DefaultEventsMap, number> = new Server();
    io.on("connection", (socket) => expectTypeOf(socket.data).toEqualTypeOf<number>());
  });

  test("can be extended, with events or without", () => {
    class Chat<Events extends EventsMap> extends Server<Events> {
      readonly topic: string = "";
      override listen(port: number): this {
        return super.listen(port + 1);
      }
    }
    const chat = new Chat<Say>(3000);
    expectTypeOf(chat.listen(1).topic).toEqualTypeOf<string>();
    expectTypeOf(chat).toExtend<Server<Say>>();
    chat.emit("news", "a title");
    // @ts-expect-error no such event
    chat.emit("old");
  });
});
