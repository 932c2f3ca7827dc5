// What of an event's data a store keeps.

import { expect, test } from "vitest";
import { storable } from "./storable.ts";

test("keeps what JSON would send, and bytes", () => {
  const when = new Date(0);
  class Price {
    toJSON(): unknown {
      return { cents: 5 };
    }
  }
  expect(storable({ when, price: new Price(), list: [1, null, "x"] })).toEqual({
    when: "1970-01-01T00:00:00.000Z",
    price: { cents: 5 },
    list: [1, null, "x"],
  });
  const large = new Uint8Array([1, 2, 3, 4]);
  const view = storable(large.subarray(1, 3)) as Uint8Array;
  expect([...view]).toEqual([2, 3]);
  expect(view.buffer.byteLength).toBe(2);
  large[1] = 9;
  expect([...view]).toEqual([2, 3]);
  const blob = new Blob(["x"]);
  expect(storable([blob])).toEqual([blob]);
});

test("refuses functions and symbols by a TypeError with a code", () => {
  for (const value of [() => {}, Symbol("s")]) {
    expect(() => storable({ deep: [value] })).toThrow(TypeError);
    expect(() => storable(value)).toThrow(expect.objectContaining({ code: "ERR_OUTBOX_DATA" }));
  }
});

test("a member named __proto__ stays a member", () => {
  const copy = storable(JSON.parse('{"__proto__":{"x":1}}'));
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"x":1}}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});
