// One scenario for each column of the compatibility matrix, with a server in another process: what it does is asked of its
// agent, what it has received is reported.

import type { Bench } from "@sockeye/testkit/black-box";
import { expect } from "vitest";
import { settledTransport, type TransportMode } from "../kit/transport-modes.ts";
import type { Feature } from "../matrix/cells.ts";
import { type GridClient, type GridClientKind, PYTHON } from "./grid-clients.ts";

/** What a scenario is given. */
export interface GridBench {
  readonly server: Bench;
  readonly kind: GridClientKind;
  readonly mode: TransportMode;
  /** Hands over a client that is to be closed at the end. */
  keep(client: GridClient): GridClient;
}

/** A client, and the id of its socket. */
interface Visitor {
  readonly client: GridClient;
  readonly id: string;
}

const TEXT: readonly unknown[] = [
  "",
  "separators \u001e \u2028 \n \\n",
  "Ελληνικά 日本語 🙂",
  -1.5e300,
  [1, ["two", { three: [3, null] }]],
  { "": "empty key", "a,b": '["x"]' },
];
const BYTES = [0, 1, 127, 128, 255];
const LENGTH = 300_000;
/** Python's client takes at most 16 packets out of one response to a poll, attachments counted. */
const EVENTS = 11;
const ROUNDS = 5;

/** Any byte holder as a Buffer: receivers differ in the class, never in the bytes. */
function bytes(value: unknown): Buffer {
  return Buffer.from(value as ArrayBuffer);
}

async function visit(bench: GridBench): Promise<Visitor> {
  const { kind, mode, server } = bench;
  const client = bench.keep(await kind.make({ port: server.port, mode }));
  const joined = server.heard("connection /");
  await client.connect();
  const id = String((await joined)[0]);
  await client.inbox.take("connect");
  return { client, id };
}

async function text(bench: GridBench): Promise<void> {
  const { client, id } = await visit(bench);
  await client.emit("up", ...TEXT);
  expect(await bench.server.heardOf(id, "up")).toEqual(TEXT);
  await bench.server.socket(id, ["emit", "down", ...(TEXT as never[])]);
  expect(await client.inbox.take("down")).toEqual(TEXT);
  // An answer has come through: an upgrade, too, is over on both sides.
  const carriedBy = await bench.server.socket(id, "conn", "transport", "name");
  expect(carriedBy).toBe(settledTransport(bench.mode));
}

async function binary(bench: GridBench): Promise<void> {
  const { client, id } = await visit(bench);
  const data = Buffer.from(BYTES);
  await client.emit("up", data, { deep: [data, "text"] });
  const up = { $bytes: BYTES };
  expect(await bench.server.heardOf(id, "up")).toEqual([up, { deep: [up, "text"] }]);
  await bench.server.socket(id, ["emit", "down", up, { deep: [up, "text"] }]);
  const [first, second] = await client.inbox.take("down");
  const { deep } = second as { deep: unknown[] };
  expect([bytes(first), bytes(deep[0]), deep[1]]).toEqual([data, data, "text"]);
}

async function acks(bench: GridBench): Promise<void> {
  const { client, id } = await visit(bench);
  expect(await client.ask("a", { b: 1 })).toEqual(["a", { b: 1 }]);
  expect(await client.ask()).toEqual([]);
  expect((await client.ask(Buffer.from(BYTES))).map(bytes)).toEqual([Buffer.from(BYTES)]);
  const answered = { $callback: "answered" };
  for (const args of [["a", { b: 1 }], [], [{ $bytes: BYTES }]]) {
    await bench.server.socket(id, ["emit", "ask", ...args, answered]);
    expect(await bench.server.heard("answered")).toEqual(args);
  }
}

async function rooms(bench: GridBench): Promise<void> {
  const visitors = [await visit(bench), await visit(bench), await visit(bench)];
  const [first, second] = visitors;
  for (const { id } of visitors.slice(0, 2)) await bench.server.socket(id, ["join", "room"]);
  await bench.server.call("io", ["emit", "x", 1]);
  await bench.server.call("io", ["to", "room"], ["emit", "x", 2]);
  await bench.server.socket(first?.id ?? "", "broadcast", ["emit", "x", 3]);
  await bench.server.socket(second?.id ?? "", ["leave", "room"]);
  await bench.server.call("io", ["to", "room"], ["emit", "x", 4]);
  // What was sent before has come when this is answered.
  for (const { client } of visitors) await client.ask();
  const heard = visitors.map(({ client }) => client.inbox.kept("x").map(([number]) => number));
  expect(heard).toEqual([
    [1, 2, 4],
    [1, 2, 3],
    [1, 3],
  ]);
}

async function namespaces({ keep, kind, mode, server }: GridBench): Promise<void> {
  await server.record("/admin");
  const { port } = server;
  const admin = keep(await kind.make({ port, mode, namespace: "/admin" }));
  const joined = server.heard("connection /admin");
  await admin.connect({ token: "a b&c" });
  const [id] = await joined;
  expect(await admin.id()).toBe(id);
  expect(await server.socket(String(id), "handshake", "auth")).toEqual({ token: "a b&c" });
  expect(await admin.ask("in /admin")).toEqual(["in /admin"]);
  const refused = keep(await kind.make({ port, mode, namespace: "/nowhere" }));
  await refused.connect();
  expect(String((await refused.inbox.take("refused"))[0])).toMatch(/Invalid namespace/);
}

async function large(bench: GridBench): Promise<void> {
  const { client } = await visit(bench);
  const [long, many] = ["x".repeat(LENGTH), Buffer.alloc(LENGTH, 7)];
  const [first, second] = await client.ask(long, many);
  expect([first === long, bytes(second).equals(many)]).toEqual([true, true]);
}

async function ordering(bench: GridBench): Promise<void> {
  const { client, id } = await visit(bench);
  const numbers = Array.from({ length: EVENTS }, (_, at) => at);
  for (let round = 0; round < ROUNDS; round++) {
    for (const at of numbers) {
      await client.emit("n", at, ...(at % 3 === 0 ? [Buffer.from([at])] : []));
    }
    for (const at of numbers) expect((await bench.server.heardOf(id, "n"))[0]).toBe(at);
    await Promise.all(
      numbers.map((at) => {
        const extra = at % 3 === 0 ? [{ $bytes: [at] }] : [];
        return bench.server.socket(id, ["emit", "n", at, ...extra]);
      }),
    );
    const received = await client.inbox.takeMany("n", EVENTS);
    expect(received.map(([number]) => number)).toEqual(numbers);
  }
}

async function disconnect(bench: GridBench): Promise<void> {
  const [first, second] = [await visit(bench), await visit(bench)];
  await bench.server.socket(first.id, ["disconnect"]);
  expect(await bench.server.reason(first.id)).toBe("server namespace disconnect");
  await first.client.inbox.take("disconnect");
  await second.client.disconnect();
  // The oldest clients close the connection with, or before, the packet. Python's breaks its poll off; where no poll waits, or the
  // runtime says nothing of it, only the heartbeat tells.
  expect(await bench.server.reason(second.id)).toMatch(
    bench.kind.name === PYTHON && bench.mode === "polling"
      ? /^(client namespace disconnect|transport close|transport error|ping timeout)$/
      : /^(client namespace disconnect|transport close)$/,
  );
}

async function reconnect(bench: GridBench): Promise<void> {
  const { client, id } = await visit(bench);
  // workerd does not end a WebSocket whose client has sent nothing, as one of revision 3 need not.
  await client.ask("before");
  const back = bench.server.heard("connection /");
  await bench.server.socket(id, "conn", ["close"]);
  const [again] = await back;
  expect(again).not.toBe(id);
  await client.inbox.take("connect");
  expect(await client.ask("again")).toEqual(["again"]);
}

/** Options of the server, where a scenario needs other ones than all. */
export const gridOptions: Readonly<Partial<Record<Feature, Readonly<Record<string, number>>>>> = {
  disconnect: { pingInterval: 500, pingTimeout: 4000 },
};

/** The scenarios, by column. */
export const gridScenarios: Readonly<Record<Feature, (bench: GridBench) => Promise<void>>> = {
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
