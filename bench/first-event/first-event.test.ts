// The first event at a round trip of 60 ms, by the client on Node: the round trips and requests it takes, and that
// nothing else takes time. Milliseconds are those of the quickest of several attempts: a busy machine is slower.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { expect, onTestFinished, test } from "vitest";
import { startDelayingProxy } from "./delaying-proxy.mjs";
import { firstEvent } from "./first-event.mjs";
import { type Passage, passagesUntil, requestsIn, roundTrips } from "./passages.mjs";

const ATTEMPTS = 12;
/** Half of a round trip. */
const DELAY_MS = 30;
/** Beyond what is promised, for a machine that does other things; less than half a round trip. */
const ALLOWANCE_MS = 20;

interface Attempt {
  readonly milliseconds: number;
  readonly transport: string;
  readonly passages: readonly Passage[];
}

/** Connects, to a host that it has not met, until the first event comes in time; returns the last attempt. */
async function quickest(upgrades: "pass" | "swallow", limitMs: number): Promise<Attempt> {
  const http = createServer();
  const server = new Server(http);
  server.on("connection", (socket) => socket.emit("first"));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  let attempt: Attempt | undefined;
  for (let count = 0; count < ATTEMPTS && !(attempt && attempt.milliseconds <= limitMs); count++) {
    const proxy = await startDelayingProxy({ port, delayMs: DELAY_MS, upgrades });
    const event = await firstEvent(io, `http://127.0.0.1:${proxy.port}`, { reconnection: false });
    attempt = { ...event, passages: passagesUntil(proxy.passages, '42["first"]') };
    proxy.close();
  }
  return attempt as Attempt;
}

test("by default it takes two round trips over one WebSocket and no polling, within 135 ms", async () => {
  const limitMs = 135 + ALLOWANCE_MS;
  const { milliseconds, passages, transport } = await quickest("pass", limitMs);
  expect(milliseconds).toBeLessThanOrEqual(limitMs);
  expect(transport).toBe("websocket");
  expect(roundTrips(passages)).toBe(2);
  expect(requestsIn(passages)).toEqual(["GET /socket.io/?EIO=4&transport=websocket"]);
});

test("where upgrades are swallowed it takes 100 ms and two round trips of polling, within 300 ms", async () => {
  const { milliseconds, passages, transport } = await quickest("swallow", 300);
  expect(milliseconds).toBeLessThanOrEqual(300);
  expect(milliseconds).toBeGreaterThanOrEqual(100 + 4 * DELAY_MS - 1);
  expect(transport).toBe("polling");
  expect(roundTrips(passages)).toBe(2);
  const polling = expect.stringMatching(/^(GET|POST) \S+transport=polling/);
  expect(requestsIn(passages)).toEqual([polling, polling, polling]);
});
