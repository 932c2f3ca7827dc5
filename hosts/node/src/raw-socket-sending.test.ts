// What our WebSockets send over real TCP connections: frames of all kinds and lengths, together, to peers quick and slow.

import { describe, expect, test } from "vitest";
import { FarEnd, rawContext, rawOn, tcpPair } from "../test/raw-pair.ts";

/** A text frame as RFC 6455, 5.2, has it. */
function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (length < 126) return Buffer.concat([head.subarray(0, 2), payload]);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head.subarray(0, length < 65_536 ? 4 : 10), payload]);
}

describe.each(["shared", "events"] as const)("reads: %s", (reading) => {
  describe("WS10 sending", () => {
    const long = "x".repeat(70_000);
    test.each([
      ["ASCII", "4abc", "810434616263"],
      ["text of 126 characters", "x".repeat(126), `817e007e${"78".repeat(126)}`],
      ["other text", "4é", "810334c3a9"],
      ["bytes", Buffer.from([1, 0xff]), "820201ff"],
      ["nothing", "", "8100"],
      ["no bytes", Buffer.alloc(0), "8200"],
      ["long text", long, `817f0000000000011170${"78".repeat(70_000)}`],
      ["long other text", `${long}é`, `817f0000000000011172${"78".repeat(70_000)}c3a9`],
      ["long bytes", Buffer.alloc(70_000, 7), `827f0000000000011170${"07".repeat(70_000)}`],
    ] as const)("%s", async (_name, frame, wire) => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw } = rawOn(pair.near, rawContext({ reading }));
      raw.send(frame);
      expect((await far.bytes(wire.length / 2)).toString("hex") === wire).toBe(true);
    });

    test.each([
      ["é", 16_385],
      ["é", 32_767],
      ["é", 32_768],
      ["é", 65_535],
      ["€", 21_845],
      ["€", 21_846],
      ["€", 90_000],
      ["\ud83d\ude00", 40_000],
      ["x\ud83d", 20_000],
      ["x", 16_385],
      ["x", 65_535],
      ["x", 65_536],
      ["x", 262_134],
      ["x", 262_135],
    ])("long text of %j, %d times, between others", async (unit, times) => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw } = rawOn(pair.near, rawContext({ reading }));
      const text = unit.repeat(times);
      const frames = [
        serverFrame("before"),
        serverFrame(text),
        serverFrame("é"),
        serverFrame(text),
      ];
      for (const frame of ["before", text, "é", text]) raw.send(frame);
      const expected = Buffer.concat(frames);
      expect(raw.queuedBytes).toBeLessThanOrEqual(expected.length);
      // More than 262,144 bytes have been written already.
      if (expected.length <= 262_144) {
        expect(3 * raw.queuedBytes).toBeGreaterThanOrEqual(expected.length);
      }
      expect((await far.bytes(expected.length)).equals(expected)).toBe(true);
    });

    test("frames of one turn leave together and in order, whatever they are made of", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw } = rawOn(pair.near, rawContext({ reading }));
      const big = Buffer.alloc(20_000, 9);
      for (const frame of ["a", Buffer.from([1]), "é", big, "z", "y".repeat(20_000), "b"]) {
        raw.send(frame);
      }
      const total = 3 + 3 + 4 + 20_004 + 3 + 20_004 + 3;
      expect(raw.queuedBytes).toBe(total);
      expect(raw.isWritable()).toBe(false);
      const sent = await far.bytes(total);
      const parts = [
        Buffer.from("810161820101", "hex"),
        Buffer.from("8102c3a9", "hex"),
        Buffer.from("827e4e20", "hex"),
        big,
        Buffer.from("81017a817e4e20", "hex"),
        Buffer.from("y".repeat(20_000)),
        Buffer.from("810162", "hex"),
      ];
      expect(sent.equals(Buffer.concat(parts))).toBe(true);
      expect(raw.isWritable()).toBe(true);
    });

    test("long text that a peer does not read at once stays what it was, whatever others are sent", async () => {
      const context = rawContext({ reading });
      await using slow = await tcpPair();
      await using quick = await tcpPair();
      const { raw } = rawOn(slow.near, context);
      const other = rawOn(quick.near, context).raw;
      let count = 0;
      for (; slow.near.writableLength === 0; count++) {
        raw.send("a".repeat(100_000));
        raw.flush();
      }
      other.send("b".repeat(100_000));
      other.flush();
      const sent = await new FarEnd(slow.far).bytes(count * 100_010);
      const whole = Buffer.concat([sent.subarray(0, 10), Buffer.alloc(100_000, "a")]);
      for (let n = 0; n < count; n++) {
        expect(sent.subarray(n * 100_010, (n + 1) * 100_010).equals(whole), `${n}`).toBe(true);
      }
    });

    test("text that waits for a slow peer counts by its bytes", async () => {
      await using pair = await tcpPair();
      const { raw } = rawOn(pair.near, rawContext({ reading }));
      while (pair.near.writableLength === 0) {
        raw.send("x".repeat(1_000_000));
        raw.flush();
      }
      const before = raw.queuedBytes;
      raw.send("€".repeat(100_000));
      raw.flush();
      expect(raw.queuedBytes - before).toBe(10 + 300_000);
      raw.terminate();
    });

    test("a peer that does not read makes it unwritable until what waits has left", async () => {
      await using pair = await tcpPair();
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      const piece = "x".repeat(1_000_000);
      while (pair.near.writableLength === 0) {
        raw.send(piece);
        raw.flush();
      }
      expect(raw.isWritable()).toBe(false);
      expect(raw.queuedBytes).toBe(pair.near.writableLength);
      raw.send("last");
      const far = new FarEnd(pair.far);
      await journal.until("(drain)");
      expect(raw.queuedBytes).toBe(0);
      raw.terminate();
      await far.ended;
      expect(far.received.subarray(-6).toString("latin1")).toBe("\x81\x04last");
      // What went out in between was not overwritten by what came after it.
      expect(far.received.subarray(10, 1_000_010).equals(Buffer.alloc(1_000_000, 0x78))).toBe(true);
    });
  });
});
