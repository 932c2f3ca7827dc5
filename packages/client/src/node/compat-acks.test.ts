// Acknowledgements of both sides, their timeouts, and what becomes of them when the connection is lost.

import { describe, test } from "vitest";
import { type Anything, plain, SOCKET_EVENTS, same, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const WEB_SOCKET = { transports: ["websocket"], reconnection: false };

describe("answers", () => {
  test("with any number of arguments, binary among them", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => {
        socket.on("none", (answer) => answer());
        socket.on("three", (answer) => answer(1, null, { three: [3] }));
        socket.on("bytes", (value, answer) => answer(value, { deep: value }));
      });
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const ask = (name: string, ...args: unknown[]): Promise<unknown[]> =>
        new Promise((resolve) => client.emit(name, ...args, (...all: unknown[]) => resolve(all)));
      note(await ask("none"));
      note(await ask("three"));
      note(await ask("bytes", Buffer.from([1, 2])));
      note(await client.emitWithAck("none"));
      note(await client.emitWithAck("three"));
      note(await client.emitWithAck("bytes", Buffer.from([3])));
      note(await client.timeout(1000).emitWithAck("three"));
    }));

  test("each to its own question, in whatever order they come", () =>
    same(async ({ connect, server, note }) => {
      const held: (() => void)[] = [];
      server.io.on("connection", (socket) => {
        socket.on("ask", (value, answer) => held.unshift(() => answer(value)));
        socket.on("go", () => {
          for (const answer of held) answer();
        });
      });
      const client = connect(WEB_SOCKET);
      const all = [1, 2, 3].map((value) =>
        client.emitWithAck("ask", value).then((answer: unknown) => note(value, answer)),
      );
      client.emit("go");
      await Promise.all(all);
    }));

  test("to the server: any number of arguments, once", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      client.on("ask", (value: number, answer: (...args: unknown[]) => void) => {
        answer(value, Buffer.from([value]));
        answer("a second time");
      });
      const answers = await new Promise((resolve) => {
        socket.emit("ask", 5, (...all: unknown[]) => resolve(all));
      });
      note(answers);
      client.on("later", (answer: (value: string) => void) => setTimeout(answer, 5, "later"));
      note(await socket.emitWithAck("later"));
      note(await socket.timeout(1000).emitWithAck("ask", 6));
    }));

  test("an answer to the server after a loss is not sent", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"] });
      const [first] = await next(server.io, "connection");
      const asked = next(client, "ask");
      first.emit("ask", () => note("never"));
      const [answer] = await asked;
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      answer("too late");
      client.emit("end");
      await next(second, "end");
      note("end");
    }));

  test("ids count up from zero, also for events that are dropped", () =>
    same(async ({ connect, server, note }) => {
      server.io.engine.on("connection", (connection: Anything) => {
        connection.on("packet", ({ data }: Anything) => note(String(data)));
      });
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      client.emit("a", () => {}).emit("b");
      client.timeout(1000).emit("c", () => {});
      client.emitWithAck("d").catch(() => {});
      client.volatile.emit("dropped", () => {});
      await tick();
      const [socket] = [...server.io.of("/").sockets.values()];
      const arrived = next(socket as Anything, "e");
      client.emit("e", Buffer.from("x"), () => {});
      await arrived;
    }));

  test("a callback is not a listener: what it returns does not matter", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => socket.on("ask", (answer) => answer(1)));
      const client = connect(WEB_SOCKET);
      const result = await new Promise((resolve) => {
        client.emit("ask", (value: unknown) => {
          resolve(value);
          return "ignored";
        });
      });
      note(result);
    }));
});

describe("timeouts", () => {
  test("an answer in time has null in front of it", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => socket.on("ask", (answer) => answer(1, 2)));
      const client = connect(WEB_SOCKET);
      note(
        await new Promise((resolve) => {
          client.timeout(5000).emit("ask", (...all: unknown[]) => resolve(all));
        }),
      );
    }));

  test("no answer in time is the error operation has timed out", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      let answer: ((value: string) => void) | undefined;
      socket.on("ask", (given: (value: string) => void) => {
        answer = given;
      });
      const all = await new Promise<unknown[]>((resolve) => {
        client.timeout(20).emit("ask", (...args: unknown[]) => resolve(args));
      });
      note(all.length, plain(all[0]), all[0] instanceof Error);
      answer?.("too late");
      client.emit("end");
      await next(socket, "end");
      await client
        .timeout(10)
        .emitWithAck("nobody answers")
        .catch((error: Error) => note("promise", plain(error)));
    }));

  test("a kept event whose time is over is not sent any more", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ ...WEB_SOCKET, autoConnect: false });
      client.emit("stays");
      const done = new Promise((resolve) => {
        client.timeout(5).emit("goes", (error: Error) => resolve(plain(error)));
      });
      note(client.sendBuffer.length);
      note(await done, client.sendBuffer.length);
      client.connect();
      const [socket] = await next(server.io, "connection");
      socket.onAny((name: string) => note(name));
      client.emit("end");
      await next(socket, "end");
    }));

  test("timeout holds for one event, and works with volatile in any order", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => socket.on("ask", (answer) => answer("yes")));
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const ask = (emitter: { emit(...args: unknown[]): unknown }): Promise<unknown> =>
        new Promise((resolve) => emitter.emit("ask", (...args: unknown[]) => resolve(args)));
      note(await ask(client.timeout(1000)));
      note(await ask(client));
      await tick();
      note(await ask(client.timeout(1000).volatile));
      await tick();
      note(await ask(client.volatile.timeout(1000)));
      note(await ask(client.timeout(1000).compress(false)));
    }));

  test("ackTimeout holds for every event; timeout goes before it", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => socket.on("ask", (answer) => answer("yes")));
      const client = connect({ ...WEB_SOCKET, ackTimeout: 200 });
      await next(client, "connect");
      const ask = (emitter: { emit(...args: unknown[]): unknown }, name: string) =>
        new Promise((resolve) => {
          emitter.emit(name, (...args: unknown[]) => resolve(args.map(plain)));
        });
      note(await ask(client, "ask"));
      note(await ask(client, "nobody answers"));
      note(await ask(client.timeout(1), "nobody answers"));
      note(await client.emitWithAck("ask"));
      await client.emitWithAck("silence").catch((error: Error) => note(plain(error)));
    }));

  test("timeout of zero is over at once", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      await client
        .timeout(0)
        .emitWithAck("silence")
        .catch((error: Error) => note(plain(error)));
    }));

  test("timeout without a callback changes nothing", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      const arrived = next(socket, "x");
      client.timeout(1).emit("x", 1);
      note(await arrived);
    }));
});

describe("when the connection is lost", () => {
  test("a callback without a timeout is never called", () =>
    same(async ({ connect, note, record }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      client.emit("a", () => note("never"));
      client.disconnect();
      await tick();
    }));

  test("a callback with timeout is called at once, after disconnect was raised", () =>
    same(async ({ connect, note, record }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      client.timeout(60_000).emit("a", (...args: unknown[]) => note(...args.map(plain)));
      client.disconnect();
      note("disconnected");
      await tick();
    }));

  test("a callback with ackTimeout is called at once", () =>
    same(async ({ connect, note, record }) => {
      const client = connect({ ...WEB_SOCKET, ackTimeout: 60_000 });
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      client.emit("a", (...args: unknown[]) => note(...args.map(plain)));
      client.disconnect();
      note("disconnected");
      await tick();
    }));

  test.each([{}, { timeout: 60_000 }, { ackTimeout: 60_000 }])("a promise is rejected: %o", (how) =>
    same(async ({ connect, note, record }) => {
      const { timeout, ackTimeout } = how as { timeout?: number; ackTimeout?: number };
      const client = connect(ackTimeout ? { ...WEB_SOCKET, ackTimeout } : WEB_SOCKET);
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      const emitter = timeout ? client.timeout(timeout) : client;
      const rejected = emitter.emitWithAck("a").catch((error: Error) => note(plain(error)));
      client.disconnect();
      await rejected;
    }),
  );

  test.each([
    ["the server ends the connection", "transport close"],
    ["the server puts the socket out", "io server disconnect"],
  ])("it does not matter who ended it: %s", (_title, reason) =>
    same(async ({ connect, server, note, record }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, "disconnect");
      client.off("disconnect");
      client.on("disconnect", (given: string) => note(given));
      const rejected = client.emitWithAck("a").catch((error: Error) => note(plain(error)));
      if (reason === "transport close") socket.conn.close();
      else socket.disconnect();
      await rejected;
    }),
  );

  test("events that are still kept go on waiting for their answer", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => socket.on("ask", (answer) => answer("yes")));
      const client = connect({ ...WEB_SOCKET, autoConnect: false });
      const kept = client.emitWithAck("ask");
      const timed = client.timeout(5000).emitWithAck("ask");
      client.connect();
      client.disconnect();
      note(client.sendBuffer.length);
      client.connect();
      note(await kept, await timed);
    }));

  test("a volatile event that was dropped is answered by its timeout only", () =>
    same(async ({ connect, note }) => {
      const client = connect({ ...WEB_SOCKET, autoConnect: false });
      await client.volatile
        .timeout(5)
        .emitWithAck("a")
        .catch((error: Error) => note(plain(error)));
    }));
});
