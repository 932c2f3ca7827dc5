// Broadcasts: whom an operator addresses, and that operators are values.

import type { Socket } from "socket.io-client";
import { expect, test } from "vitest";
import {
  answerFences,
  type RunningServer,
  record,
  type ServerSocket,
  settled,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

interface Member {
  readonly client: Socket;
  readonly socket: ServerSocket;
  readonly heard: unknown[][];
}

/** Members a, b, c and d: a in room 1, b in rooms 1 and 2, c in room 2, d in none. */
async function members(server: RunningServer): Promise<[Member, Member, Member, Member]> {
  const made: Member[] = [];
  for (const rooms of [["1"], ["1", "2"], ["2"], []]) {
    const { client, socket } = await server.pair();
    answerFences(client);
    void socket.join(rooms);
    made.push({ client, socket, heard: record(client, "x") });
  }
  return made as [Member, Member, Member, Member];
}

async function heardBy(all: readonly Member[]): Promise<number[]> {
  await Promise.all(all.map(({ socket }) => settled(socket)));
  return all.map(({ heard }) => heard.splice(0).length);
}

type Address = (server: RunningServer, all: readonly Member[]) => { emit(name: string): unknown };

const ADDRESSES: readonly [string, Address, number[]][] = [
  ["io", ({ io }) => io, [1, 1, 1, 1]],
  ["io.to(1)", ({ io }) => io.to("1"), [1, 1, 0, 0]],
  ["io.in(2)", ({ io }) => io.in("2"), [0, 1, 1, 0]],
  ["io.to(1).to(2)", ({ io }) => io.to("1").to("2"), [1, 1, 1, 0]],
  ["io.to([1, 2])", ({ io }) => io.to(["1", "2"]), [1, 1, 1, 0]],
  ["io.except(1)", ({ io }) => io.except("1"), [0, 0, 1, 1]],
  ["io.to(1).except(2)", ({ io }) => io.to("1").except("2"), [1, 0, 0, 0]],
  ["io.except([1, 2])", ({ io }) => io.except(["1", "2"]), [0, 0, 0, 1]],
  ["io.to(nobody)", ({ io }) => io.to("nobody"), [0, 0, 0, 0]],
  ["io.to([])", ({ io }) => io.to([]), [1, 1, 1, 1]],
  ["io.to(id of d)", ({ io }, all) => io.to(all[3]?.socket.id ?? ""), [0, 0, 0, 1]],
  ["io.local", ({ io }) => io.local, [1, 1, 1, 1]],
  ["a.broadcast", (_, [a]) => a?.socket.broadcast as never, [0, 1, 1, 1]],
  ["a.local", (_, [a]) => a?.socket.local as never, [0, 1, 1, 1]],
  ["a.to(1)", (_, [a]) => a?.socket.to("1") as never, [0, 1, 0, 0]],
  ["a.in(2)", (_, [a]) => a?.socket.in("2") as never, [0, 1, 1, 0]],
  ["a.except(2)", (_, [a]) => a?.socket.except("2") as never, [0, 0, 0, 1]],
  ["b.to([1, 2])", (_, [, b]) => b?.socket.to(["1", "2"]) as never, [1, 0, 1, 0]],
  ["b.broadcast.to(2)", (_, [, b]) => b?.socket.broadcast.to("2") as never, [0, 0, 1, 0]],
];

test("SO34 operators address the union of their rooms, without the exceptions, each socket once", async () => {
  await using server = await startServer();
  const all = await members(server);
  for (const [name, address, expected] of ADDRESSES) {
    expect(address(server, all).emit("x"), name).toBe(true);
    expect(await heardBy(all), name).toEqual(expected);
  }
});

test("SO35 operators are immutable: each modifier gives a new one", async () => {
  await using server = await startServer();
  const all = await members(server);
  const first = server.io.to("1");
  const both = first.to("2");
  const without = first.except("2");
  const quick = first.volatile;
  const timed = first.timeout(5);
  expect(new Set([first, both, without, quick, timed]).size).toBe(5);
  first.emit("x");
  expect(await heardBy(all)).toEqual([1, 1, 0, 0]);
  both.emit("x");
  expect(await heardBy(all)).toEqual([1, 1, 1, 0]);
  without.emit("x");
  expect(await heardBy(all)).toEqual([1, 0, 0, 0]);
  // Kept operators find who is in the rooms when they are used.
  void all[3].socket.join("1");
  void all[0].socket.leave("1");
  first.emit("x");
  expect(await heardBy(all)).toEqual([0, 1, 0, 1]);
  server.io.emit("x");
  expect(await heardBy(all)).toEqual([1, 1, 1, 1]);
});

test("SO35 flags set on a socket go with the operator it makes, and no further", async () => {
  await using server = await startServer();
  const all = await members(server);
  const [a] = all;
  const operator = a.socket.compress(false).timeout(20).to("1");
  await expect(operator.emitWithAck("nobody answers")).rejects.toThrow("timed out");
  let outcome: unknown[] | undefined;
  a.client.on("ask", (answer: (data: string) => void) => answer("plain"));
  await new Promise<void>((resolve) => {
    a.socket.emit("ask", (...args: unknown[]) => {
      outcome = args;
      resolve();
    });
  });
  expect(outcome).toEqual(["plain"]);
});

test("SO36 a broadcast stays in its namespace", async () => {
  await using server = await startServer();
  const joined = server.joined("/a");
  const peer = await WirePeer.open(server.port);
  await peer.join();
  await peer.join("/a");
  await (await joined).join("1");
  server.io.emit("x");
  server.io.to("1").emit("not in this namespace");
  server.io.of("/a").to("1").emit("y");
  server.io.of("/a").send("z");
  expect([await peer.next(), await peer.next(), await peer.next()]).toEqual([
    '42["x"]',
    '42/a,["y"]',
    '42/a,["message","z"]',
  ]);
  peer.close();
});

test("SO36 a broadcast reaches peers over polling and over WebSocket with the same frames", async () => {
  await using server = await startServer();
  const polling = server.client("", { transports: ["polling"] });
  const fast = server.fast();
  const received = [polling, fast].map(
    (client) => new Promise<unknown[]>((resolve) => client.on("x", (...args) => resolve(args))),
  );
  await Promise.all(
    [polling, fast].map((client) => new Promise<void>((done) => client.on("connect", done))),
  );
  server.io.emit("x", "héllo ✓ 𝄞", { nested: [Buffer.from([1, 2])] }, "a".repeat(70_000));
  for (const [text, data, long] of await Promise.all(received)) {
    const { nested } = data as { nested: [ArrayBuffer] };
    expect([text, Buffer.from(nested[0]), (long as string).length]).toEqual([
      "héllo ✓ 𝄞",
      Buffer.from([1, 2]),
      70_000,
    ]);
  }
});

test("SO36 order is kept between emits and broadcasts", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const heard = record(client, "x");
  for (let number = 0; number < 300; number += 3) {
    socket.emit("x", number);
    server.io.emit("x", number + 1, number % 2 === 0 ? Buffer.alloc(5000) : "text");
    server.io.to(socket.id).emit("x", number + 2);
  }
  await settled(socket);
  expect(heard.map(([number]) => number)).toEqual(Array.from({ length: 300 }, (_, at) => at));
});
