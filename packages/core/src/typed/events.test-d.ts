// The server's types of events: maps, listeners, reserved names.
// Every expression was tried against socket.io 4.8.4 with the same outcome, unless said beside it.

import { Adapter } from "@sockeye/adapter";
import type { DefaultEventsMap } from "@sockeye/events";
import { describe, expectTypeOf, test } from "vitest";
import type { AdapterFactory } from "../base/options.ts";
import type { DisconnectReason } from "../base/reasons.ts";
import type { Namespace, ParentNamespace, Server, Socket } from "./faces.ts";
import type { RemoteSocket } from "./remote-socket.ts";

interface ClientToServer {
  hello: (name: string) => void;
  ask: (question: string, answer: (text: string, score: number) => void) => void;
}
interface ServerToClient {
  news: (title: string, urgent?: boolean) => void;
  nothing: () => void;
  poll: (question: string, answer: (choice: number) => void) => void;
  message: (text: string) => void;
}
interface BetweenServers {
  ping: (from: number) => void;
  load: (unit: string, answer: (value: number) => void) => void;
  flush: (done: () => void) => void;
}
interface Data {
  name: string;
}

declare const io: Server<ClientToServer, ServerToClient, BetweenServers, Data>;
declare const socket: Socket<ClientToServer, ServerToClient, BetweenServers, Data>;
declare const untyped: Server;

test("a socket says whether it was set up again", () => {
  expectTypeOf(socket.adopted).toEqualTypeOf<boolean>();
});

describe("row 1: without maps", () => {
  test("sockets have any event, with any arguments", () => {
    untyped.on("connection", (client) => {
      expectTypeOf(client).toEqualTypeOf<
        // biome-ignore lint/suspicious/noExplicitAny: the default of socket data is what is tested.
        Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any>
      >();
      client.on("whatever", (first, second) => {
        expectTypeOf(first).toBeAny();
        expectTypeOf(second).toBeAny();
      });
      expectTypeOf(client.data).toBeAny();
      client.emit("whatever", 1, { two: 2 }, [3], () => {});
      client.on("disconnect", (reason) => expectTypeOf(reason).toEqualTypeOf<DisconnectReason>());
      client.on("disconnecting", (reason) =>
        expectTypeOf(reason).toEqualTypeOf<DisconnectReason>(),
      );
    });
    untyped.emit("whatever", 1, 2, 3);
    untyped.of("/chat").emit("whatever");
    untyped.send("anything", 1);
  });

  test("constants are names as well", () => {
    const Name = { Hello: "hello" } as const;
    untyped.on(Name.Hello, () => {});
    socket.on(Name.Hello, (name) => expectTypeOf(name).toEqualTypeOf<string>());
  });
});

describe("row 2: maps", () => {
  test("the events sent are those heard when only one map is given", () => {
    expectTypeOf<Server<ClientToServer>>().toEqualTypeOf<Server<ClientToServer, ClientToServer>>();
    expectTypeOf<Socket<ClientToServer>>().toEqualTypeOf<Socket<ClientToServer, ClientToServer>>();
  });

  test("listeners get the arguments of their event", () => {
    socket.on("hello", (name) => expectTypeOf(name).toEqualTypeOf<string>());
    socket.once("ask", (question, answer) => {
      expectTypeOf(question).toEqualTypeOf<string>();
      expectTypeOf(answer).toEqualTypeOf<(text: string, score: number) => void>();
    });
    socket.on("hello", async (name) => void name);
    expectTypeOf(socket.on("hello", () => {})).toEqualTypeOf(socket);
    expectTypeOf(socket.listeners("hello")).toEqualTypeOf<((name: string) => void)[]>();
  });

  test("what is not in a map is refused", () => {
    // @ts-expect-error an event of clients is not heard by the server itself
    io.on("hello", () => {});
    // @ts-expect-error no such event
    socket.on("random", () => {});
    // @ts-expect-error the listener is missing
    socket.on("hello");
    // @ts-expect-error the listener asks for more than there is
    socket.on("hello", (name: string, age: number) => void [name, age]);
    // @ts-expect-error the argument is a string
    socket.on("hello", (name: number) => void name);
    // @ts-expect-error names are strings
    socket.on(7, () => {});
    // @ts-expect-error no such event
    socket.emit("random");
    // @ts-expect-error an argument is missing
    socket.emit("news");
    // @ts-expect-error there is an argument too many
    socket.emit("nothing", 1);
    // @ts-expect-error the library's own event
    socket.emit("disconnect");
    socket.emit("news", "title");
    socket.emit("news", "title", true);
  });

  test("the server's own events", () => {
    io.on("connection", (client) => expectTypeOf(client).toEqualTypeOf(socket));
    io.of("/").on("connect", (client) => expectTypeOf(client).toEqualTypeOf(socket));
    io.on("new_namespace", (nsp) => {
      expectTypeOf(nsp).toEqualTypeOf<
        Namespace<ClientToServer, ServerToClient, BetweenServers, Data>
      >();
    });
    io.on("connection", async (client) => void client);
    io.off("whatever", () => {});
    // @ts-expect-error namespaces do not announce namespaces
    io.of("/").on("new_namespace", () => {});
  });
});

describe("row 3: send", () => {
  test("needs the event `message`, and its arguments", () => {
    socket.send("text").write("text");
    io.send("text");
    io.to("room").send("text");
    // @ts-expect-error the argument is a string
    socket.send(1);
    // @ts-expect-error the argument is missing
    io.write();
    const mute = {} as Server<ClientToServer, { hello: () => void }>;
    // @ts-expect-error there is no event `message`
    mute.send();
    // @ts-expect-error there is no event `message`
    mute.of("/").send("text");
  });
});

describe("row 4: acknowledgements of everybody", () => {
  test("are refused without timeout()", () => {
    socket.emit("poll", "tea?", (choice) => expectTypeOf(choice).toEqualTypeOf<number>());
    io.emit("news", "title");
    io.of("/").emit("nothing");
    // @ts-expect-error the event asks for an answer
    io.emit("poll", "tea?", () => {});
    // @ts-expect-error the event asks for an answer
    io.of("/").emit("poll", "tea?", () => {});
    // @ts-expect-error no such event
    io.emit("random");
  });
});

describe("row 9: between servers", () => {
  test("events and their answers", () => {
    io.on("ping", (from) => expectTypeOf(from).toEqualTypeOf<number>());
    io.of("/").on("load", (unit, answer) => {
      expectTypeOf(unit).toEqualTypeOf<string>();
      expectTypeOf(answer).toEqualTypeOf<(value: number) => void>();
    });
    io.serverSideEmit("ping", 1);
    io.serverSideEmit("load", "kB", (err, values) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(values).toEqualTypeOf<number[]>();
    });
    io.serverSideEmit("flush", (err) => expectTypeOf(err).toEqualTypeOf<Error>());
    expectTypeOf(io.serverSideEmitWithAck("load", "kB")).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf(io.serverSideEmitWithAck("flush")).toEqualTypeOf<Promise<undefined[]>>();
    // @ts-expect-error no such event
    io.serverSideEmit("random");
    // @ts-expect-error the event asks for no answer
    io.serverSideEmitWithAck("ping", 1);
    // @ts-expect-error an event of clients
    io.of("/").serverSideEmit("hello", "name");
  });
});

describe("row 10: adapters", () => {
  test("a class or a function that returns one", () => {
    const AdapterClass = {} as typeof Adapter;
    expectTypeOf(io.adapter(AdapterClass)).toEqualTypeOf(io);
    io.adapter((nsp) => new AdapterClass(nsp));
    expectTypeOf(io.adapter()).toEqualTypeOf<AdapterFactory>();
    // Without a type argument.
    class Own extends Adapter {}
    expectTypeOf(io.adapter(Own)).toEqualTypeOf(io);
    io.adapter((nsp) => new Own(nsp));
    // @ts-expect-error a number is not an adapter
    io.adapter(() => 1);
    // @ts-expect-error instances of the class are not adapters
    io.adapter(class {});
    io.of("/").adapter.on("create-room", (room: string) => void room);
  });
});

describe("namespaces", () => {
  test("have the server's events, or events of their own", () => {
    const nsp = io.of("/chat");
    expectTypeOf(nsp).toEqualTypeOf(io.sockets);
    // Socket.IO's `of` is not generic: there the namespace has to be cast.
    const admin = io.of<BetweenServers, ClientToServer>("/admin", (client) => {
      expectTypeOf(client).toEqualTypeOf<
        Socket<BetweenServers, ClientToServer, BetweenServers, Data>
      >();
    });
    admin.emit("hello", "everybody");
    const annotated: Namespace<BetweenServers, ClientToServer> = io.of("/admin");
    annotated.to("room").emit("hello", "room");
    expectTypeOf(io.of(/^\/room-\d+$/)).toEqualTypeOf<
      ParentNamespace<ClientToServer, ServerToClient, BetweenServers, Data>
    >();
    io.of((name, auth, next) => next(null, name === "/open" || auth.token === "open")).use(
      (client, next) => {
        expectTypeOf(client).toEqualTypeOf(socket);
        next();
      },
    );
    for (const [id, client] of nsp.sockets) {
      expectTypeOf(id).toEqualTypeOf<string>();
      expectTypeOf(client).toEqualTypeOf(socket);
    }
  });

  test("middleware calls next, or is async, or neither", () => {
    io.use((client, next) => {
      client.data.name = "somebody";
      const refusal: Error & { data?: unknown } = new Error("no");
      if (client.handshake.auth.token === undefined) next(refusal);
      else next();
    });
    io.of("/").use(async (client) => void client.data.name.length);
    io.use((client) => (client.data.name = "anybody"));
    socket.use(([name, ...args], next) => {
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(args).items.toBeAny();
      next(new Error("no"));
    });
    socket.use(async (event) => void event);
    // @ts-expect-error the data of sockets has no such member
    io.use((client) => void client.data.age);
    // @ts-expect-error an error, not a text
    io.use((_client, next) => next("no"));
  });
});

describe("sockets", () => {
  test("data, rooms, state", () => {
    expectTypeOf(socket.data).toEqualTypeOf<Data>();
    expectTypeOf(socket.rooms).toEqualTypeOf<Set<string>>();
    expectTypeOf(socket.nsp).toEqualTypeOf(io.sockets);
    expectTypeOf(socket.join(["a", "b"])).toEqualTypeOf<Promise<void> | void>();
    expectTypeOf(socket.disconnect(true)).toEqualTypeOf(socket);
    expectTypeOf(socket.volatile).toEqualTypeOf(socket);
    expectTypeOf(socket.compress(false)).toEqualTypeOf(socket);
    expectTypeOf(socket.handshake.query).toEqualTypeOf<Record<string, string>>();
    expectTypeOf(socket.conn.transport.name).toEqualTypeOf<string>();
    socket.data = { name: "x" };
    // @ts-expect-error a name is missing
    socket.data = {};
    // @ts-expect-error a socket leaves one room at a time
    socket.leave(["a"]);
    socket.on("error", (error) => expectTypeOf(error).toEqualTypeOf<Error>());
  });

  test("catch-all listeners", () => {
    socket.onAny((event: string, ...args: unknown[]) => void [event, args]);
    expectTypeOf(
      socket
        .onAny(() => {})
        .prependAny(() => {})
        .offAny(),
    ).toEqualTypeOf(socket);
    expectTypeOf(
      socket
        .onAnyOutgoing(() => {})
        .prependAnyOutgoing(() => {})
        .offAnyOutgoing(() => {}),
    ).toEqualTypeOf(socket);
    socket.listenersAny()[0]?.("event", 1);
    socket.listenersAnyOutgoing();
  });

  test("of any server", async () => {
    const remote = (await io.in("room").except("other").fetchSockets())[0];
    expectTypeOf(remote?.data).toEqualTypeOf<Data | undefined>();
    const [first] = await io.fetchSockets();
    expectTypeOf(first).toEqualTypeOf<RemoteSocket<ServerToClient, Data> | undefined>();
    first?.emit("news", "title");
    // @ts-expect-error no such event
    first?.emit("random");
    // Refused by Socket.IO, whose class has a private member; a socket of this server will do here.
    const local: RemoteSocket<ServerToClient, Data> = socket;
    local.join("room");
    io.to(["a", "b"]).socketsJoin("c");
    io.local.disconnectSockets(true);
  });

  test("typed and untyped are assignable to each other", () => {
    const plain: Server = io;
    const precise: Server<ClientToServer, ServerToClient, BetweenServers, Data> = untyped;
    const plainSocket: Socket = socket;
    const preciseSocket: Socket<ClientToServer, ServerToClient> = plainSocket;
    const plainNamespace: Namespace = io.of("/");
    void [plain, precise, preciseSocket, plainNamespace];
    // @ts-expect-error other data
    const other: Socket<ClientToServer, ServerToClient, BetweenServers, { age: number }> = socket;
    void other;
  });
});
