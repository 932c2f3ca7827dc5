// Calls of the application's code: what is returned, told and made uncaught.

import { Listeners } from "@sockeye/events";
import { expect, test } from "vitest";
import type { ListenerErrorHandler } from "./options.ts";
import { UserCode } from "./user-code.ts";

const WHEREABOUTS = { target: null, socket: null, event: "x" };

function made(isHandled: boolean) {
  const told: unknown[] = [];
  const surfaced: unknown[] = [];
  const handler: ListenerErrorHandler = (error, _socket, event) => void told.push([event, error]);
  const code = new UserCode(isHandled ? handler : undefined, (error) => void surfaced.push(error));
  return { code, told, surfaced };
}

const fail = (): never => {
  throw "thrown";
};
const reject = (): Promise<never> => Promise.reject("rejected");

test("SO59 what a function throws or rejects with is told, and nothing surfaces", async () => {
  const { code, told, surfaced } = made(true);
  code.call(fail, [], WHEREABOUTS);
  code.call(reject, [], WHEREABOUTS);
  await Promise.resolve();
  expect(told).toEqual([
    ["x", "thrown"],
    ["x", "rejected"],
  ]);
  expect(surfaced).toEqual([]);
});

test("SO58 without a handler what a function throws surfaces", () => {
  const { code, surfaced } = made(false);
  code.call(fail, [], WHEREABOUTS);
  expect(surfaced).toEqual(["thrown"]);
});

test.each([
  [true, false, [["x", "thrown"]], []],
  [true, true, [["x", "thrown"]], []],
  [false, false, [], ["thrown"]],
  [false, true, [], []],
])(
  "SO59 a question that throws, with a handler %j, taken by who asked %j: told once, or uncaught",
  (isHandled, isTaken, expectedTold, expectedSurfaced) => {
    const { code, told, surfaced } = made(isHandled);
    const failed: unknown[] = [];
    const onFailed = (error: unknown): boolean => {
      failed.push(error);
      return isTaken;
    };
    code.ask({ callback: fail, args: [], onFailed }, WHEREABOUTS);
    expect([failed, told, surfaced]).toEqual([["thrown"], expectedTold, expectedSurfaced]);
  },
);

test("SO59 a question whose promise is rejected is told to who asked and to the handler", async () => {
  const { code, told } = made(true);
  const failed: unknown[] = [];
  code.ask(
    { callback: reject, args: [], onFailed: (error) => failed.push(error) > 0 },
    WHEREABOUTS,
  );
  await Promise.resolve();
  expect([failed, told]).toEqual([["rejected"], [["x", "rejected"]]]);
});

test("SO58 raising tells whether there was a listener; the others are called when one throws", () => {
  const { code, surfaced } = made(false);
  const listeners = new Listeners();
  expect(code.raise(listeners, [], WHEREABOUTS)).toBe(false);
  const heard: unknown[] = [];
  listeners.add("x", fail);
  listeners.add("x", (value) => void heard.push(value));
  expect(code.raise(listeners, [1], WHEREABOUTS)).toBe(true);
  expect([heard, surfaced]).toEqual([[1], ["thrown"]]);
});

test("SO62 an attempt gives back the first thing thrown, and tells the others", () => {
  const { code, told } = made(true);
  const listeners = new Listeners();
  expect(code.attempt(listeners, [], WHEREABOUTS)).toBe(null);
  listeners.add("x", fail);
  listeners.add("x", () => {
    throw "second";
  });
  expect(code.attempt(listeners, [], WHEREABOUTS)).toEqual({ error: "thrown" });
  expect(told).toEqual([["x", "second"]]);
});

test("SO59 an attempt tells what a listener's promise is rejected with", async () => {
  const { code, told } = made(true);
  const listeners = new Listeners();
  listeners.add("x", reject);
  expect(code.attempt(listeners, [], WHEREABOUTS)).toBe(null);
  await Promise.resolve();
  expect(told).toEqual([["x", "rejected"]]);
});
