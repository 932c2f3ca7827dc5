// The limit over all connections, driven by hand.

import { MemoryContext, openWebSocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { type Measured, TotalLimit, totalLimitOf } from "./total-limit.ts";

class Client implements Measured {
  bufferedBytes = 0;
  cuts: number[][] = [];

  onOverTotal(actual: number, limit: number): void {
    this.cuts.push([actual, limit]);
    this.bufferedBytes = 0;
  }
}

interface Made {
  readonly clients: readonly Client[];
  readonly total: TotalLimit;
  send(at: number, bytes: number): void;
  endTurn(): void;
}

function make(count: number, limit: number): Made {
  const clients = Array.from({ length: count }, () => new Client());
  const turns: (() => void)[] = [];
  const faults: unknown[] = [];
  const total = new TotalLimit(limit, {
    connections: new Map(clients.map((client, at) => [`${at}`, client])),
    afterTurn: (callback) => turns.push(callback),
    onFault: (error) => faults.push(error),
  });
  return {
    clients,
    total,
    send(at, bytes) {
      (clients[at] as Client).bufferedBytes += bytes;
      total.add(bytes, 0);
    },
    endTurn() {
      for (const callback of turns.splice(0)) callback();
    },
  };
}

test("BP1 beyond the limit those for which most waits are cut, until three quarters are left", () => {
  const { clients, endTurn, send } = make(4, 1000);
  for (const [at, bytes] of [100, 400, 300, 250].entries()) send(at, bytes);
  expect(clients.map(({ cuts }) => cuts.length)).toEqual([0, 0, 0, 0]);
  endTurn();
  expect(clients.map(({ cuts }) => cuts)).toEqual([[], [[1050, 1000]], [], []]);
});

test("BP1 what has left does not count, however much was sent", () => {
  const { clients, endTurn, send } = make(2, 1000);
  for (let turn = 0; turn < 100; turn++) {
    send(0, 700);
    endTurn();
    (clients[0] as Client).bufferedBytes = 0;
  }
  expect(clients[0]?.cuts).toEqual([]);
});

test("BP3 one turn may have twice the limit waiting; beyond it is cut at once", () => {
  const { clients, send } = make(2, 1000);
  send(0, 1200);
  send(1, 700);
  expect(clients.map(({ cuts }) => cuts.length)).toEqual([0, 0]);
  send(1, 200);
  expect(clients.map(({ cuts }) => cuts.length)).toEqual([1, 1]);
});

test("BP1 the default is a quarter of the heap, or 256 MiB", () => {
  expect(totalLimitOf(0, { heapLimit: 400 })).toBe(100);
  expect(totalLimitOf(0, {})).toBe(2 ** 28);
  expect(totalLimitOf(5, { heapLimit: 400 })).toBe(5);
});

test("BP2 the connection is closed as a slow consumer; its details and the point name the limit", async () => {
  const context = new MemoryContext({ maxTotalSendBufferSize: 1000 });
  const hits: unknown[] = [];
  context.engine.points.limitHit.subscribe(({ limit, value, actual }) =>
    hits.push([limit, value, actual]),
  );
  const little = await openWebSocket(context);
  const much = await openWebSocket(context);
  for (const { peer } of [little, much]) peer.pause();
  little.session.connection.send("x".repeat(399));
  much.session.connection.send("x".repeat(699));
  const { error, reason } = await much.session.closed;
  expect([reason, error?.message]).toEqual([
    "slow consumer",
    "the client does not read: 700 of 1100 bytes that wait for all clients are for it, maxTotalSendBufferSize is 1000",
  ]);
  expect(hits).toEqual([["maxTotalSendBufferSize", 1000, 1100]]);
  expect(little.session.isClosed).toBe(false);
  context.engine.close();
});

test("BP30 while half of the limit waits, a client whose messages are sent on is read more slowly", async () => {
  const context = new MemoryContext({ maxTotalSendBufferSize: 1_000_000 });
  const sender = await openWebSocket(context);
  const stuck = await openWebSocket(context);
  stuck.peer.pause();
  const reading: boolean[] = [];
  Object.assign(sender.peer, { setReading: (isReading: boolean) => void reading.push(isReading) });
  sender.session.onEach = () => void stuck.session.connection.send("x".repeat(59_999));
  for (let sent = 0; sent < 9; sent++) sender.peer.transmit("4a");
  await context.settle();
  expect(reading).toEqual([]);
  sender.peer.transmit("4a");
  await context.settle();
  expect(reading).toEqual([false]);
  await context.elapse(30);
  expect(reading).toEqual([false, true]);
  context.engine.close();
});
