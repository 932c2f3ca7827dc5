// Several messages as one.

import { expect, test } from "vitest";
import { pack, unpack } from "./batch.ts";

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

test("CN17 messages that are packed are the same when they are unpacked; a single one is not packed", () => {
  const many = [bytes(1, 84, 3), bytes(), bytes(255)];
  expect(unpack(pack(many)).map((each) => [...each])).toEqual(many.map((each) => [...each]));
  expect(pack([many[0] as Uint8Array])).toBe(many[0]);
  expect(unpack(many[0] as Uint8Array)).toEqual([many[0]]);
});

test("CN2 a pack that is cut off gives what is whole", () => {
  const packed = pack([bytes(1, 2), bytes(3, 4)]);
  for (let length = 2; length < packed.length; length++) {
    const found = unpack(packed.subarray(0, length));
    expect(found.length).toBe(length < 8 ? 0 : 1);
  }
});
