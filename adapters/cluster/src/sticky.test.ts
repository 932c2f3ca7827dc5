// How the id of a session names its worker.

import { createServer } from "node:https";
import { expect, test } from "vitest";
import { setupPrimary, setupWorker } from "./index.ts";
import { idOfWorker, sticky, unsticky, workerIn } from "./sticky.ts";

test("ST1 a request line names the worker of its session, wherever the parameter stands", () => {
  const id = idOfWorker("a-_9~8.x", 12);
  expect(workerIn(`GET /socket.io/?EIO=4&transport=polling&sid=${id} HTTP/1.1`)).toBe(12);
  expect(workerIn(`POST /socket.io/?sid=${encodeURIComponent(id)}&EIO=4 HTTP/1.1`)).toBe(12);
  expect(workerIn("GET /socket.io/?sid=a%7e3&t=1 HTTP/1.1")).toBe(3);
  for (const line of [
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1",
    "GET /socket.io/?sid=abc HTTP/1.1",
    "GET /socket.io/?sid=abc~ HTTP/1.1",
    "GET /socket.io/?notsid=abc~1 HTTP/1.1",
    "GET /~1 HTTP/1.1",
  ]) {
    expect(workerIn(line), line).toBe(undefined);
  }
});

test("ST2 messages of the application are none of ours", () => {
  expect(unsticky(sticky({ clients: 3 }))).toEqual({ clients: 3 });
  for (const other of [null, 1, "x", {}, { "sockeye:sticky": 1 }])
    expect(unsticky(other)).toBe(null);
});

test("ST3 what cannot work is refused", () => {
  expect(() => setupPrimary(createServer() as never)).toThrow(/TLS/);
  const wrong = { loadBalancingMethod: "fair" } as never;
  expect(() => setupPrimary({ on() {}, removeAllListeners() {} } as never, wrong)).toThrow(
    /loadBalancingMethod must be one of/,
  );
  expect(() => setupWorker({} as never)).toThrow("setupWorker() is for workers of node:cluster");
});
