// Sticky sessions in workers of node:cluster: every client connects, over polling, an upgrade and WebSocket, and what it
// sends reaches the worker of its session.

import { fork } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp, type Socket as TcpSocket } from "node:net";
import { join } from "node:path";
import { io, type Socket } from "@sockeye/client";
import { io as connectTheirs } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { within } from "../kit/deadline.ts";

const MODES = [["polling"], ["polling", "websocket"], ["websocket"]] as const;

interface Answer {
  readonly by: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

async function start(options: object = {}) {
  const env = { ...process.env, STICKY: JSON.stringify(options) };
  const primary = fork(join(import.meta.dirname, "programs/sticky.mjs"), { env });
  onTestFinished(() => void primary.kill("SIGKILL"));
  const [{ port }] = (await within(once(primary, "message"), "the workers", 25_000)) as [
    { port: number },
  ];
  return { primary, port };
}

function client(port: number, at: number, more: object = {}): Socket {
  const transports = [...(MODES[at % 3] ?? MODES[0])];
  const make = (at % 2 === 0 ? io : connectTheirs) as typeof io;
  const socket = make(`http://127.0.0.1:${port}`, { transports, forceNew: true, ...more });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

/** Resolves when a connection has ended, by a reset too. */
function closed(socket: TcpSocket): Promise<void> {
  socket.on("error", () => {});
  return new Promise((resolve) => void socket.once("close", () => resolve()));
}

async function ask(socket: Socket, number: number): Promise<number> {
  const bytes = Buffer.from([number, 0, 255]);
  const answer: Answer = await socket.timeout(15_000).emitWithAck("number", number, bytes);
  expect([answer.number, Buffer.from(answer.bytes)]).toEqual([number, bytes]);
  return answer.by;
}

test("ST4 every client connects over every transport, stays with its worker, and workers share the clients", async () => {
  const { port } = await start({ loadBalancingMethod: "round-robin" });
  const sockets = Array.from({ length: 18 }, (_, at) => client(port, at, { reconnection: false }));
  const workers = await Promise.all(
    sockets.map(async (socket) => {
      const by = new Set<number>();
      for (let number = 0; number < 5; number++) by.add(await ask(socket, number));
      expect(by.size).toBe(1);
      return [...by][0] as number;
    }),
  );
  for (const id of [1, 2, 3]) expect(workers.filter((by) => by === id).length).toBeGreaterThan(2);
  const heard = Promise.all(sockets.map((socket) => once(socket as never, "heard")));
  sockets[0]?.emit("all", "é");
  expect(await within(heard, "a broadcast")).toEqual(sockets.map(() => ["é"]));
});

test("ST4 with least-connection new clients go to the worker that has the fewest", async () => {
  const { port } = await start();
  const counts = new Map<number, number>();
  for (let at = 0; at < 9; at++) {
    const by = await ask(client(port, 2), at);
    counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual([3, 3, 3]);
});

test("ST5 clients of a worker that is killed go on at the others", async () => {
  const { port, primary } = await start({ loadBalancingMethod: "random" });
  const quick = { reconnectionDelay: 50, reconnectionDelayMax: 200 };
  const sockets = Array.from({ length: 9 }, (_, at) => client(port, at, quick));
  await Promise.all(sockets.map((socket) => ask(socket, 1)));
  primary.send({ end: 1 });
  const again = async (socket: Socket): Promise<number> => {
    for (;;) {
      try {
        const by = await ask(socket, 2);
        if (by !== 1) return by;
      } catch {
        // Lost with the worker.
      }
    }
  };
  const after = await within(Promise.all(sockets.map(again)), "all clients", 25_000);
  expect(after).not.toContain(1);
});

test("ST5 connections that a worker had not taken when it died are closed", async () => {
  const { port, primary } = await start({ loadBalancingMethod: "round-robin" });
  const socket = client(port, 2);
  const worker = await ask(socket, 1);
  // From now on it takes nothing.
  primary.send({ stop: worker });
  await within(once(primary, "message"), "the worker to stop");
  const allClosed = Array.from({ length: 5 }, async () => {
    const late = connectTcp(port, "127.0.0.1").resume();
    late.write(`GET /socket.io/?EIO=4&transport=polling&sid=${socket.io.engine.id} HTTP/1.1\r\n`);
    late.write("Host: x\r\n\r\n");
    await closed(late);
  });
  // Each was read by the primary before it reads this one, whose answer it is that comes.
  const last = connectTcp(port, "127.0.0.1");
  last.write("x".repeat(20_000));
  await within(closed(last), "the primary to read");
  primary.send({ end: worker });
  await within(Promise.all(allClosed), "all connections to close");
});

test("ST6 a request that comes in pieces is handed over whole, and its connection is used once", async () => {
  const { port } = await start();
  const socket = connectTcp(port, "127.0.0.1");
  const pieces = [
    "PO",
    "ST /pa",
    "th HTTP/1.1\r\nHo",
    "st: x\r\nContent-Length: 5\r\n\r\nhe",
    "llo",
  ];
  let answer = "";
  socket.on("data", (bytes) => {
    answer += String(bytes);
  });
  // The answer may come before the last piece has left.
  const ended = once(socket, "end");
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await within(ended, "the end of the connection");
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*worker [123]/);
  // What is no request, and a client that leaves at once.
  const rubbish = connectTcp(port, "127.0.0.1");
  rubbish.write("x".repeat(20_000));
  await within(closed(rubbish), "the end of what is no request");
  connectTcp(port, "127.0.0.1").destroy();
  expect(await ask(client(port, 2), 1)).toBeGreaterThan(0);
});
