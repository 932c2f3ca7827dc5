// The chain alone: order, the first word counting, promises.

import { expect, test } from "vitest";
import { type ExtendedError, middlewareStep, type Next, runChain, type Step } from "./chain.ts";

function takingNext(run: (next: Next) => unknown): Step<ExtendedError> {
  return middlewareStep((_: null, next: Next) => run(next), null);
}

function outcomes(steps: readonly Step<ExtendedError>[]): unknown[] {
  const seen: unknown[] = [];
  runChain(
    steps,
    (error) => void seen.push(error?.message ?? "done"),
    (thrown) => void seen.push(`late: ${(thrown as Error).message}`),
  );
  return seen;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("SO9 without steps the chain is done at once", () => {
  expect(outcomes([])).toEqual(["done"]);
});

test("SO9 steps run in order, and the chain is done after the last", () => {
  const order: number[] = [];
  const step = (number: number): Step<ExtendedError> =>
    takingNext((next) => {
      order.push(number);
      next();
    });
  expect(outcomes([step(1), step(2), step(3)])).toEqual(["done"]);
  expect(order).toEqual([1, 2, 3]);
});

test("SO10 the first error ends the chain", () => {
  const unreached = takingNext(() => expect.unreachable());
  expect(outcomes([takingNext((next) => next(new Error("no"))), unreached])).toEqual(["no"]);
});

test.each([undefined, null, false, 0, ""])("SO10 next(%j) is no error", (value) => {
  expect(outcomes([takingNext((next) => next(value as never))])).toEqual(["done"]);
});

test("SO12 only the first word of a step counts; what it throws later is told", async () => {
  const step = takingNext(async (next) => {
    next();
    next(new Error("later"));
    throw new Error("much later");
  });
  const seen = outcomes([step]);
  await settle();
  expect(seen).toEqual(["done", "late: much later"]);
});

test("SO12 what a step throws after next() is told, and what the end of the chain throws", () => {
  const step = takingNext((next) => {
    next();
    throw new Error("after next");
  });
  expect(outcomes([step])).toEqual(["done", "late: after next"]);
  const late: unknown[] = [];
  const done = (): never => {
    throw new Error("from done");
  };
  runChain([takingNext((next) => next())], done, (thrown) => void late.push(thrown));
  expect(late).toEqual([new Error("from done")]);
});

test("SO12 a throw, a rejection and a thrown text refuse", async () => {
  const seen = [
    outcomes([takingNext(() => Promise.reject(new Error("rejected")))]),
    outcomes([
      takingNext(() => {
        throw new Error("thrown");
      }),
    ]),
    outcomes([takingNext(() => Promise.reject("text"))]),
  ];
  await settle();
  expect(seen).toEqual([["rejected"], ["thrown"], ["text"]]);
});

test("SO11 a step that does not take next is done when its promise is; one that does is not", async () => {
  const without = outcomes([middlewareStep((_: null) => Promise.resolve(), null)]);
  const withNext = outcomes([takingNext(() => Promise.resolve())]);
  expect(without).toEqual([]);
  await settle();
  expect([without, withNext]).toEqual([["done"], []]);
});

test("SO13 a step that says nothing keeps everybody waiting", async () => {
  const seen = outcomes([takingNext(() => undefined)]);
  await settle();
  expect(seen).toEqual([]);
});
