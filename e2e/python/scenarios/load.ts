// Large messages and many of them between Node and Python, whichever is the server.
import { expect } from "vitest";
import { ask, bytes, type CoupleBench } from "../couple.ts";
import type { PythonScenario } from "../python-scenario.ts";

// A little under the limit of either server, leaving room for the event's name and the framing.
const NEAR_LIMIT = 1_000_000 - 100;

// Not toEqual: a failure would print megabytes.
function isSame(got: unknown, sent: string | Buffer): boolean {
  return typeof sent === "string" ? got === sent : sent.equals(bytes(got));
}

async function largeText(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  for (const text of ["x".repeat(100_000), "x".repeat(NEAR_LIMIT), "é🙂".repeat(NEAR_LIMIT / 20)]) {
    const part = text.slice(0, bench.longestUp);
    node.socket.emit("large", part);
    expect(isSame((await python.inbox.take("large"))[0], part)).toBe(true);
    await python.emit("large", text);
    expect(isSame((await node.inbox.take("large"))[0], text)).toBe(true);
  }
}

async function largeBinary(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  // Polling carries bytes as base64: four characters for three.
  const size = bench.mode === "polling" ? Math.floor(NEAR_LIMIT * 0.74) : NEAR_LIMIT;
  const blob = Buffer.alloc(size, "0123456789");
  const part = blob.subarray(0, bench.longestUp * 0.74);
  node.socket.emit("large", part);
  expect(isSame((await python.inbox.take("large"))[0], part)).toBe(true);
  await python.emit("large", blob);
  expect(isSame((await node.inbox.take("large"))[0], blob)).toBe(true);
}

async function inOrder(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  // Python takes at most 16 packets out of one polling body: 9 events with 3 attachments, a question
  // and an answer are fewer.
  const rounds = bench.mode === "polling" ? 5 : 1;
  const count = bench.mode === "polling" ? 9 : 200;
  const eventOf = (n: number): unknown[] => (n % 3 === 0 ? [n, Buffer.from([n])] : [n]);
  for (let round = 0; round < rounds; round++) {
    const sent = Array.from({ length: count }, (_, n) => eventOf(n));
    for (const args of sent) node.socket.emit("n", ...args);
    await ask(node);
    expect(await python.inbox.takeMany("n", count)).toEqual(sent);
    await Promise.all(sent.map((args) => python.emit("n", ...args)));
    await python.call("ask");
    expect(await node.inbox.takeMany("n", count)).toEqual(sent);
  }
}

/** The scenarios of the columns "large" and "ordering". */
export const load: readonly PythonScenario<CoupleBench>[] = [
  { feature: "large", title: "text of 100 kB and just under the limit, both ways", run: largeText },
  { feature: "large", title: "bytes just under the limit, both ways", run: largeBinary },
  { feature: "ordering", title: "events with and without bytes keep their order", run: inOrder },
];
