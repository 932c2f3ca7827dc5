// `retries` and `ackTimeout`: the queue of events that are sent until they are answered.

import { describe, test } from "vitest";
import { plain, SOCKET_EVENTS, same, tick } from "../../testing/both-clients.ts";
import { next, type TestServer } from "../../testing/socket-io-server.ts";

// Long enough for an answer on a busy machine.
const RETRYING = { transports: ["websocket"], retries: 2, ackTimeout: 200 };

/** Notes what the server hears, and answers unless told not to. */
function answering(
  { io }: TestServer,
  note: (...line: unknown[]) => void,
  isAnswered: (name: string, count: number) => boolean = () => true,
): void {
  const counts: Record<string, number> = {};
  io.on("connection", (socket) => {
    socket.onAny((name: string, ...args: unknown[]) => {
      const count = (counts[name] ?? 0) + 1;
      counts[name] = count;
      const answer = args.pop() as (value: string) => void;
      note("server", name, args, typeof answer);
      if (isAnswered(name, count)) answer(`${name} ok`);
    });
  });
}

describe("retries", () => {
  test("CL103 events are sent one after the other, each when the one before is answered", () =>
    same(async ({ connect, server, note }) => {
      server.io.on("connection", (socket) => {
        let isBusy = false;
        socket.onAny((name: string, ...args: unknown[]) => {
          note(name, isBusy);
          isBusy = true;
          setTimeout(() => {
            isBusy = false;
            (args.pop() as () => void)();
          }, 3);
        });
      });
      const client = connect({ ...RETRYING, ackTimeout: 1000 });
      client.emit("a").emit("b").emit("c");
      await new Promise<void>((resolve) => client.emit("d", () => resolve()));
    }));

  test("without a callback of its own, the server is asked for an answer all the same", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note);
      const client = connect(RETRYING);
      client.emit("a", 1);
      note(await client.emitWithAck("b", 2));
    }));

  test("CL103 an unanswered event is sent retries + 1 times, then fails", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note, (name) => name !== "silence");
      const client = connect(RETRYING);
      const failed = new Promise((resolve) => {
        client.emit("silence", (...args: unknown[]) => resolve(args.map(plain)));
      });
      const after = new Promise((resolve) => {
        client.emit("after", (...args: unknown[]) => resolve(args.map(plain)));
      });
      note(await failed, await after);
    }));

  test("an event that is answered at the last try", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note, (_name, count) => count === 3);
      const client = connect(RETRYING);
      note(
        await new Promise((resolve) => {
          client.emit("a", 1, (...args: unknown[]) => resolve(args.map(plain)));
        }),
      );
    }));

  test("volatile events do not enter the queue", () =>
    same(async ({ connect, server, note }) => {
      const heard: unknown[] = [];
      server.io.on("connection", (socket) => {
        socket.onAny((...args: unknown[]) => {
          heard.push(args.length);
          const answer = args.pop();
          if (typeof answer === "function") answer();
        });
      });
      const client = connect(RETRYING);
      await next(client, "connect");
      await tick();
      client.volatile.emit("v", 1);
      await new Promise<void>((resolve) => client.emit("a", () => resolve()));
      note(heard);
    }));

  test("nothing is sent while not connected, and kept events keep their order", () =>
    same(async ({ connect, server, note, record }) => {
      answering(server, note);
      const client = connect({ ...RETRYING, autoConnect: false });
      record(client, ...SOCKET_EVENTS);
      client.emit("a").emit("b");
      note(client.sendBuffer.length);
      client.on("connect", () => client.emit("in connect"));
      client.connect();
      await next(client, "connect");
      await new Promise<void>((resolve) => client.emit("last", () => resolve()));
    }));

  test("after a reconnection the first one is sent again", () =>
    same(async ({ connect, server, note }) => {
      let count = 0;
      server.io.on("connection", (socket) => {
        socket.onAny((name: string, ...args: unknown[]) => {
          note(name, ++count);
          if (count === 1) socket.conn.close();
          else (args.pop() as (value: string) => void)("ok");
        });
      });
      const client = connect({ ...RETRYING, ackTimeout: 10_000 });
      note(
        await new Promise((resolve) => {
          client.emit("a", (...args: unknown[]) => resolve(args.map(plain)));
        }),
      );
      note(await client.emitWithAck("b"));
    }));

  test("CL103 a reconnection counts as a try", () =>
    same(async ({ connect, server, note }) => {
      let connections = 0;
      server.io.on("connection", (socket) => {
        connections++;
        socket.onAny((name: string) => {
          note(name, connections);
          socket.conn.close();
        });
      });
      const client = connect({ ...RETRYING, retries: 1, ackTimeout: 10_000 });
      note(
        await new Promise((resolve) => {
          client.emit("a", (...args: unknown[]) => resolve(args.map(plain)));
        }),
      );
    }));

  test("timeout() in place of ackTimeout", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note, (_name, count) => count === 2);
      const client = connect({ transports: ["websocket"], retries: 3 });
      note(
        await new Promise((resolve) => {
          client.timeout(200).emit("a", (...args: unknown[]) => resolve(args.map(plain)));
        }),
      );
    }));

  test("onAnyOutgoing hears every try", () =>
    same(async ({ connect, server, note }) => {
      answering(
        server,
        () => {},
        (_name, count) => count === 3,
      );
      const client = connect(RETRYING);
      client.onAnyOutgoing((...args: unknown[]) => note(...args.map((arg) => typeof arg)));
      await new Promise<void>((resolve) => client.emit("a", 1, () => resolve()));
    }));

  test("binary is sent again whole", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note, (_name, count) => count === 2);
      const client = connect(RETRYING);
      note(await client.emitWithAck("a", { deep: [Buffer.from([1, 2, 3])] }));
    }));

  test("emitWithAck in the queue: resolves with the answer, rejects when given up", () =>
    same(async ({ connect, server, note }) => {
      answering(
        server,
        () => {},
        (name) => name !== "silence",
      );
      const client = connect({ ...RETRYING, retries: 1 });
      note(await client.emitWithAck("a"));
      await client.emitWithAck("silence").catch((error: Error) => note(plain(error)));
      note(await client.emitWithAck("b"));
    }));

  test("disconnect keeps the queue for the next connection", () =>
    same(async ({ connect, server, note }) => {
      answering(server, note);
      const client = connect({ ...RETRYING, autoConnect: false });
      const answered = new Promise((resolve) => client.emit("a", () => resolve("answered")));
      client.connect();
      client.disconnect();
      client.connect();
      note(await answered);
    }));
});
