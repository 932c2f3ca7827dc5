// What the client's types accept and refuse, and `io` with type arguments.
// Every expression was tried against socket.io-client 4.8.4 with the same outcome, unless said beside it.
// biome-ignore-all lint/suspicious/noExplicitAny: undeclared events and answers are part of what is tested.

import type { DefaultEventsMap } from "@sockeye/events";
import { describe, expectTypeOf, test } from "vitest";
import {
  type ClientHintCode,
  type ClientOptions,
  connect,
  type DisconnectDescription,
  type DisconnectReason,
  type ExtendedError,
  io,
  Manager,
  Socket,
} from "../index.ts";

interface ServerToClient {
  news: (title: string) => void;
  ask: (question: string, answer: (text: string) => void) => void;
}
interface ClientToServer {
  hello: (name: string, age?: number) => void;
  poll: (question: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
  failing: (answer: (err: Error, choice: number) => void) => void;
  maybe: (text: string, answer?: (choice: string) => void) => void;
}

declare const socket: Socket<ServerToClient, ClientToServer>;
declare const untyped: Socket;
declare const manager: Manager;

describe("io", () => {
  test("takes the maps of events; Socket.IO's does not", () => {
    expectTypeOf(io<ServerToClient, ClientToServer>()).toEqualTypeOf(socket);
    expectTypeOf(io<ServerToClient, ClientToServer>("/chat")).toEqualTypeOf(socket);
    expectTypeOf(io<ServerToClient, ClientToServer>({ path: "/x" })).toEqualTypeOf(socket);
    expectTypeOf(io<ServerToClient, ClientToServer>("/chat", { path: "/x" })).toEqualTypeOf(socket);
    expectTypeOf(connect<ServerToClient, ClientToServer>("/chat")).toEqualTypeOf(socket);
    expectTypeOf(io.connect<ServerToClient, ClientToServer>("/chat")).toEqualTypeOf(socket);
    expectTypeOf(io<ServerToClient>()).toEqualTypeOf<Socket<ServerToClient, ServerToClient>>();
    // @ts-expect-error the server does not hear this
    io<ServerToClient, ClientToServer>().emit("news", "title");
  });

  test("or a variable that has them", () => {
    const first: Socket<ServerToClient, ClientToServer> = io();
    const second: Socket<ServerToClient, ClientToServer> = io("https://example.com/chat");
    const third: Socket<ServerToClient, ClientToServer> = io({ autoConnect: false });
    const fourth: Socket<ServerToClient, ClientToServer> = io(undefined, { retries: 3 });
    const kept = io();
    const later: Socket<ServerToClient, ClientToServer> = kept;
    const plain: Socket = later;
    void [first, second, third, fourth, plain];
  });

  test("or none", () => {
    expectTypeOf(io()).toEqualTypeOf<Socket<DefaultEventsMap, DefaultEventsMap>>();
    untyped.on("whatever", (first, second) => {
      expectTypeOf(first).toBeAny();
      expectTypeOf(second).toBeAny();
    });
    untyped.emit("whatever", 1, { two: 2 }, () => {}).send("anything", 3);
    expectTypeOf(untyped.emitWithAck("whatever", 1)).resolves.toBeAny();
  });

  test("options", () => {
    interface Credentials {
      token: string;
    }
    const credentials: Credentials = { token: "secret" };
    const options: ClientOptions = { auth: credentials, query: credentials, timeout: false };
    io(options);
    io("/", { auth: (hand) => hand({ token: "secret" }) });
    // @ts-expect-error a path is a string
    io({ path: 1 });
    // @ts-expect-error no such option
    io({ reconect: true });
    // @ts-expect-error an address is a string
    io(3000);
  });
});

describe("listening", () => {
  test("to the server's events", () => {
    socket.on("news", (title) => expectTypeOf(title).toEqualTypeOf<string>());
    socket.once("ask", (question, answer) => {
      expectTypeOf(question).toEqualTypeOf<string>();
      expectTypeOf(answer).toEqualTypeOf<(text: string) => void>();
    });
    socket.on("news", async (title) => void title);
    expectTypeOf(socket.on("news", () => {})).toEqualTypeOf(socket);
    socket
      .off("news", (title: string) => void title)
      .off("news")
      .off();
    // @ts-expect-error no such event
    socket.on("random", () => {});
    // @ts-expect-error no such event
    socket.off("random");
    // @ts-expect-error the listener is missing
    socket.on("news");
    // @ts-expect-error the argument is a string
    socket.on("news", (title: number) => void title);
  });

  test("to its own", () => {
    socket.on("connect", () => {});
    socket.on("connect", async () => {});
    socket.on("connect_error", (err) => {
      expectTypeOf(err).toEqualTypeOf<ExtendedError>();
      expectTypeOf(err.data).toBeAny();
      expectTypeOf(err.hint).toEqualTypeOf<string | undefined>();
      expectTypeOf(err.hintCode).toEqualTypeOf<ClientHintCode | undefined>();
    });
    socket.on("connect_error", (err: Error) => void err);
    socket.on("disconnect", (reason, details) => {
      expectTypeOf(reason).toEqualTypeOf<DisconnectReason>();
      expectTypeOf(details).toEqualTypeOf<DisconnectDescription | undefined>();
      expectTypeOf(details?.hint).toEqualTypeOf<string | undefined>();
    });
    const listener = (reason: Socket.DisconnectReason): void => void reason;
    socket.on("disconnect", listener);
    // @ts-expect-error the listener is given nothing
    socket.on("connect", (nothing: number) => void nothing);
    // @ts-expect-error no such reason
    const reason: Socket.DisconnectReason = "bored";
    void reason;
  });

  test("to everything", () => {
    socket.onAny((event: string, ...args: unknown[]) => void [event, args]);
    expectTypeOf(
      socket
        .prependAny(() => {})
        .offAny()
        .onAnyOutgoing(() => {}),
    ).toEqualTypeOf(socket);
    socket.listenersAny()[0]?.("event", 1);
  });
});

describe("emitting", () => {
  test("exactly the arguments of the event", () => {
    socket.emit("hello", "name").emit("hello", "name", 7);
    socket.emit("poll", "tea?", (choice, score) => {
      expectTypeOf(choice).toEqualTypeOf<string>();
      expectTypeOf(score).toEqualTypeOf<number>();
    });
    expectTypeOf(socket.volatile).toEqualTypeOf(socket);
    expectTypeOf(socket.compress(false)).toEqualTypeOf(socket);
    // @ts-expect-error no such event
    socket.emit("random");
    // @ts-expect-error an argument is missing
    socket.emit("hello");
    // @ts-expect-error there is an argument too many
    socket.emit("hello", "name", 7, true);
    // @ts-expect-error the argument is a string
    socket.emit("hello", 7);
    // @ts-expect-error the library's own event
    socket.emit("connect");
  });

  test("with a time-out", () => {
    socket.timeout(1000).emit("poll", "tea?", (err, choice, score) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<string>();
      expectTypeOf(score).toEqualTypeOf<number>();
    });
    socket.timeout(1000).emit("hello", "name");
    // Socket.IO's client puts a second error in front of one that is declared, unlike its server.
    socket.timeout(1000).emit("failing", (err, choice) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(choice).toEqualTypeOf<number>();
    });
  });

  test("with a promise of the first argument; Socket.IO's types know it of lone arguments only", () => {
    expectTypeOf(socket.emitWithAck("poll", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.timeout(1).emitWithAck("poll", "tea?")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(socket.emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(socket.timeout(1).emitWithAck("done")).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(socket.timeout(1).emitWithAck("failing")).toEqualTypeOf<Promise<number>>();
    expectTypeOf(socket.emitWithAck("maybe", "tea?")).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error an argument is missing
    socket.emitWithAck("poll");
    // @ts-expect-error no such event
    socket.emitWithAck("random");
  });

  test("no promise for an event without an answer; Socket.IO drops its last argument (#5367)", () => {
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("hello", "name");
    // @ts-expect-error the event asks for no answer
    socket.emitWithAck("hello");
  });
});

describe("managers", () => {
  test("sockets, settings, events", () => {
    expectTypeOf(socket.io).toEqualTypeOf<Manager<ServerToClient, ClientToServer>>();
    const own: Manager<ServerToClient, ClientToServer> = new Manager("http://example.com", {});
    expectTypeOf(new Manager({ path: "/x" })).toEqualTypeOf<Manager>();
    const chat: Socket<ServerToClient, ClientToServer> = own.socket("/chat");
    // Socket.IO's `socket` is not generic.
    expectTypeOf(manager.socket<ServerToClient, ClientToServer>("/")).toEqualTypeOf(chat);
    manager.socket("/").emit("whatever");
    expectTypeOf(manager.reconnection()).toEqualTypeOf<boolean>();
    expectTypeOf(manager.reconnection(false).reconnectionDelay(1)).toEqualTypeOf<Manager>();
    expectTypeOf(manager.timeout()).toEqualTypeOf<number | boolean>();
    manager.open((err) => expectTypeOf(err).toEqualTypeOf<Error | undefined>());
    manager.on("reconnect_attempt", (attempt) => expectTypeOf(attempt).toEqualTypeOf<number>());
    manager.on("error", (err) => expectTypeOf(err).toEqualTypeOf<Error>());
    expectTypeOf(socket.io.engine.transport.name).toEqualTypeOf<string>();
    socket.io.opts.transports = ["polling"];
    // @ts-expect-error no such event
    manager.on("random", () => {});
    // @ts-expect-error a delay is a number
    manager.reconnectionDelay("1s");
  });

  test("instanceof", () => {
    const it: unknown = untyped;
    if (it instanceof Socket) expectTypeOf(it).toEqualTypeOf<Socket<any, any>>();
    if (it instanceof Manager) expectTypeOf(it).toEqualTypeOf<Manager<any, any>>();
    // @ts-expect-error sockets come from managers
    new Socket();
  });
});

describe("state", () => {
  test("of a socket", () => {
    expectTypeOf(socket.id).toEqualTypeOf<string | undefined>();
    expectTypeOf(socket.connected).toEqualTypeOf<boolean>();
    expectTypeOf(socket.active).toEqualTypeOf<boolean>();
    expectTypeOf(socket.connect().disconnect().open().close()).toEqualTypeOf(socket);
    socket.auth = { token: "secret" };
    socket.auth = (hand) => hand({ token: "secret" });
    socket.sendBuffer = [];
    // @ts-expect-error only the server and the network decide this
    socket.connected = true;
    // @ts-expect-error the same
    socket.disconnected = false;
    // @ts-expect-error the same
    socket.active = true;
    // @ts-expect-error there is no such method at run time
    socket.raise("x");
    // @ts-expect-error the same: it is the manager's
    socket.onopen();
  });

  test("of a manager and its session, and nothing that is the library's own", () => {
    const { engine } = manager;
    expectTypeOf(engine.readyState).toEqualTypeOf<"opening" | "open" | "closing" | "closed">();
    expectTypeOf(engine.transport.bufferedAmount).toEqualTypeOf<number | undefined>();
    expectTypeOf(engine.close()).toEqualTypeOf(engine);
    // @ts-expect-error the library's own
    engine.hasPingExpired();
    // @ts-expect-error the library's own
    engine.handler = undefined;
    // @ts-expect-error the library's own
    engine.onPage({ type: "online" });
    // @ts-expect-error the library's own
    engine.raise("close");
    // @ts-expect-error sessions of a manager do not have it
    void engine.hostname;
    // @ts-expect-error the library's own
    manager.send({ type: 2, nsp: "/" });
    // @ts-expect-error the library's own
    void manager.platform;
    // @ts-expect-error a status is not set
    manager.status = { state: "idle" };
  });
});
