// Ids: their form, that they do not repeat, and that they cannot be told from one another by position.

import { describe, expect, test } from "vitest";
import { base64UrlFromBytes } from "./base64-url.ts";
import { IdGenerator } from "./random-id.ts";

describe("ids", () => {
  test("are 20 characters that need no escaping in a URL", () => {
    const ids = new IdGenerator();
    // More than one filling of the pool.
    for (let at = 0; at < 600; at++) expect(ids.next()).toMatch(/^[A-Za-z0-9_-]{20}$/);
  });

  test("do not repeat, within a generator or between two", () => {
    const [one, other] = [new IdGenerator(), new IdGenerator()];
    const seen = new Set<string>();
    for (let at = 0; at < 10_000; at++) seen.add(one.next()).add(other.next());
    expect(seen.size).toBe(20_000);
  });

  test("end in a counter, behind 96 bits of which none is constant", () => {
    const ids = new IdGenerator();
    const made = Array.from({ length: 300 }, () => Buffer.from(ids.next(), "base64url"));
    expect(made.map((bytes) => bytes.readUIntBE(12, 3))).toEqual([...made.keys()]);
    for (let bit = 0; bit < 96; bit++) {
      const ones = made.filter((bytes) => (bytes[bit >> 3]! >> (bit & 7)) & 1).length;
      expect(ones, `bit ${bit}`).toBeGreaterThan(60);
      expect(ones, `bit ${bit}`).toBeLessThan(240);
    }
  });
});

describe("base64url", () => {
  test.each([
    [[], ""],
    [[0, 0, 0], "AAAA"],
    [[255, 255, 255], "____"],
    [[251, 239, 190], "----"],
    [[1, 2, 3, 4, 5, 6], "AQIDBAUG"],
  ])("%j is %j", (bytes, text) => {
    expect(base64UrlFromBytes(Uint8Array.from(bytes))).toBe(text);
    expect(Buffer.from(bytes).toString("base64url")).toBe(text);
  });
});
