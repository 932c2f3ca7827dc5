// Middleware that does not decide: when it is reported, and when nothing is.

import { Deadlines } from "@sockeye/portable";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { type ExtendedError, middlewareStep, type Next, runChain } from "./chain.ts";
import { createCoreDiagnostics } from "./diagnostics.ts";
import { Patience, Stalls } from "./stalls.ts";

const SUBJECT = { kind: "use", nsp: "/", socket: null } as const;

function start(limit = 1000) {
  const clock = new FakeClock();
  const { middlewareStalled } = createCoreDiagnostics();
  const stalls = new Stalls(new Patience(new Deadlines(clock), limit), middlewareStalled);
  const reports: unknown[] = [];
  const ends: unknown[] = [];
  const run = (middleware: (socket: null, next: Next) => unknown): void => {
    const step = stalls.watched(middlewareStep(middleware, null), SUBJECT);
    const done = (error?: ExtendedError): void => void ends.push(error?.message ?? "done");
    runChain([step], done, () => {});
  };
  return {
    ...{ clock, ends, middlewareStalled, reports, run, stalls },
    listen: () => middlewareStalled.subscribe((payload) => void reports.push(payload)),
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("HN10 middleware that forgets next is reported once, after the time of the option", () => {
  const { clock, listen, reports, run } = start();
  listen();
  run((_socket, _next) => {});
  clock.advance(999);
  expect(reports).toEqual([]);
  clock.advance(5000);
  const hint = expect.stringMatching(/^use of "\/" has not called next\(\) .*HINT_NEXT/);
  expect(reports).toEqual([{ ...SUBJECT, waited: 1000, hint }]);
});

test("HN10 an async function that declares next and does not call it is reported", async () => {
  const { clock, listen, reports, run } = start();
  listen();
  run(async (_socket, _next) => {});
  await settle();
  clock.advance(2000);
  expect(reports).toHaveLength(1);
});

test.each<[string, (socket: null, next: Next) => unknown, string]>([
  ["that decides at once", (_socket, next) => next(), "done"],
  ["that decides later", (_socket, next) => queueMicrotask(next), "done"],
  ["that rejects", (_socket, _next) => Promise.reject(new Error("no")), "no"],
  ["without next, whose promise is fulfilled", async (_socket) => {}, "done"],
  [
    "that throws",
    (_socket, _next) => {
      throw new Error("no");
    },
    "no",
  ],
])("HN10 middleware %s is not reported, and ends as before", async (_, middleware, end) => {
  const { clock, ends, listen, reports, run } = start();
  listen();
  run(middleware);
  await settle();
  expect(ends).toEqual([end]);
  clock.advance(5000);
  expect(reports).toEqual([]);
});

test("HN10 a step is left as it is while nothing listens, and where the option is 0", () => {
  const step = middlewareStep(() => {}, null);
  expect(start().stalls.watched(step, SUBJECT)).toBe(step);
  const off = start(0);
  off.listen();
  expect(off.stalls.watched(step, SUBJECT)).toBe(step);
});
