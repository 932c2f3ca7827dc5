// The emitter: order, removal, once, and errors of listeners.

import { expect, test, vi } from "vitest";
import { SafeEmitter } from "./safe-emitter.ts";

class Bell extends SafeEmitter {
  ring(event: string | number, ...args: unknown[]): void {
    this.raise(event, ...args);
  }
}

function belled(...names: string[]) {
  const bell = new Bell();
  const heard: string[] = [];
  return { bell, heard, listeners: names.map((name) => () => void heard.push(name)) };
}

test("CL70 calls in order, with the emitter as `this` and the arguments", () => {
  const bell = new Bell();
  const calls: unknown[] = [];
  bell.on("x", function (this: unknown, ...args: unknown[]) {
    calls.push(this === bell, args);
  });
  bell.ring("x", 1, 2);
  expect(calls).toEqual([true, [1, 2]]);
});

test("CL70 once is called once, even by an event raised from within another listener", () => {
  const { bell, heard, listeners } = belled("once");
  bell.once("x", () => bell.ring("x"));
  bell.once("x", listeners[0]!);
  bell.ring("x");
  bell.ring("x");
  expect(heard).toEqual(["once"]);
  expect(bell.hasListeners("x")).toBe(false);
});

test("CL70 off removes the first instance, a once listener by the user's own function, or all", () => {
  const { bell, heard, listeners } = belled("a", "b");
  const [a, b] = listeners as [() => void, () => void];
  bell.on("x", a).on("x", b).on("x", a).once("x", b);
  bell
    .off("x", a)
    .off("x", b)
    .off("x", () => {});
  expect(bell.listeners("x")).toEqual([a, b]);
  bell.ring("x");
  expect(heard).toEqual(["a", "b"]);
  expect(bell.listeners("x")).toEqual([a]);
  bell.on("y", a).off("x");
  expect([bell.hasListeners("x"), bell.hasListeners("y")]).toEqual([false, true]);
  bell.removeAllListeners();
  expect(bell.hasListeners("y")).toBe(false);
});

test("CL70 changes during an event count from the next one on", () => {
  const { bell, heard, listeners } = belled("late", "gone");
  bell.on("x", () => bell.on("x", listeners[0]!).off("x", listeners[1]!));
  bell.on("x", listeners[1]!);
  bell.ring("x");
  expect(heard).toEqual(["gone"]);
});

test("CL70 a number and its digits are one name; names of Object.prototype are nothing special", () => {
  const { bell, heard, listeners } = belled("seven", "proto");
  bell.on(7, listeners[0]!).on("__proto__", listeners[1]!);
  bell.ring("7");
  bell.ring("__proto__");
  bell.ring("constructor");
  expect(heard).toEqual(["seven", "proto"]);
});

test("CL71 a listener that throws does not keep the others from hearing; its error surfaces", () => {
  const surfaced: unknown[] = [];
  vi.stubGlobal("queueMicrotask", (task: () => void) => {
    try {
      task();
    } catch (error) {
      surfaced.push(error);
    }
  });
  const { bell, heard, listeners } = belled("other");
  const error = new Error("mine");
  bell.on("x", () => {
    throw error;
  });
  bell.on("x", listeners[0]!);
  bell.ring("x");
  vi.unstubAllGlobals();
  expect(heard).toEqual(["other"]);
  expect(surfaced).toEqual([error]);
});

test("CL70 names whose listeners are gone leave nothing", () => {
  const created = vi.spyOn(Object, "create");
  const bell = new Bell();
  const kept = created.mock.results.map(({ value }) => value as object);
  created.mockRestore();
  const count = (): number => kept.flatMap((table) => Object.keys(table)).length;
  const listener = (): void => {};
  bell.on("stays", listener);
  expect(count()).toBe(1);
  for (let at = 0; at < 200_000; at++) {
    const name = `reply-${at}`;
    bell.once(name, listener);
    if (at % 2) bell.off(name, listener);
    else bell.ring(name);
  }
  expect(count()).toBe(1);
});

test("CL73 what is no function is refused", () => {
  expect(() => new Bell().on("x", undefined as never)).toThrow(TypeError);
});
