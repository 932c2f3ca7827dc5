// Frames that share no memory with the data they were made of.

import { resolveOptions } from "@sockeye/portable";
import { jsonCodec, type Packet, PacketType } from "@sockeye/protocol";
import { FakeClock, MemoryFramer } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { coreOptionRules } from "./options.ts";
import { owningCodec } from "./owning-codec.ts";
import { createServices } from "./services.ts";

function encode(...data: unknown[]): unknown {
  const packet: Packet = { type: PacketType.EVENT, nsp: "/", data };
  return owningCodec(jsonCodec()).encode(packet);
}

test("NH43 text frames are what the codec made", () => {
  expect(encode("x", 1)).toBe('2["x",1]');
});

test("NH43 bytes of every kind are copied, and only those that are shown", () => {
  const memory = new Uint8Array([0, 1, 2, 3]);
  const kinds = [memory.subarray(1, 3), new DataView(memory.buffer, 1, 2), memory.buffer];
  const [, ...frames] = encode("x", ...kinds) as [string, ...Uint8Array[]];
  memory.fill(9);
  expect(frames).toEqual([
    new Uint8Array([1, 2]),
    new Uint8Array([1, 2]),
    new Uint8Array([0, 1, 2, 3]),
  ]);
});

test("NH43 a codec of one binary frame is copied too, and its decoder is its own", () => {
  const bytes = new Uint8Array([1]);
  const decoder = { add: () => undefined, reset: () => {} };
  const codec = owningCodec({ encode: () => bytes, createDecoder: () => decoder });
  const frame = codec.encode({ type: PacketType.EVENT, nsp: "/", data: [] });
  bytes.fill(2);
  expect(frame).toEqual(new Uint8Array([1]));
  expect(codec.createDecoder()).toBe(decoder);
});

test("NH43 a host that copies what it sends has no other copy made for one client; broadcasts own theirs", () => {
  const { options } = resolveOptions(coreOptionRules, {});
  const platform = {
    clock: new FakeClock(),
    framer: new MemoryFramer(),
    surface: () => {},
    warn: () => {},
  };
  const memory = Uint8Array.of(1);
  const packet: Packet = { type: PacketType.EVENT, nsp: "/", data: ["x", memory] };
  for (const copiesFrames of [true, false]) {
    const { codec, directCodec } = createServices(options, { ...platform, copiesFrames });
    const [, direct] = directCodec.encode(packet) as [string, Uint8Array];
    const [, shared] = codec.encode(packet) as [string, Uint8Array];
    expect([direct.buffer, shared.buffer].map((each) => each === memory.buffer)).toEqual([
      copiesFrames,
      false,
    ]);
  }
});
