// What messages in many pieces cost: bytes allocated and copied, and bytes held, against the bytes that have come.

import { FrameReader, type FrameSink, type Unfinished } from "@sockeye/websocket";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clientFrame } from "../test/client-frames.ts";
import { nodeBytes } from "./bytes.ts";

const LIMIT = 10_000_000;

afterEach(() => {
  vi.restoreAllMocks();
});

class Sink implements FrameSink<Buffer> {
  unfinished: Unfinished<Buffer> | null = null;
  readonly messages: (string | Buffer)[] = [];
  onText(text: string): void {
    this.messages.push(text);
  }
  onBytes(bytes: Buffer): void {
    this.messages.push(bytes);
  }
  onPing(): void {}
  onPong(): void {}
  onCloseFrame(): void {}
  onBroken(error: Error): void {
    throw error;
  }
}

/** The frames of a message in pieces of that size. */
function pieces(opcode: number, count: number, size: number): Buffer[] {
  return Array.from({ length: count }, (_, n) =>
    clientFrame({
      opcode: n === 0 ? opcode : 0,
      payload: Buffer.alloc(size, "0123456789abcdef"[n % 16]),
      fin: n === count - 1,
    }),
  );
}

/** Reads chunks; returns the most that was held of the bytes that had come, as a multiple, and all that was allocated. */
function read(chunks: readonly Buffer[]): {
  message: string | Buffer;
  held: number;
  allocated: number;
} {
  const spy = vi.spyOn(Buffer, "allocUnsafe");
  const copies = vi.spyOn(Uint8Array.prototype, "set");
  const sink = new Sink();
  const reader = new FrameReader(LIMIT, nodeBytes);
  let come = 0;
  let held = 0;
  for (const chunk of chunks) {
    reader.read(sink, chunk, chunk.length);
    come += chunk.length;
    if (sink.unfinished !== null) {
      held = Math.max(held, ((sink.unfinished.payload?.length ?? 0) - 512) / come);
    }
  }
  const allocated = spy.mock.calls.reduce((sum, [size]) => sum + size, 0);
  const copied = copies.mock.calls.reduce((sum, [bytes]) => sum + bytes.length, 0);
  spy.mockRestore();
  copies.mockRestore();
  expect(sink.messages).toHaveLength(1);
  return { message: sink.messages[0] as string | Buffer, held, allocated: allocated + copied };
}

describe.each([
  ["text", 1],
  ["bytes", 2],
] as const)("WS19 a message of %s", (_name, opcode) => {
  test.each([1, 61, 1000])(
    "in pieces of %d bytes costs no more per byte however many there are",
    (size) => {
      for (const count of [1000, 2000, 4000, 8000]) {
        const { held, allocated, message } = read(pieces(opcode, count, size));
        expect(message.length).toBe(count * size);
        expect(allocated / (count * size)).toBeLessThan(8);
        expect(held).toBeLessThan(3);
      }
    },
  );

  test("in one frame that comes byte by byte costs no more", () => {
    for (const length of [10_000, 20_000, 40_000]) {
      const frame = clientFrame({ opcode, payload: "x".repeat(length) });
      const { held, allocated } = read(Array.from(frame, (byte) => Buffer.from([byte])));
      expect(allocated / length).toBeLessThan(8);
      expect(held).toBeLessThan(3);
    }
  });

  test("that is only announced takes next to nothing, also in the middle of one", () => {
    const reader = new FrameReader(LIMIT, nodeBytes);
    for (const before of [0, 1, 100_000]) {
      const sink = new Sink();
      const first = clientFrame({ opcode, payload: Buffer.alloc(before, "x"), fin: false });
      const rest = clientFrame({ opcode: 0, claim: 9_000_000n, payload: "y" });
      const chunk =
        before === 0
          ? clientFrame({ opcode, claim: 9_000_000n, payload: "y" })
          : Buffer.concat([first, rest]);
      reader.read(sink, chunk, chunk.length);
      expect(sink.unfinished?.filled).toBe(before + 1);
      expect(sink.unfinished?.payload?.length).toBeLessThanOrEqual(512 + 2 * chunk.length);
    }
  });
});

test("WS19 bytes in pieces are handed on in a buffer of their own size", () => {
  const { message } = read(pieces(2, 100, 777));
  expect((message as Buffer).buffer.byteLength).toBe(77_700);
});
