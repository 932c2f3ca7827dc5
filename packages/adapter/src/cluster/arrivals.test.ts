// The order of messages: what is delivered, what is told to be missing, what is dropped.

import { FakeClock, SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";

interface Journal {
  readonly arrivals: Arrivals<number>;
  readonly clock: FakeClock;
  readonly log: string[];
}

function start(patience: number, limits: { maxHeld?: number; maxNodes?: number } = {}): Journal {
  const clock = new FakeClock();
  const log: string[] = [];
  const port = {
    deliver: (message: number) => void log.push(String(message)),
    gap: (node: string, missed: number) => void log.push(`gap ${node} ${missed}`),
    duplicate: (node: string) => void log.push(`again ${node}`),
    full: (node: string) => void log.push(`full ${node}`),
  };
  const settings = { patience, maxHeld: 100, maxNodes: 100, ...limits };
  return { arrivals: new Arrivals(clock, port, settings), clock, log };
}

function take({ arrivals }: Journal, ...numbers: number[]): void {
  for (const number of numbers) arrivals.take("a", number, number);
}

test("CN3 where the bus keeps the order, a missing number is a loss at once", () => {
  const journal = start(0);
  take(journal, 5, 6, 9, 10);
  expect(journal.log).toEqual(["5", "6", "gap a 2", "9", "10"]);
});

test("CN4 a message that arrives again, or after it was given up, is dropped", () => {
  const journal = start(0);
  take(journal, 1, 1, 4, 3, 5);
  expect(journal.log).toEqual(["1", "again a", "gap a 2", "4", "again a", "5"]);
});

test("CN3 where it does not, later messages wait for the missing one", () => {
  const journal = start(100);
  journal.arrivals.startAfter("a", 0);
  take(journal, 2, 3, 1, 5, 4);
  expect(journal.log).toEqual(["1", "2", "3", "4", "5"]);
  expect(journal.clock.pending).toBe(0);
});

test("CN3 a message that does not come in time is a loss, and the others go on in order", () => {
  const journal = start(100);
  journal.arrivals.startAfter("a", 0);
  take(journal, 1, 4, 3, 7);
  journal.clock.advance(99);
  expect(journal.log).toEqual(["1"]);
  journal.clock.advance(1);
  expect(journal.log).toEqual(["1", "gap a 1", "3", "4", "gap a 2", "7"]);
  take(journal, 2, 8);
  expect(journal.log.slice(-2)).toEqual(["again a", "8"]);
});

test("CN3 the first messages of an unknown node are put in order, and nothing before them is missing", () => {
  const journal = start(100);
  take(journal, 12, 11);
  journal.clock.advance(100);
  expect(journal.log).toEqual(["11", "12"]);
});

test("CN5 held messages are limited: beyond that the missing ones are given up", () => {
  const journal = start(100, { maxHeld: 2 });
  journal.arrivals.startAfter("a", 0);
  take(journal, 2, 3, 4);
  expect(journal.log).toEqual(["full a", "gap a 1", "2", "3", "4"]);
});

test("CN5 the nodes whose numbers are remembered are limited", () => {
  const journal = start(0, { maxNodes: 2 });
  for (const node of ["a", "b", "c"]) journal.arrivals.take(node, 1, 1);
  // The first was forgotten: its next message is one of an unknown node.
  journal.arrivals.take("a", 5, 5);
  expect(journal.log).toEqual(["1", "1", "1", "5"]);
});

test("CN3 of a node that has ended, what is held is delivered, and what arrives late is dropped", () => {
  const journal = start(100);
  journal.arrivals.startAfter("a", 0);
  take(journal, 2);
  journal.arrivals.forget("a");
  expect(journal.log).toEqual(["gap a 1", "2"]);
  take(journal, 1);
  expect(journal.log.slice(2)).toEqual(["again a"]);
  journal.clock.advance(100);
  expect([journal.clock.pending, journal.arrivals.held]).toEqual([0, 0]);
  take(journal, 1);
  journal.clock.advance(100);
  expect(journal.log.slice(3)).toEqual(["1"]);
});

test("CN15 clearing stops the wait for the last messages of nodes that have ended", () => {
  const journal = start(100);
  journal.arrivals.startAfter("a", 0);
  journal.arrivals.forget("a");
  journal.arrivals.clear();
  expect(journal.clock.pending).toBe(0);
});

test("CN3 whatever a bus does, each message is delivered once in order, or counted as missing", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new SeededRandom(seed);
    const journal = start(50);
    journal.arrivals.startAfter("a", 0);
    const total = 60;
    const arriving: { at: number; seq: number }[] = [];
    for (let seq = 1; seq <= total; seq++) {
      if (random.once(8)) continue;
      for (let copy = random.once(6) ? 2 : 1; copy > 0; copy--) {
        arriving.push({ at: seq + random.below(30), seq });
      }
    }
    arriving.push({ at: total + 200, seq: total + 1 });
    arriving.sort((one, other) => one.at - other.at);
    let now = 0;
    for (const { at, seq } of arriving) {
      journal.clock.advance(at - now);
      now = at;
      take(journal, seq);
    }
    journal.clock.advance(1000);
    const delivered = journal.log.filter((line) => /^\d/.test(line)).map(Number);
    const missed = journal.log.map((line) => Number(/^gap a (\d+)/.exec(line)?.[1] ?? 0));
    expect(delivered, `seed ${seed}`).toEqual([...new Set(delivered)].sort((a, b) => a - b));
    const sum = missed.reduce((one, other) => one + other, 0);
    expect(delivered.length + sum, `seed ${seed}`).toBe(total + 1);
  }
});
