// Order and completeness of what is sent, above all while the connection is being upgraded.
import { expect } from "vitest";
import { settledTransport } from "../../kit/transport-modes.ts";
import { type Bench, type Connected, type Scenario, settle } from "../bench.ts";

const COUNT = 200;

interface Emitting {
  emit(name: string, ...args: unknown[]): unknown;
}

/** A turn of the event loop, so that what is sent spreads over the steps of the upgrade. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Emits at least COUNT numbered events, one per turn, and goes on until `isOver` and fifty more. */
async function emitNumbers(socket: Emitting, isOver: () => boolean): Promise<number> {
  let extra = 50;
  let n = 0;
  while (n < COUNT || extra > 0) {
    if (isOver()) extra--;
    if (n % 10 === 0) socket.emit("numbered", n, Buffer.from([n % 256]));
    else socket.emit("numbered", n);
    n++;
    await turn();
  }
  return n;
}

async function expectAll(
  { client, peer }: Connected,
  sent: readonly [up: number, down: number],
): Promise<void> {
  const up = await peer.inbox.takeMany("numbered", sent[0]);
  const down = await client.inbox.takeMany("numbered", sent[1]);
  expect(up.map(([n]) => n)).toEqual(up.map((_, n) => n));
  expect(down.map(([n]) => n)).toEqual(down.map((_, n) => n));
  expect(up.filter((args) => args.length === 2).length).toBe(Math.ceil(up.length / 10));
  expect(down.filter((args) => args.length === 2).length).toBe(Math.ceil(down.length / 10));
}

async function acrossTheUpgrade(bench: Bench): Promise<void> {
  const server = await bench.server();
  for (let round = 0; round < 5; round++) {
    const client = await bench.client(server.url);
    await client.inbox.take("connect");
    const peer = await server.nextPeer();
    const { engine } = client.socket.io;
    const isOver = (): boolean =>
      engine.transport.name === "websocket" && peer.socket.conn.transport.name === "websocket";
    const sent = await Promise.all([
      emitNumbers(client.socket, isOver),
      emitNumbers(peer.socket, isOver),
    ]);
    await expectAll({ client, peer }, sent);
    await settle({ client, peer });
    expect([...peer.inbox.kept("numbered"), ...client.inbox.kept("numbered")]).toEqual([]);
  }
}

async function inOneGo(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  for (let n = 0; n < COUNT; n++) {
    for (const { emit } of [
      { emit: client.socket.emit.bind(client.socket) },
      { emit: peer.socket.emit.bind(peer.socket) },
    ]) {
      if (n % 10 === 0) emit("numbered", n, Buffer.from([n]));
      else emit("numbered", n);
    }
  }
  await expectAll({ client, peer }, [COUNT, COUNT]);
  expect(peer.socket.conn.transport.name).toBe(settledTransport(bench.mode));
  expect(client.socket.io.engine.transport.name).toBe(settledTransport(bench.mode));
}

async function pacedBothWays(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const sent = await Promise.all([
    emitNumbers(client.socket, () => true),
    emitNumbers(peer.socket, () => true),
  ]);
  await expectAll({ client, peer }, sent);
}

async function bufferedBeforeConnect(bench: Bench): Promise<void> {
  const server = await bench.server();
  const client = await bench.client(server.url, { options: { autoConnect: false } });
  for (let n = 0; n < COUNT; n++) client.socket.emit("numbered", n);
  client.socket.once("connect", () => client.socket.emit("numbered", COUNT));
  client.socket.connect();
  await client.ready(bench.mode);
  const peer = await server.nextPeer();
  const got = await peer.inbox.takeMany("numbered", COUNT + 1);
  expect(got.map(([n]) => n)).toEqual(got.map((_, n) => n));
}

async function broadcastAndDirect(bench: Bench): Promise<void> {
  const { server, client, peer } = await bench.couple();
  for (let n = 0; n < COUNT; n += 2) {
    server.io.emit("numbered", n);
    peer.socket.emit("numbered", n + 1);
  }
  const got = await client.inbox.takeMany("numbered", COUNT);
  expect(got.map(([n]) => n)).toEqual(got.map((_, n) => n));
}

/** The scenarios of the column "ordering". */
export const ordering: readonly Scenario[] = [
  {
    feature: "ordering",
    title: "numbered events both ways across the upgrade: none lost, none reordered",
    modes: ["upgrade"],
    run: acrossTheUpgrade,
  },
  { feature: "ordering", title: "two hundred in one go, both ways", run: inOneGo },
  { feature: "ordering", title: "one per turn of the event loop, both ways", run: pacedBothWays },
  {
    feature: "ordering",
    title: "events emitted before connecting come first",
    run: bufferedBeforeConnect,
  },
  {
    feature: "ordering",
    title: "broadcasts and direct events keep their common order",
    run: broadcastAndDirect,
  },
];
