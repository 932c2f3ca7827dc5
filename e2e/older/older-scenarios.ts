// One scenario for each column of the matrix, written with what every version since 2 can do.
import { expect } from "vitest";
import { within } from "../kit/deadline.ts";
import type { Feature } from "../matrix/cells.ts";
import { next, type OlderBench, type OlderClient, type OlderSocket } from "./older-pairs.ts";

type Answer = (...args: unknown[]) => void;

const TEXT: readonly unknown[] = [
  "",
  "separators \u001e \u2028 \n \\n",
  "Ελληνικά 日本語 🙂",
  -1.5e300,
  null,
  [1, ["two", { three: [3, null] }]],
  { "": "empty key", "a,b": '["x"]' },
];

/** Any byte holder as a Buffer: receivers differ in the class, never in the bytes. */
function bytes(value: unknown): Buffer {
  return Buffer.from(value as ArrayBuffer);
}

function ask(party: OlderClient | OlderSocket, ...args: unknown[]): Promise<unknown[]> {
  return within(
    new Promise((resolve) => party.emit("ask", ...args, (...answer: unknown[]) => resolve(answer))),
    "an acknowledgement",
  );
}

function answers(party: OlderClient | OlderSocket): void {
  party.on("ask", (...args: unknown[]) => (args.pop() as Answer)(...args));
}

async function text(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  const [up, down] = [next(socket, "up"), next(client, "down")];
  client.emit("up", ...TEXT);
  socket.emit("down", ...TEXT);
  expect(await up).toEqual(TEXT);
  expect(await down).toEqual(TEXT);
}

async function binary(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  const data = Buffer.from([0, 1, 127, 128, 255]);
  const [up, down] = [next(socket, "up"), next(client, "down")];
  client.emit("up", data, { deep: [data, "text"] });
  socket.emit("down", data, { deep: [data, "text"] });
  for (const [first, { deep }] of [await up, await down]) {
    expect([bytes(first), bytes(deep[0]), deep[1]]).toEqual([data, data, "text"]);
  }
}

async function acks(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  answers(client);
  answers(socket);
  const data = Buffer.from([1, 2]);
  for (const party of [client, socket]) {
    expect(await ask(party, "a", { b: 1 })).toEqual(["a", { b: 1 }]);
    expect(await ask(party)).toEqual([]);
    expect((await ask(party, data)).map(bytes)).toEqual([data]);
  }
}

async function rooms(bench: OlderBench): Promise<void> {
  const members = [await bench.connect(), await bench.connect(), await bench.connect()];
  const heard = members.map(({ client }) => {
    const numbers: number[] = [];
    client.on("x", (number: number) => void numbers.push(number));
    answers(client);
    return numbers;
  });
  members[0]?.socket.join("room");
  members[1]?.socket.join("room");
  bench.io.emit("x", 1);
  bench.io.to("room").emit("x", 2);
  members[0]?.socket.broadcast.emit("x", 3);
  for (const { socket } of members) await ask(socket);
  expect(heard).toEqual([
    [1, 2],
    [1, 2, 3],
    [1, 3],
  ]);
}

async function namespaces(bench: OlderBench): Promise<void> {
  const { isVersion2 } = bench.pair;
  bench.io.of("/admin").on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth, socket.id);
  });
  bench.io.of("/closed").use((_socket, proceed) => proceed(new Error("no")));
  const admin = bench.client("/admin", { token: "a b&c" });
  const [auth, id] = await next(admin, "auth");
  expect([auth, id]).toEqual([{ token: "a b&c" }, admin.id]);
  for (const [name, message] of [
    ["/closed", "no"],
    ["/nowhere", "Invalid namespace"],
  ]) {
    const refused = bench.client(name);
    const [error] = await next(refused, isVersion2 ? "error" : "connect_error");
    expect(error.message ?? error).toBe(message);
    expect(refused.connected).toBe(false);
  }
}

async function large(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  const [long, many] = ["x".repeat(300_000), Buffer.alloc(300_000, 7)];
  const [up, down] = [next(socket, "up"), next(client, "down")];
  client.emit("up", long, many);
  socket.emit("down", long, many);
  for (const [first, second] of [await up, await down]) {
    expect([first === long, bytes(second).equals(many)]).toEqual([true, true]);
  }
}

async function ordering(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  const expected = Array.from({ length: 200 }, (_, at) => at);
  const received = [client, socket].map((party) => {
    const numbers: number[] = [];
    party.on("n", (number: number) => void numbers.push(number));
    answers(party);
    return numbers;
  });
  for (const at of expected) {
    const extra = at % 3 === 0 ? [Buffer.from([at])] : [];
    client.emit("n", at, ...extra);
    socket.emit("n", at, ...extra);
  }
  await ask(client);
  await ask(socket);
  expect(received).toEqual([expected, expected]);
}

async function disconnect(bench: OlderBench): Promise<void> {
  const [first, second] = [await bench.connect(), await bench.connect()];
  const left = [next(first.client, "disconnect"), next(first.socket, "disconnect")];
  first.socket.disconnect();
  expect((await Promise.all(left)).map(([reason]) => reason)).toEqual([
    "io server disconnect",
    "server namespace disconnect",
  ]);
  const gone = [next(second.client, "disconnect"), next(second.socket, "disconnect")];
  second.client.disconnect();
  const [mine, theirs] = (await Promise.all(gone)).map(([reason]) => String(reason));
  expect(mine).toBe("io client disconnect");
  // The oldest clients close the connection with, or before, the packet.
  expect(theirs).toMatch(/^(client namespace disconnect|transport close)$/);
}

async function reconnect(bench: OlderBench): Promise<void> {
  const { client, socket } = await bench.connect();
  const [back, connected] = [next(bench.io, "connection"), next(client, "connect")];
  const gone = next(socket, "disconnect");
  client.io.engine.close();
  await gone;
  const [again] = (await back) as [OlderSocket];
  await connected;
  expect(again.id).not.toBe(socket.id);
  expect(client.id).toBe(again.id);
  answers(again);
  expect(await ask(client, "again")).toEqual(["again"]);
}

/** The scenarios, by column. */
export const olderScenarios: Readonly<Record<Feature, (bench: OlderBench) => Promise<void>>> = {
  text,
  binary,
  acks,
  rooms,
  namespaces,
  large,
  ordering,
  disconnect,
  reconnect,
};
