// Order around walks over sockets: what waits for their end.

import { expect, test } from "vitest";
import { Walks } from "./walks.ts";

test("AD6 without a walk an action runs at once; during one it waits for the end of the outermost", () => {
  const walks = new Walks(() => {});
  const done: number[] = [];
  walks.after(() => void done.push(1));
  walks.begin();
  walks.begin();
  walks.after(() => void done.push(2));
  expect([walks.isGoingOn, done]).toEqual([true, [1]]);
  walks.end();
  expect(done).toEqual([1]);
  walks.end();
  expect([walks.isGoingOn, done]).toEqual([false, [1, 2]]);
});

test("AD6 what waiting actions add, in walks of their own, follows them in one queue", () => {
  const walks = new Walks(() => {});
  const done: string[] = [];
  walks.begin();
  walks.after(() => {
    walks.begin();
    walks.after(() => void done.push("third"));
    walks.end();
    done.push("first");
  });
  walks.after(() => void done.push("second"));
  walks.end();
  expect(done).toEqual(["first", "second", "third"]);
});

test("AD6 an action that throws is told, and the others still run", () => {
  const told: unknown[] = [];
  const walks = new Walks((error) => void told.push(error));
  const done: number[] = [];
  const failure = new Error("no");
  walks.begin();
  walks.after(() => {
    throw failure;
  });
  walks.after(() => void done.push(2));
  walks.end();
  expect([told, done]).toEqual([[failure], [2]]);
  walks.begin();
  walks.after(() => void done.push(3));
  walks.end();
  expect(done).toEqual([2, 3]);
});
