// What is kept of the frames of a packet that is not complete.

import { describe, expect, test } from "vitest";
import { PackedFrames } from "./packed-frames.ts";

describe("PR34 frames that wait for others", () => {
  test("come out in their order, of their class, with their bytes", () => {
    const frames = new PackedFrames();
    const large = Buffer.from(new Uint8Array(5000).fill(7).buffer);
    const given = [Buffer.from([1]), Buffer.alloc(0), large, Buffer.from([2, 3])];
    for (const each of given) frames.add(each);
    expect(frames.length).toBe(4);
    expect(frames.list()).toEqual(given);
    expect(frames.list().every((each) => Buffer.isBuffer(each))).toBe(true);
    expect(frames.list()[2]).toBe(large);
  });

  test("hold neither the buffers that small ones are views of, nor more than twice their bytes", () => {
    const frames = new PackedFrames();
    for (let count = 0; count < 10_000; count++) {
      frames.add(new Uint8Array(65_536).subarray(count, count + 1));
    }
    const buffers = new Set(frames.list().map(({ buffer }) => buffer));
    expect(buffers.size).toBe(1);
    expect([...buffers][0]?.byteLength).toBeLessThanOrEqual(2 * 10_000);
  });
});
