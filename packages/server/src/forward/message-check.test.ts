// What other servers write about sessions, and what they do not.

import { expect, test } from "vitest";
import { isBody, isSessionMessage } from "./message-check.ts";

const head = { method: "GET", url: "/x", headers: { a: "b" }, address: "::1", secure: false };

test.each([
  { op: "request", id: 1, head },
  { op: "upgrade", id: 1, head },
  { op: "abort", id: 1 },
  { op: "opened", id: 1 },
  { op: "up", id: 1, seq: 0 },
  { op: "taken", id: 1, bytes: 5 },
  { op: "gone", id: 1 },
  { op: "gone", id: 1, error: "why" },
  { op: "reply", id: 1, status: 200, headers: { a: "b", c: ["d"] }, compress: true },
  { op: "cut", id: 1 },
  { op: "accepted", id: 1, headers: {} },
  { op: "refused", id: 1, text: "no" },
  { op: "down", id: 1, seq: 0, compress: false },
  { op: "end", id: 1, how: "close" },
])("FW8 %o is a message", (message) => {
  expect(isSessionMessage(message)).toBe(true);
});

test.each([
  null,
  "request",
  { op: "request", id: 1 },
  { op: "request", id: "1", head },
  { op: "request", id: 1, head: { ...head, url: null } },
  { op: "request", id: 1, head: { ...head, headers: { a: ["b"] } } },
  { op: "upgrade", id: 1, head: { ...head, secure: 1 } },
  { op: "up", id: 1, seq: "0" },
  { op: "taken", id: 1, bytes: null },
  { op: "gone", id: 1, error: {} },
  { op: "reply", id: 1, status: 200, headers: null, compress: true },
  { op: "reply", id: 1, status: "200", headers: {}, compress: true },
  { op: "accepted", id: 1, headers: { a: 1 } },
  { op: "refused", id: 1, text: {} },
  { op: "end", id: 1, how: "now" },
  { op: "toString", id: 1 },
  { op: ["cut"], id: 1 },
])("FW8 %o is none", (message) => {
  expect(isSessionMessage(message)).toBe(false);
});

test("FW8 a body is text, bytes or nothing", () => {
  expect([null, "x", new Uint8Array(1)].every(isBody)).toBe(true);
  expect([undefined, 1, ["x"], {}].some(isBody)).toBe(false);
});
