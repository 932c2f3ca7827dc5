// Packets as MessagePack: the frames of Socket.IO's parser, and what is no packet.

import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { codecOf } from "./custom-parser.ts";
import type { Frame } from "./frame.ts";
import { msgpackCodec } from "./msgpack-codec.ts";
import { encodeMsgpack } from "./msgpack-encoder.ts";
import { type Packet, PacketType } from "./packet.ts";

const parser = createRequire(import.meta.url)("socket.io-msgpack-parser") as Parameters<
  typeof codecOf
>[0];
const control = codecOf(parser);
const codec = msgpackCodec();
const hex = (frame: unknown): string => Buffer.from(frame as Uint8Array).toString("hex");

const PACKETS: readonly Packet[] = [
  { type: PacketType.CONNECT, nsp: "/" },
  { type: PacketType.CONNECT, data: { sid: "abc", pid: "def" }, nsp: "/admin" },
  { type: PacketType.DISCONNECT, nsp: "/" },
  { type: PacketType.EVENT, data: ["e"], nsp: "/" },
  { type: PacketType.EVENT, data: [7, { a: [Buffer.from([1, 2]), undefined] }], nsp: "/" },
  { type: PacketType.EVENT, data: ["e", new Date(5)], id: 300, nsp: "/" },
  { type: PacketType.ACK, data: [], id: 0, nsp: "/" },
  { type: PacketType.CONNECT_ERROR, data: { message: "no" }, nsp: "/" },
  { type: PacketType.CONNECT_ERROR, data: "no", nsp: "/" },
];

/** What a decoder makes of a frame, whichever way it gives it out. */
function decode(by: typeof codec, frame: Frame): Packet | undefined {
  let raised: Packet | undefined;
  const decoder = by.createDecoder({
    onPacket(packet) {
      raised = packet;
    },
  });
  return decoder.add(frame) ?? raised;
}

test("MP7 each packet is one frame, byte for byte that of Socket.IO's parser, and both read both", () => {
  for (const packet of PACKETS) {
    const frame = codec.encode(packet) as Uint8Array;
    const [expected, ...more] = control.encode(packet) as Frame[];
    expect([hex(frame), more]).toEqual([hex(expected), []]);
    const buffer = Buffer.from(frame);
    expect(decode(codec, buffer)).toEqual(packet);
    expect(decode(control, buffer)).toEqual(packet);
  }
});

test("MP7 what is undefined is left out, and what clients add is ignored", () => {
  const bare = { type: PacketType.EVENT, data: ["e"], nsp: "/" } as const;
  expect(hex(codec.encode({ ...bare, id: undefined }))).toBe(hex(codec.encode(bare)));
  const connect = Buffer.from("83a47479706500a464617461d40000a36e7370a12f", "hex");
  expect(decode(codec, connect)).toEqual({ type: PacketType.CONNECT, nsp: "/" });
  const [frame] = control.encode({
    ...bare,
    id: 3,
    options: { compress: true },
  } as Packet) as Frame[];
  expect(decode(codec, frame as Frame)).toEqual({ ...bare, id: 3 });
});

test("MP7 a frame owns its bytes", () => {
  const data = Buffer.from([1, 2, 3]);
  const frame = codec.encode({ type: PacketType.EVENT, data: ["e", data], nsp: "/" });
  data.fill(9);
  expect(decode(codec, Buffer.from(frame as Uint8Array))?.data).toEqual([
    "e",
    Buffer.from([1, 2, 3]),
  ]);
});

test("MP8 in browsers, which pass ArrayBuffers around, bytes are ArrayBuffers", () => {
  const packet = {
    type: PacketType.EVENT,
    data: ["e", { a: [Buffer.from([1])] }],
    nsp: "/",
  } as const;
  const { buffer } = (codec.encode(packet) as Uint8Array).slice();
  const decoded = decode(codec, buffer as unknown as Uint8Array);
  const [, { a }] = (decoded as Packet).data as [string, { a: [ArrayBuffer] }];
  expect(a[0]).toBeInstanceOf(ArrayBuffer);
  expect(new Uint8Array(a[0])).toEqual(Uint8Array.of(1));
});

describe("frames that are no packets", () => {
  const rows: readonly [unknown, string][] = [
    [null, "PACKET_TYPE"],
    ["text", "PACKET_TYPE"],
    [[], "PACKET_TYPE"],
    [{}, "PACKET_TYPE"],
    [{ type: 5, data: ["e"], nsp: "/" }, "PACKET_TYPE"],
    [{ type: 6, data: [], nsp: "/" }, "PACKET_TYPE"],
    [{ type: 2.5, data: ["e"], nsp: "/" }, "PACKET_TYPE"],
    [{ type: 2, data: ["e"] }, "PAYLOAD"],
    [{ type: 2, data: ["e"], nsp: "x" }, "PAYLOAD"],
    [{ type: 2, data: [], nsp: "/" }, "PAYLOAD"],
    [{ type: 2, data: ["disconnect"], nsp: "/" }, "PAYLOAD"],
    [{ type: 2, nsp: "/" }, "PAYLOAD"],
    [{ type: 0, data: null, nsp: "/" }, "PAYLOAD"],
    [{ type: 0, data: new Date(5), nsp: "/" }, "PAYLOAD"],
    [{ type: 4, data: Buffer.from([1]), nsp: "/" }, "PAYLOAD"],
    [{ type: 3, data: [], id: -1, nsp: "/" }, "ACK_ID"],
    [{ type: 3, data: [], id: 2 ** 60, nsp: "/" }, "ACK_ID"],
  ];

  test.each(rows)("MP9 %j is refused", (value, code) => {
    const frame = Buffer.from(encodeMsgpack(value));
    expect(() => decode(codec, frame)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test("MP9 text is refused, and broken MessagePack", () => {
    expect(() => decode(codec, '2["e"]')).toThrow(
      expect.objectContaining({ code: "UNEXPECTED_TEXT" }),
    );
    expect(() => decode(codec, Buffer.from([0xc1]))).toThrow(
      expect.objectContaining({ code: "MSGPACK" }),
    );
  });
});
