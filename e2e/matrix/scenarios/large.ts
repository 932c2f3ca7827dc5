// Messages near the size limit, and many of them at once.
import { expect } from "vitest";
import { type Bench, type Scenario, settle } from "../bench.ts";

// A little under the default maxHttpBufferSize, leaving room for the event's name and the framing.
const NEAR_LIMIT = 1_000_000 - 100;

async function largeText(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const text = "x".repeat(NEAR_LIMIT);
  client.socket.emit("large", text);
  peer.socket.emit("large", text);
  expect((await peer.inbox.take("large"))[0] === text).toBe(true);
  expect((await client.inbox.take("large"))[0] === text).toBe(true);
}

async function largeUnicode(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const text = "é🙂".repeat(Math.floor(NEAR_LIMIT / 6));
  client.socket.emit("large", text);
  peer.socket.emit("large", text);
  expect((await peer.inbox.take("large"))[0] === text).toBe(true);
  expect((await client.inbox.take("large"))[0] === text).toBe(true);
}

async function largeBinary(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  // Polling carries bytes as base64: four characters for three.
  const size = bench.mode === "polling" ? Math.floor(NEAR_LIMIT * 0.74) : NEAR_LIMIT;
  const blob = Buffer.alloc(size, "0123456789");
  client.socket.emit("large", blob);
  peer.socket.emit("large", blob);
  for (const [got] of [await peer.inbox.take("large"), await client.inbox.take("large")]) {
    expect(blob.equals(got as Buffer)).toBe(true);
  }
}

async function aboveLimitDownwards(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple({ maxHttpBufferSize: 1000 });
  const text = "y".repeat(3_000_000);
  peer.socket.emit("large", text, Buffer.alloc(100_000));
  const [got, blob] = await client.inbox.take("large");
  expect(got === text).toBe(true);
  expect((blob as Buffer).byteLength).toBe(100_000);
}

async function manyAtOnce(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  // Together thirty times the limit: a polling client has to split them over several requests.
  const text = "z".repeat(100_000);
  for (let n = 0; n < 30; n++) {
    client.socket.emit("piece", n, text);
    peer.socket.emit("piece", n, text);
  }
  await settle(couple);
  for (const side of [peer, client]) {
    const pieces = await side.inbox.takeMany("piece", 30);
    expect(pieces.map(([n]) => n)).toEqual(pieces.map((_, n) => n));
    expect(pieces.every(([, piece]) => piece === text)).toBe(true);
  }
}

async function compressed(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple({
    perMessageDeflate: { threshold: 64 },
    httpCompression: { threshold: 64 },
  });
  const text = "compressible ".repeat(10_000);
  client.socket.emit("large", text);
  peer.socket.emit("large", text);
  peer.socket.compress(false).emit("plain", text);
  expect((await peer.inbox.take("large"))[0] === text).toBe(true);
  expect((await client.inbox.take("large"))[0] === text).toBe(true);
  expect((await client.inbox.take("plain"))[0] === text).toBe(true);
}

/** The scenarios of the column "large". */
export const large: readonly Scenario[] = [
  { feature: "large", title: "text just under maxHttpBufferSize, both ways", run: largeText },
  {
    feature: "large",
    title: "text of many-byte characters just under the limit, both ways",
    run: largeUnicode,
  },
  { feature: "large", title: "bytes just under the limit, both ways", run: largeBinary },
  {
    feature: "large",
    title: "the limit does not hold for what the server sends",
    run: aboveLimitDownwards,
  },
  { feature: "large", title: "thirty large events at once, in order, both ways", run: manyAtOnce },
  { feature: "large", title: "with compression on", run: compressed },
];
