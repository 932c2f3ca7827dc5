// A codec that is not trusted: what it makes, and what it gives out.

import { describe, expect, test } from "vitest";
import type { Codec, Encoded, PacketReceiver } from "./codec.ts";
import { codecOf } from "./custom-parser.ts";
import type { Frame } from "./frame.ts";
import { jsonCodec } from "./json-codec.ts";
import { type Packet, PacketType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";
import { strictCodec } from "./strict-codec.ts";

const EVENT: Packet = { type: PacketType.EVENT, nsp: "/", data: ["e"] };

/** Makes `made` of any packet, and gives out whatever JSON comes, at once or through the receiver. */
function careless(made: unknown = "", way: "returned" | "raised" = "returned"): Codec {
  return {
    encode: () => made as Encoded,
    createDecoder: (receiver?: PacketReceiver) => ({
      add(frame: Frame) {
        const packet = JSON.parse(String(frame)) as Packet;
        if (way === "returned") return packet;
        receiver?.onPacket(packet);
        return undefined;
      },
      reset: () => {},
    }),
  };
}

/** Decodes, whichever way the packet comes. */
function decode(given: unknown, way: "returned" | "raised"): Packet | undefined {
  let raised: Packet | undefined;
  const decoder = strictCodec(careless("", way)).createDecoder({
    onPacket(packet) {
      raised = packet;
    },
  });
  return decoder.add(JSON.stringify(given)) ?? raised;
}

const GOOD: readonly [unknown, Packet][] = [
  [EVENT, EVENT],
  [
    { ...EVENT, id: 0, options: { compress: true } },
    { ...EVENT, id: 0 },
  ],
  [{ ...EVENT, id: null }, EVENT],
  [{ ...EVENT, type: 5, attachments: 1 }, EVENT],
  [
    { type: 6, nsp: "/a", data: [], id: 7 },
    { type: 3, nsp: "/a", data: [], id: 7 },
  ],
  [
    { type: 0, nsp: "/" },
    { type: 0, nsp: "/" },
  ],
  [
    { type: 1, nsp: "/" },
    { type: 1, nsp: "/" },
  ],
  [
    { type: 4, nsp: "/", data: "x" },
    { type: 4, nsp: "/", data: "x" },
  ],
];

const BAD: readonly [unknown, string][] = [
  [null, "PACKET_TYPE"],
  [5, "PACKET_TYPE"],
  ["x", "PACKET_TYPE"],
  [[], "PACKET_TYPE"],
  [{ nsp: "/", data: ["e"] }, "PACKET_TYPE"],
  [{ ...EVENT, type: 7 }, "PACKET_TYPE"],
  [{ ...EVENT, type: -1 }, "PACKET_TYPE"],
  [{ ...EVENT, type: 2.5 }, "PACKET_TYPE"],
  [{ ...EVENT, type: "2" }, "PACKET_TYPE"],
  [{ type: 2, data: ["e"] }, "PAYLOAD"],
  [{ ...EVENT, nsp: 5 }, "PAYLOAD"],
  [{ ...EVENT, nsp: "" }, "PAYLOAD"],
  [{ ...EVENT, nsp: "a" }, "PAYLOAD"],
  [{ ...EVENT, data: "e" }, "PAYLOAD"],
  [{ ...EVENT, data: [] }, "PAYLOAD"],
  [{ ...EVENT, data: [{}] }, "PAYLOAD"],
  [{ ...EVENT, data: ["disconnect"] }, "PAYLOAD"],
  [{ ...EVENT, type: 5, data: ["connect"] }, "PAYLOAD"],
  [{ type: 3, nsp: "/", data: {} }, "PAYLOAD"],
  [{ type: 0, nsp: "/", data: [] }, "PAYLOAD"],
  [{ type: 1, nsp: "/", data: 1 }, "PAYLOAD"],
  [{ ...EVENT, id: -1 }, "ACK_ID"],
  [{ ...EVENT, id: 1.5 }, "ACK_ID"],
  [{ ...EVENT, id: "1" }, "ACK_ID"],
  [{ ...EVENT, id: 2 ** 60 }, "ACK_ID"],
];

describe.each(["returned", "raised"] as const)("packets that are %s", (way) => {
  test.each(GOOD)("PR57 %j is one", (given, packet) => {
    expect(decode(given, way)).toEqual(packet);
  });

  test.each(BAD)("PR57 %j is none", (given, code) => {
    let thrown: unknown;
    try {
      decode(given, way);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect(thrown).toMatchObject({ code });
  });
});

test("PR57 frames are text and bytes, whatever holds the bytes", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const rows: readonly [unknown, Encoded][] = [
    ["a", "a"],
    [
      ["a", bytes],
      ["a", bytes],
    ],
    [[bytes.buffer], [bytes]],
    [[new DataView(bytes.buffer, 1, 2)], [bytes.subarray(1, 3)]],
    [[new Uint16Array(bytes.buffer)], [bytes]],
  ];
  for (const [made, frames] of rows) {
    expect(strictCodec(careless(made)).encode(EVENT)).toEqual(frames);
  }
  for (const made of [5, null, [undefined], [{}], ["a", 5], [[1]], new Map()]) {
    expect(() => strictCodec(careless(made)).encode(EVENT)).toThrow(TypeError);
  }
});

test("PR57 a good codec is as good as before, and is told to forget", () => {
  const strict = strictCodec(jsonCodec());
  const packet = { ...EVENT, data: ["e", Uint8Array.of(1)], id: 3 };
  const decoder = strict.createDecoder();
  const [head, attachment] = strict.encode(packet) as [Frame, Frame];
  expect(decoder.add(head)).toBeUndefined();
  expect(decoder.add(attachment)).toEqual(packet);
  decoder.add(head);
  decoder.reset();
  expect(decoder.add('2["e"]')).toEqual({ ...EVENT, id: undefined });
  let resets = 0;
  const parser = {
    Encoder: class {
      encode = (): string[] => [];
    },
    Decoder: class {
      on = (): void => {};
      add = (): void => {};
      destroy = (): void => {
        resets += 1;
      };
    },
  };
  strictCodec(codecOf(parser)).createDecoder().reset();
  expect(resets).toBe(1);
});
