// What is written when a process ends.

import { expect, test } from "vitest";
import type { Gateway } from "../gateway.ts";
import { ExitFlushes } from "./exit-flush.ts";

function started() {
  const listeners = new Set<() => void>();
  const turn: (() => void)[] = [];
  const ending = {
    on: (_event: "exit", listener: () => void) => void listeners.add(listener),
    off: (_event: "exit", listener: () => void) => void listeners.delete(listener),
  };
  const written: string[] = [];
  const exits = new ExitFlushes(ending, (callback) => void turn.push(callback));
  const engine = (name: string, flush = (): void => void written.push(name)) =>
    exits.of(
      { releasePolls: () => void written.push(`polls ${name}`) } as unknown as Gateway,
      flush,
    );
  const exit = (): void => {
    for (const listener of listeners) listener();
  };
  const endTurn = (): void => {
    for (const callback of turn.splice(0)) callback();
  };
  return { listeners, written, engine, exit, endTurn };
}

test("one listener of the process serves all engines: polls first, and a failure keeps none from being written", () => {
  const { listeners, written, engine, exit } = started();
  const broken = engine("a", () => {
    throw new Error("broken");
  });
  const sound = engine("b");
  for (const each of [broken, sound, sound]) each.begin();
  expect(listeners.size).toBe(1);
  exit();
  expect(written).toEqual(["polls a", "polls b", "b"]);
  broken.end();
  sound.end();
  expect(listeners.size).toBe(0);
});

test("an engine that has closed is still written in the same turn", () => {
  const { listeners, written, engine, exit, endTurn } = started();
  const one = engine("a");
  one.begin();
  one.endAfterTurn();
  exit();
  expect(written).toEqual(["polls a", "a"]);
  endTurn();
  expect(listeners.size).toBe(0);
});

test("an engine that begins again in that turn stays", () => {
  const { listeners, engine, endTurn } = started();
  const one = engine("a");
  one.begin();
  one.endAfterTurn();
  one.begin();
  endTurn();
  expect(listeners.size).toBe(1);
});
