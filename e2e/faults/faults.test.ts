// The short form of `npm run faults`: rows that no other test covers, with few inputs. That the server lives, keeps its clients
// and gives its memory back does not depend on the machine; how long answers take does, and only the command judges that.

import { describe, expect, test } from "vitest";
import { runRow } from "./arena.mjs";
import { rows } from "./rows.mjs";

const LIMIT_MS = 120_000;

/** Titles, with the share of the inputs. */
const SHORT: Readonly<Record<string, number>> = {
  "half-open TCP: 100 connections that fall silent": 0.1,
  "5 % loss and 64 kbit/s: 20 clients": 0.1,
  "file descriptors exhausted: 128 of them, 400 connections": 1,
  "wall clock +1 h": 1,
  "event loop stalled 5 s": 1,
  "1e4 namespaces from a pattern, on each of two connections": 0.1,
  "slowloris: 500 on bodies": 0.1,
  "1e5 guesses of a sid; a second WebSocket and a POST for a session of another one": 0.01,
  "a malicious server against our client": 0.25,
};

test("the rows of the short form are rows of the command", () => {
  const titles = rows.map(({ title }: { title: string }) => title);
  expect(titles).toEqual(expect.arrayContaining(Object.keys(SHORT)));
  expect(new Set(titles).size).toBe(titles.length);
});

describe.concurrent("faults", () => {
  for (const row of rows) {
    const scale = SHORT[row.title];
    if (scale === undefined) continue;
    test(
      row.title,
      async ({ expect: expectHere }) => {
        const { inputs, problems } = await runRow(row, "sockeye", scale);
        expectHere(problems).toEqual([]);
        expectHere(inputs).toBeGreaterThan(0);
      },
      LIMIT_MS,
    );
  }
});
