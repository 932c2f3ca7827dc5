// What counts as plain: never data that the search for binary would change, or refuse.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Extraction, extractAttachments } from "./attachments.ts";
import { isPlainData } from "./plain-data.ts";

const circular: unknown[] = [];
circular.push(circular);

test.each<[string, unknown, boolean]>([
  ["nothing", undefined, true],
  ["primitive values", ["a", 1, null, true, undefined], true],
  ["objects in arrays in objects", { a: [{ b: [1, { c: null }] }] }, true],
  ["what JSON.parse made of __proto__", JSON.parse('{"__proto__":{"a":1}}'), true],
  ["a Uint8Array", new Uint8Array(1), false],
  ["an ArrayBuffer deep inside", { a: [{ b: new ArrayBuffer(1) }] }, false],
  ["a Blob", [new Blob([])], false],
  ["a Date", { at: new Date(0) }, false],
  ["a Map", new Map(), false],
  ["an instance of a class", new (class Point {})(), false],
  ["an object without prototype", Object.create(null), false],
  ["a field that is called constructor", { constructor: "Ford" }, false],
  ["what inherits from a plain object", Object.assign(Object.create({ a: 1 }), { b: 2 }), true],
  ["what inherits binary", Object.create({ a: new Uint8Array(1) }), false],
  ["a toJSON method", { toJSON: () => new Uint8Array(1) }, false],
  ["an array with a toJSON method", Object.assign([], { toJSON: () => 1 }), false],
  ["a cycle", circular, false],
])("%s: %s", (_name, value, isPlain) => {
  expect(isPlainData(["event", value])).toBe(isPlain);
  expect(isPlainData(["event", { deeper: [value] }])).toBe(isPlain);
});

test("what inherits from a plain object is left as it is", () => {
  const data = ["event", Object.assign(Object.create({ a: 1 }), { b: 2 })];
  const into: Extraction = { blobs: "refuse", attachments: null };
  expect(JSON.stringify(extractAttachments(data, into))).toBe(JSON.stringify(data));
});

test("plain data is data that the search leaves as it is", () => {
  const anything = fc.anything({ withTypedArray: true, withDate: true, withNullPrototype: true });
  fc.assert(
    fc.property(fc.array(anything), (data) => {
      if (!isPlainData(data)) return;
      const into: Extraction = { blobs: "refuse", attachments: null };
      expect(extractAttachments(data, into)).toBe(data);
      expect(into.attachments).toBeNull();
    }),
  );
});
