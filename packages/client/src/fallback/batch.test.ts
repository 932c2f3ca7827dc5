// What fits into one polling body.

import { expect, test } from "vitest";
import type { OutgoingPacket } from "../transports/transport.ts";
import { batchLength } from "./batch.ts";

const packets = (...data: NonNullable<OutgoingPacket["data"]>[]): OutgoingPacket[] =>
  data.map((each) => ({ type: "message", data: each }));

test.each([
  ["all fit", packets("a", "b", "c"), 100, 3],
  ["exactly: types and separators count", packets("aa", "bb"), 7, 2],
  ["one byte less", packets("aa", "bb"), 6, 1],
  ["the first is too large, and goes alone", packets("x".repeat(50), "b"), 10, 1],
  ["text counts as UTF-8", packets("a", "€€€"), 11, 1],
  ["and fits when there is room for it", packets("a", "€€€"), 13, 2],
  ["bytes count as base64", packets("a", new Uint8Array(9)), 15, 1],
  ["blobs too", packets("a", new Blob(["123456789"])), 16, 2],
  ["a packet without data", [{ type: "pong" }, ...packets("a")] as OutgoingPacket[], 4, 2],
])("%s", (...[, list, limit, expected]) => {
  expect(batchLength(list, limit)).toBe(expected);
});
