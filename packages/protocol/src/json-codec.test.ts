// The JSON codec's packets: literal rows, and socket.io-parser as the control.

import fc from "fast-check";
import { type Packet as ControlPacket, Decoder, Encoder } from "socket.io-parser";
import { describe, expect, test } from "vitest";
import type { Frame } from "./frame.ts";
import { jsonCodec } from "./json-codec.ts";
import { type Packet, PacketType, RESERVED_EVENTS } from "./packet.ts";

const { CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR } = PacketType;
const codec = jsonCodec();
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function framesOf(packet: Packet): readonly Frame[] {
  const encoded = codec.encode(packet);
  return typeof encoded === "string" || encoded instanceof Uint8Array ? [encoded] : encoded;
}

function decode(frames: readonly Frame[]): Packet[] {
  const decoder = codec.createDecoder();
  return frames.map((frame) => decoder.add(frame)).filter((packet) => packet !== undefined);
}

const ROWS: readonly [packet: Packet, frames: readonly Frame[]][] = [
  [{ type: CONNECT, nsp: "/" }, ["0"]],
  [{ type: CONNECT, nsp: "/", data: { token: "123" } }, ['0{"token":"123"}']],
  [{ type: CONNECT, nsp: "/admin" }, ["0/admin,"]],
  [{ type: CONNECT, nsp: "/admin", data: { sid: "x" } }, ['0/admin,{"sid":"x"}']],
  [{ type: CONNECT, nsp: "/a?b=1&c=2" }, ["0/a?b=1&c=2,"]],
  [{ type: DISCONNECT, nsp: "/" }, ["1"]],
  [{ type: DISCONNECT, nsp: "/admin" }, ["1/admin,"]],
  [{ type: EVENT, nsp: "/", data: ["hello", "world"] }, ['2["hello","world"]']],
  [{ type: EVENT, nsp: "/admin", id: 13, data: ["bar"] }, ['2/admin,13["bar"]']],
  [{ type: EVENT, nsp: "/", id: 0, data: ["zero"] }, ['20["zero"]']],
  [{ type: EVENT, nsp: "/1", data: ["a"] }, ['2/1,["a"]']],
  [{ type: EVENT, nsp: "/", data: [7, null, true] }, ["2[7,null,true]"]],
  [{ type: EVENT, nsp: "/", data: [""] }, ['2[""]']],
  [{ type: EVENT, nsp: "/", data: ["€", "\u{1f600}"] }, ['2["€","\u{1f600}"]']],
  [{ type: EVENT, nsp: "/", data: ["a", "\u001e\u0000\n"] }, ['2["a","\\u001e\\u0000\\n"]']],
  [{ type: EVENT, nsp: "/", data: ["error"] }, ['2["error"]']],
  [{ type: ACK, nsp: "/", id: 456, data: [] }, ["3456[]"]],
  [{ type: ACK, nsp: "/admin", id: 13, data: ["ok"] }, ['3/admin,13["ok"]']],
  [
    { type: CONNECT_ERROR, nsp: "/random", data: { message: "Invalid namespace" } },
    ['4/random,{"message":"Invalid namespace"}'],
  ],
  [{ type: CONNECT_ERROR, nsp: "/", data: "no" }, ['4"no"']],
  [
    { type: CONNECT_ERROR, nsp: "/", data: { message: "nope", data: { code: 7 } } },
    ['4{"message":"nope","data":{"code":7}}'],
  ],
  [
    { type: EVENT, nsp: "/", data: ["baz", bytes(1, 2, 3, 4)] },
    ['51-["baz",{"_placeholder":true,"num":0}]', bytes(1, 2, 3, 4)],
  ],
  [
    { type: ACK, nsp: "/", id: 15, data: ["bar", bytes(9)] },
    ['61-15["bar",{"_placeholder":true,"num":0}]', bytes(9)],
  ],
  [
    { type: EVENT, nsp: "/admin", id: 3, data: ["x", { a: [bytes(1)] }, bytes()] },
    [
      '52-/admin,3["x",{"a":[{"_placeholder":true,"num":0}]},{"_placeholder":true,"num":1}]',
      bytes(1),
      bytes(),
    ],
  ],
];

describe("literal rows", () => {
  test.each(ROWS)("PR10 %j is written as %j", (packet, frames) => {
    expect(framesOf(packet)).toEqual(frames);
  });

  test.each(ROWS)("PR17 %j comes back from %j", (packet, frames) => {
    expect(decode(frames)).toEqual([packet]);
  });

  test.each(ROWS)("PR18 the control writes %j as %j", (packet, frames) => {
    const written = new Encoder().encode(structuredClone(packet) as ControlPacket);
    expect(written).toEqual(frames);
  });

  test("PR10 one packet without attachments is one frame, and no array around it", () => {
    expect(codec.encode({ type: EVENT, nsp: "/", data: ["hello", "world"] })).toBe(
      '2["hello","world"]',
    );
  });

  test("PR10 a packet without data is its header alone, whatever its type", () => {
    for (const type of [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR]) {
      expect(codec.encode({ type, nsp: "/" })).toBe(String(type));
    }
  });

  test.each([
    ["0/admin", { type: CONNECT, nsp: "/admin" }],
    ["1/admin", { type: DISCONNECT, nsp: "/admin" }],
    ['2/,["a"]', { type: EVENT, nsp: "/", data: ["a"] }],
  ])("PR11 %j needs no comma, or no name, behind the slash", (frame, packet) => {
    expect(decode([frame])).toEqual([packet]);
  });

  test.each([
    ['29007199254740991["a"]', 9_007_199_254_740_991],
    ['2007["a"]', 7],
  ])("PR12 %j has the id %d", (frame, id) => {
    expect(decode([frame])).toMatchObject([{ id }]);
  });
});

/** Frames that break the protocol, with the code they are refused with. */
const MALFORMED: readonly [rule: string, frame: Frame, code: string][] = [
  ["PR12", '29007199254740992["a"]', "ACK_ID"],
  ["PR12", `2${"9".repeat(400)}["a"]`, "ACK_ID"],
  ["PR12", '2-1["a"]', "PAYLOAD"],
  ["PR12", '21.5["a"]', "PAYLOAD"],
  ["PR12", '2\u0661["a"]', "PAYLOAD"],
  ["PR13", "", "PACKET_TYPE"],
  ["PR13", "7", "PACKET_TYPE"],
  ["PR13", "a", "PACKET_TYPE"],
  ["PR13", '/["a"]', "PACKET_TYPE"],
  ["PR13", '["a"]', "PACKET_TYPE"],
  ["PR13", "-1", "PACKET_TYPE"],
  ["PR14", "0[]", "PAYLOAD"],
  ["PR14", '0"token"', "PAYLOAD"],
  ["PR14", "0null", "PAYLOAD"],
  ["PR14", "1{}", "PAYLOAD"],
  ["PR14", '1/admin,"x"', "PAYLOAD"],
  ["PR14", "2", "PAYLOAD"],
  ["PR14", "2/admin", "PAYLOAD"],
  ["PR14", "2/admin,", "PAYLOAD"],
  ["PR14", "213", "PAYLOAD"],
  ["PR14", "2[]", "PAYLOAD"],
  ["PR14", "2{}", "PAYLOAD"],
  ["PR14", '2"a"', "PAYLOAD"],
  ["PR14", '2["a"', "PAYLOAD"],
  ["PR14", '2["a"]x', "PAYLOAD"],
  ["PR14", "2hello", "PAYLOAD"],
  ["PR14", '2admin,["a"]', "PAYLOAD"],
  ["PR14", '2/admin["a"]', "PAYLOAD"],
  ["PR14", "3", "PAYLOAD"],
  ["PR14", "31", "PAYLOAD"],
  ["PR14", "31{}", "PAYLOAD"],
  ["PR14", "4", "PAYLOAD"],
  ["PR14", "4[]", "PAYLOAD"],
  ["PR14", "4null", "PAYLOAD"],
  ["PR14", "4/random", "PAYLOAD"],
  ["PR14", '4{"message":{"toString":1}}', "PAYLOAD"],
  ["PR14", "51-", "PAYLOAD"],
  ["PR14", "51-{}", "PAYLOAD"],
  ["PR14", "61-1{}", "PAYLOAD"],
  ["PR15", "2[null]", "PAYLOAD"],
  ["PR15", "2[{}]", "PAYLOAD"],
  ["PR15", "2[true]", "PAYLOAD"],
  ["PR15", '2[["a"]]', "PAYLOAD"],
  ["PR15", '51-[{"_placeholder":true,"num":0}]', "PAYLOAD"],
  ["PR27", '5["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '5-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '50-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '51["a"]', "ATTACHMENT_COUNT"],
  ["PR27", "51", "ATTACHMENT_COUNT"],
  ["PR27", '5-1-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '51.5-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '51e3-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", '5 1-["a"]', "ATTACHMENT_COUNT"],
  ["PR27", "6x-[]", "ATTACHMENT_COUNT"],
  ["PR27", '511-["a"]', "TOO_MANY_ATTACHMENTS"],
  ["PR27", `5${"9".repeat(400)}-["a"]`, "TOO_MANY_ATTACHMENTS"],
  ["PR28", bytes(1), "UNEXPECTED_BINARY"],
];

describe("malformed frames", () => {
  test.each(MALFORMED)("%s %j is refused with %s", (_rule, frame, code) => {
    expect(() => codec.createDecoder().add(frame)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code }),
    );
  });

  test("PR15 every reserved name is refused, and none that only looks like one", () => {
    for (const name of RESERVED_EVENTS) {
      expect(() => decode([`2["${name}"]`])).toThrow(expect.objectContaining({ code: "PAYLOAD" }));
      expect(decode([`2["${name}s"]`])).toHaveLength(1);
    }
  });

  test("PR27 the limit is the codec's option", () => {
    const strict = jsonCodec({ limits: { maxAttachments: 1 } });
    expect(strict.createDecoder().add('51-["a"]')).toBeUndefined();
    expect(() => strict.createDecoder().add('52-["a"]')).toThrow(
      expect.objectContaining({ code: "TOO_MANY_ATTACHMENTS" }),
    );
  });

  test("PR40 any text is decoded or refused with a protocol error", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.tuple(fc.constantFrom("0", "2", "3/a,", "4", "51-", "62-1"), fc.json()).map(String),
      fc.tuple(fc.constantFrom("0", "2", "51-"), fc.json()).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (frame) => {
        try {
          codec.createDecoder().add(frame);
        } catch (error) {
          expect(error).toMatchObject({ name: "ProtocolError" });
        }
      }),
      { seed: 20_262, numRuns: 500 },
    );
  });

  test("PR40 a long header costs one scan of it", () => {
    const digits = "1".repeat(5_000_000);
    const started = performance.now();
    for (const frame of [`2${digits}`, `5${digits}-[]`, `2/${digits}`, `2${digits}["a"]`]) {
      expect(() => codec.createDecoder().add(frame)).toThrow();
    }
    // Quadratic work on five million characters would take hours.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

// What survives JSON unchanged: no `__proto__` (PR24 has its own test), no -0.
const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).map(withoutOddities);
const withBinary = fc.oneof(
  { weight: 4, arbitrary: json },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.record({ a: json, b: fc.array(fc.uint8Array(), { maxLength: 2 }) }) },
);
const nsp = fc.constantFrom("/", "/admin", "/a/b", "/\u00e9");
const id = fc.option(fc.nat(), { nil: undefined });
const name = fc.oneof(fc.constantFrom("message", "x", ""), fc.nat());
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    type: fc.constant(EVENT),
    nsp,
    id,
    data: fc.tuple(name, fc.array(withBinary, { maxLength: 4 })).map(([n, rest]) => [n, ...rest]),
  }),
  fc.record({
    type: fc.constant(ACK),
    nsp,
    id: fc.nat(),
    data: fc.array(withBinary, { maxLength: 4 }),
  }),
  fc.record({ type: fc.constant(CONNECT), nsp, data: fc.constantFrom(undefined, { a: 1 }) }),
);

function withoutOddities(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto"));
}

describe("against socket.io-parser", () => {
  const FIXED = { seed: 20_263, numRuns: 300 };
  const generous = jsonCodec({ limits: { maxAttachments: 1000 } });

  test("PR18 generated packets have the same frames", () => {
    fc.assert(
      fc.property(packet, (each) => {
        expect(framesOf(each)).toEqual(
          new Encoder().encode(structuredClone(each) as ControlPacket),
        );
      }),
      FIXED,
    );
  });

  test("PR18 the control decodes our frames to the packet", () => {
    fc.assert(
      fc.property(packet, (each) => {
        const decoder = new Decoder({ maxAttachments: 1000 });
        const decoded: Packet[] = [];
        decoder.on("decoded", (one) => decoded.push(one));
        for (const frame of framesOf(each)) decoder.add(frame);
        expect(decoded).toHaveLength(1);
        expect(decoded[0]).toEqual(each);
      }),
      FIXED,
    );
  });

  test("PR17 a stream of packets comes back whole, one frame at a time", () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
        const decoder = generous.createDecoder();
        const decoded: Packet[] = [];
        for (const each of packets) {
          const frames = framesOf(each);
          frames.forEach((frame, at) => {
            const done = decoder.add(frame);
            // Nothing before the last frame, exactly one packet with it.
            expect(done !== undefined).toBe(at === frames.length - 1);
            if (done !== undefined) decoded.push(done);
          });
        }
        expect(decoded).toEqual(packets);
      }),
      FIXED,
    );
  });
});
