// Bytes in pieces: what is put in comes out, and the pieces cost neither time nor memory of their own.

import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { ByteQueue } from "./byte-queue.ts";
import { createPacketDecoderStream } from "./engine-io-parser.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("PR65 bytes come out in order, in whatever pieces they went in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ maxLength: 600 }), fc.nat(700)), { maxLength: 40 }),
      (steps) => {
        const queue = new ByteQueue();
        const put: number[] = [];
        const taken: number[] = [];
        for (const [chunk, count] of steps) {
          queue.put(chunk);
          put.push(...chunk);
          const bytes = queue.take(Math.min(count, queue.length));
          expect(bytes.buffer.byteLength).toBe(bytes.length);
          taken.push(...bytes);
        }
        taken.push(...queue.take(queue.length));
        expect(taken).toEqual(put);
        expect(queue.length).toBe(0);
      },
    ),
  );
});

/** What a stream costs that brings one packet of `size` bytes in pieces: bytes copied, and bytes allocated. */
async function costOf(size: number, piece: number): Promise<{ copied: number; allocated: number }> {
  const stream = createPacketDecoderStream(size, "arraybuffer") as TransformStream<
    Uint8Array,
    unknown
  >;
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  const packet = reader.read();
  let [copied, allocated] = [0, 0];
  const { set, slice, copyWithin } = Uint8Array.prototype;
  const body = new Uint8Array(size + 9);
  body[0] = 0x80 | 127;
  new DataView(body.buffer).setBigUint64(1, BigInt(size));
  vi.spyOn(Uint8Array.prototype, "set").mockImplementation(function (this: Uint8Array, from, at) {
    copied += from.length;
    // Set into the end of a new buffer is what a growing one does.
    if (at === undefined) allocated += this.length;
    set.call(this, from, at);
  });
  vi.spyOn(Uint8Array.prototype, "slice").mockImplementation(function (this: Uint8Array, from, to) {
    const made = slice.call(this, from, to);
    copied += made.length;
    allocated += made.length;
    return made as Uint8Array<ArrayBuffer>;
  });
  vi.spyOn(Uint8Array.prototype, "copyWithin").mockImplementation(function (
    this: Uint8Array,
    ...args
  ) {
    copied += (args[2] ?? this.length) - args[1];
    return copyWithin.apply(this, args);
  });
  for (let at = 0; at < body.length; at += piece) {
    await writer.write(body.subarray(at, at + piece));
  }
  expect((await packet).value).toMatchObject({ type: "message" });
  vi.restoreAllMocks();
  return { copied, allocated };
}

test.each([1, 7, 1000])("PR67 pieces of %d bytes cost no more than their bytes", async (piece) => {
  for (const size of [20_000, 40_000, 80_000]) {
    const { copied, allocated } = await costOf(size, piece);
    expect(copied).toBeLessThan(5 * size);
    expect(allocated).toBeLessThan(8 * size);
  }
});
