// A SmallMap against a Map: whatever is done to both, they hold the same in the same order.

import fc from "fast-check";
import { expect, test } from "vitest";
import { SmallMap } from "./small-map.ts";

const step = fc.record({
  does: fc.constantFrom("set", "set", "delete"),
  key: fc.integer({ min: 0, max: 20 }),
  value: fc.oneof(fc.nat(), fc.array(fc.nat())),
});

test("holds what a Map holds, in its order, with few keys and with many", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const small = new SmallMap<number, number | number[]>();
      const model = new Map<number, number | number[]>();
      for (const { does, key, value } of steps) {
        if (does === "set") {
          small.set(key, value);
          model.set(key, value);
        } else {
          small.delete(key);
          model.delete(key);
        }
        expect(small.keys()).toEqual([...model.keys()]);
        for (const each of model.keys()) expect(small.get(each)).toBe(model.get(each));
        expect(small.get(99)).toBeUndefined();
      }
    }),
  );
});
