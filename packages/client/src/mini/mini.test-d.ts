// What the types of the smallest client accept and refuse: no member and no option that it has not.
// biome-ignore-all lint/suspicious/noExplicitAny: undeclared events and answers are part of what is tested.

import { describe, expectTypeOf, test } from "vitest";
import * as inNode from "../node/mini.ts";
import * as inBrowsers from "./index.ts";
import {
  connect,
  type DisconnectReason,
  type ExtendedError,
  type MiniOptions,
  type MiniSocket,
  type Status,
} from "./index.ts";

interface ServerToClient {
  news: (title: string) => void;
  ask: (question: string, answer: (text: string) => void) => void;
}
interface ClientToServer {
  hello: (name: string, age?: number) => void;
  poll: (question: string, answer: (choice: string) => void) => void;
}

declare const socket: MiniSocket<ServerToClient, ClientToServer>;
declare const untyped: MiniSocket;

test("connect takes the maps of events, an address and options", () => {
  expectTypeOf(connect<ServerToClient, ClientToServer>()).toEqualTypeOf(socket);
  expectTypeOf(connect<ServerToClient, ClientToServer>("/chat", { path: "/x" })).toEqualTypeOf(
    socket,
  );
  expectTypeOf(connect()).toEqualTypeOf(untyped);
  const annotated: MiniSocket<ServerToClient, ClientToServer> = connect();
  void annotated;
  // @ts-expect-error an address is a string
  connect(3000);
});

test("both platforms export the same", () => {
  expectTypeOf(inNode).toEqualTypeOf(inBrowsers);
});

describe("options", () => {
  test("those there are", () => {
    const options: Required<MiniOptions> = {
      auth: (hand) => hand({ token: "secret" }),
      path: "/x",
      query: { a: "b" },
      protocols: ["p"],
      autoConnect: false,
      ackTimeout: 1000,
      maxSendBufferLength: 10,
      timeout: false,
      reconnection: true,
      reconnectionAttempts: 5,
      reconnectionDelay: 100,
      reconnectionDelayMax: 1000,
      randomizationFactor: 0,
    };
    connect("/", options);
    connect("/", { auth: { token: "secret" } });
  });

  test("none of another entry", () => {
    // @ts-expect-error events are sent once
    connect("/", { retries: 3 });
    // @ts-expect-error there is one transport
    connect("/", { transports: ["websocket"] });
    // @ts-expect-error there is one wire form
    connect("/", { parser: {} });
    // @ts-expect-error no connection is shared
    connect("/", { forceNew: true });
    // @ts-expect-error only Node's other entries send headers
    connect("/", { extraHeaders: {} });
  });
});

describe("listening", () => {
  test("to the server's events and its own", () => {
    socket.on("news", (title) => expectTypeOf(title).toEqualTypeOf<string>());
    socket.once("ask", (_, answer) => expectTypeOf(answer).toEqualTypeOf<(text: string) => void>());
    socket.on("connect", () => {});
    socket.on("connect_error", (err) => expectTypeOf(err).toEqualTypeOf<ExtendedError>());
    socket.on("disconnect", (reason) => expectTypeOf(reason).toEqualTypeOf<DisconnectReason>());
    expectTypeOf(socket.off("news").off()).toEqualTypeOf(socket);
    // @ts-expect-error no such event
    socket.on("random", () => {});
    // @ts-expect-error the argument is a string
    socket.on("news", (title: number) => void title);
    untyped.on("whatever", (first) => expectTypeOf(first).toBeAny());
  });

  test("to its status", () => {
    expectTypeOf(socket.status).toEqualTypeOf<Status>();
    expectTypeOf(
      socket.onStatus((status) => expectTypeOf(status).toEqualTypeOf<Status>()),
    ).toEqualTypeOf<() => void>();
  });
});

describe("emitting", () => {
  test("exactly the arguments of the event", () => {
    expectTypeOf(socket.emit("hello", "name").emit("hello", "name", 7)).toEqualTypeOf(socket);
    expectTypeOf(socket.volatile).toEqualTypeOf(socket);
    socket.emit("poll", "tea?", (choice) => expectTypeOf(choice).toEqualTypeOf<string>());
    socket.timeout(10).emit("poll", "tea?", (err, choice) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
    });
    // @ts-expect-error the server does not hear this
    socket.emit("news", "title");
    // @ts-expect-error the name is missing
    socket.emit("hello");
  });

  test("with a promise", () => {
    expectTypeOf(socket.emitWithAck("poll", "tea?")).resolves.toEqualTypeOf<string>();
    expectTypeOf(socket.timeout(10).emitWithAck("poll", "tea?")).resolves.toEqualTypeOf<string>();
    // @ts-expect-error it asks for no answer
    socket.emitWithAck("hello", "name");
  });
});

test("what it lacks, its types lack", () => {
  // @ts-expect-error no manager
  socket.io;
  // @ts-expect-error no catch-all listeners
  socket.onAny;
  // @ts-expect-error no such buffers
  socket.sendBuffer;
  // @ts-expect-error no compression to choose
  socket.compress;
  // @ts-expect-error state is read, not written
  socket.connected = true;
  socket.auth = { token: "secret" };
  expectTypeOf(socket.connect().disconnect()).toEqualTypeOf(socket);
  expectTypeOf(socket.id).toEqualTypeOf<string | undefined>();
  expectTypeOf(socket.recovered).toEqualTypeOf<boolean>();
});
