// A frame for many receivers, in a buffer of its own.

import { expect, test } from "vitest";
import { WholeFrame } from "./whole-frame.ts";

const encode = (text: string): Uint8Array => Buffer.from(text);

test("text becomes its bytes", () => {
  const frame = new WholeFrame("4é", encode);
  expect([frame.isBinary, frame.bytes, Buffer.from(frame.data).toString()]).toEqual([
    false,
    3,
    "4é",
  ]);
});

test("bytes are copied: those of the application may change", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const frame = new WholeFrame(bytes.subarray(1), encode);
  bytes.fill(0);
  expect([frame.isBinary, [...new Uint8Array(frame.data)]]).toEqual([true, [2, 3]]);
});
