// Requests: what they wait for, and what they end with.

import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { Answer } from "./intents.ts";
import { type RequestEnd, Requests } from "./requests.ts";

const DONE: Answer = { kind: "result" };
const PART: Answer = { kind: "sockets", more: true };

function start(): {
  readonly clock: FakeClock;
  readonly requests: Requests;
  readonly ends: RequestEnd[];
  readonly heard: string[];
  ask(...nodes: string[]): number;
} {
  const clock = new FakeClock();
  const requests = new Requests(clock);
  const ends: RequestEnd[] = [];
  const heard: string[] = [];
  const asker = {
    onAnswer: (node: string, answer: Answer) => {
      heard.push(node);
      return !("more" in answer);
    },
    onNodeLeft: (node: string) => void heard.push(`left ${node}`),
    onEnd: (end: RequestEnd) => void ends.push(end),
  };
  return { clock, requests, ends, heard, ask: (...nodes) => requests.begin(nodes, 100, asker) };
}

test("CN6 a request ends when every node has answered completely", () => {
  const { ask, clock, ends, requests } = start();
  const id = ask("a", "b");
  requests.answer(id, "a", [PART, null]);
  requests.answer(id, "b", [DONE, null]);
  expect(ends).toEqual([]);
  requests.answer(id, "a", [DONE, null]);
  expect(ends).toEqual([{ reason: "answered", missing: [] }]);
  expect([requests.size, clock.pending]).toEqual([0, 0]);
});

test("CN6 without other nodes it ends at once", () => {
  const { ask, ends } = start();
  ask();
  expect(ends).toEqual([{ reason: "answered", missing: [] }]);
});

test("CN6 answers that come twice, late or unasked are ignored", () => {
  const { ask, ends, heard, requests } = start();
  const id = ask("a", "b");
  requests.answer(id, "stranger", [DONE, null]);
  requests.answer(id, "a", [DONE, null]);
  requests.answer(id, "a", [DONE, null]);
  requests.answer(id, "b", [DONE, null]);
  requests.answer(id, "b", [DONE, null]);
  requests.answer(id + 1, "a", [DONE, null]);
  expect(heard).toEqual(["a", "b"]);
  expect(ends).toHaveLength(1);
});

test("CN7 a node that leaves is waited for no longer, and is named", () => {
  const { ask, ends, heard, requests } = start();
  const id = ask("a", "b");
  ask("b");
  requests.onNodeLeft("a");
  expect(ends).toEqual([]);
  requests.answer(id, "b", [DONE, null]);
  expect(ends).toEqual([{ reason: "node left", missing: ["a"] }]);
  expect(heard).toEqual(["left a", "b"]);
});

test("CN7 at the timeout the silent nodes are named", () => {
  const { ask, clock, ends, requests } = start();
  const id = ask("a", "b", "c");
  requests.answer(id, "b", [DONE, null]);
  clock.advance(100);
  expect(ends).toEqual([{ reason: "timeout", missing: ["a", "c"] }]);
});

test("CN7 a request that was not sent ends with the error; a forgotten one does not end", () => {
  const { ask, clock, ends, requests } = start();
  const error = new Error("away");
  requests.fail(ask("a"), error);
  expect(ends).toEqual([{ reason: "failed", missing: ["a"], error }]);
  requests.forget(ask("a"));
  clock.advance(1000);
  expect(ends).toHaveLength(1);
});
