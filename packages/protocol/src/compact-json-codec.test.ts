// The compact codec, with the other one as its control: the same frames for every packet, the same packets or refusals
// for every frame.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactJsonCodec } from "./compact-json-codec.ts";
import type { Frame } from "./frame.ts";
import { jsonCodec } from "./json-codec.ts";
import { type Packet, PacketType, RESERVED_EVENTS } from "./packet.ts";

const { CONNECT, EVENT, ACK, CONNECT_ERROR, DISCONNECT } = PacketType;
const control = jsonCodec({ blobs: "pass" });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const FIXED = { seed: 20_264, numRuns: 300 };

/** What a decoder makes of frames: packets, or the code of its refusal. */
function outcome(codec: typeof control, frames: readonly Frame[]): unknown {
  const decoder = codec.createDecoder();
  try {
    return frames.map((frame) => decoder.add(frame));
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

function expectSame(...frames: Frame[]): void {
  expect(outcome(compactJsonCodec, frames)).toEqual(outcome(control, frames));
}

const json = fc.jsonValue({ maxDepth: 3 });
const withBinary = fc.oneof(
  { weight: 4, arbitrary: json },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.record({ a: json, b: fc.array(fc.uint8Array(), { maxLength: 2 }) }) },
);
const nsp = fc.constantFrom("/", "/admin", "/a/b", "/a?b=1", "/\u00e9");
const id = fc.option(fc.nat(), { nil: undefined });
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    type: fc.constant(EVENT),
    nsp,
    id,
    data: fc.array(withBinary, { maxLength: 4 }).map((rest) => ["name", ...rest]),
  }),
  fc.record({ type: fc.constant(ACK), nsp, id: fc.nat(), data: fc.array(withBinary) }),
  fc.record({ type: fc.constant(CONNECT), nsp, data: fc.constantFrom(undefined, { a: 1 }) }),
  fc.record({ type: fc.constant(CONNECT_ERROR), nsp, data: fc.constantFrom("no", { a: 1 }) }),
  fc.record({ type: fc.constant(DISCONNECT), nsp }),
);

describe("out", () => {
  test("PR10 and PR20 generated packets have the same frames", () => {
    fc.assert(
      fc.property(packet, (each) => {
        expect(compactJsonCodec.encode(each)).toEqual(control.encode(each));
      }),
      FIXED,
    );
  });

  const buffer = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
  test.each([
    ["Uint8Array", new Uint8Array(buffer, 2, 3)],
    ["Buffer", Buffer.from([7, 8])],
    ["ArrayBuffer", buffer],
    ["DataView", new DataView(buffer, 4, 1)],
    ["Uint16Array", new Uint16Array(buffer, 2, 2)],
    ["an empty view", new Uint8Array(0)],
    ["Blob", new Blob(["x"])],
    ["File", new File(["x"], "x.txt")],
  ])("PR20 and PR26 %s leaves the data as it is", (_, value) => {
    const frames = compactJsonCodec.encode({ type: EVENT, nsp: "/", data: ["e", { value }] });
    expect(frames).toEqual(['51-["e",{"value":{"_placeholder":true,"num":0}}]', value]);
    expect(frames[1]).toBe(value);
  });

  test.each([
    ["a date", new Date(0)],
    ["its own JSON", { toJSON: () => ({ a: 1 }) }],
    ["bytes as its own JSON", { toJSON: () => bytes(1) }],
    ["its own JSON, with bytes inside", { toJSON: () => ({ a: [bytes(1)] }) }],
    ["nothing", undefined],
    ["what JSON has no form for", [undefined, () => {}, Symbol("s"), Number.NaN]],
    ["a key of the prototype", JSON.parse('{"__proto__":{"a":1}}')],
    ["what looks like a placeholder", { _placeholder: true, num: 0 }],
  ])("PR16, PR23 and PR24 %s", (_, value) => {
    const packet: Packet = { type: EVENT, nsp: "/", data: ["e", value] };
    expect(compactJsonCodec.encode(packet)).toEqual(control.encode(packet));
  });

  test("PR16 what cannot be sent throws a TypeError", () => {
    const circular: unknown[] = ["e"];
    circular.push(circular);
    for (const data of [circular, ["e", 1n]]) {
      expect(() => compactJsonCodec.encode({ type: EVENT, nsp: "/", data })).toThrow(TypeError);
    }
  });

  test("PR22 nothing that belongs to the caller is changed", () => {
    const data = ["e", { bytes: bytes(1), list: [bytes(2)] }];
    const before = structuredClone(data);
    compactJsonCodec.encode({ type: EVENT, nsp: "/", data });
    expect(data).toEqual(before);
  });

  test("PR21 only events and acknowledgements are searched for bytes", () => {
    const packet: Packet = { type: CONNECT, nsp: "/", data: { token: bytes(1) } };
    expect(compactJsonCodec.encode(packet)).toBe(control.encode(packet));
  });
});

describe("in", () => {
  test("PR17 generated packets come back", () => {
    fc.assert(
      fc.property(packet, (each) => {
        const frames = ([] as Frame[]).concat(compactJsonCodec.encode(each));
        expectSame(...frames);
      }),
      FIXED,
    );
  });

  test.each([
    ...["", "7", "a", "-1", "0", "0[]", "0null", "1{}", "2", "2/admin", "213", "2[]", "2{}"],
    ...['2"a"', '2["a"', '2["a"]x', "2[null]", "2[{}]", "2[7]", "31", "31{}", "3[]", "3456[]"],
    ...["4", "4[]", '4"no"', '4{"message":"x"}', '2-1["a"]', '21.5["a"]', '20-["a"]', '21-["a"]'],
    ...['29007199254740991["a"]', '29007199254740992["a"]', '2007["a"]', '2/,["a"]', "0/admin"],
    ...["0/a?b=1&c=2,", '2admin,["a"]', '2/admin["a"]', '2\u0661["a"]', '5["a"]', '50-["a"]'],
    ...["51-", "51-{}", '51-["a"]', '511-["a"]', '5-1-["a"]', '51.5-["a"]', "61-1[]", "6x-[]"],
    ...[
      '2 ["a"]',
      '2[ "a"]',
      "2[\t-7]",
      '0 {"a":1}',
      '4 "no"',
      "1 ",
      "0 ",
      '51- ["a"]',
      '2\u00a0["a"]',
    ],
    ...[
      "0{",
      "0{}x",
      '4"no',
      "3[,]",
      '2["a",]',
      '2[""]',
      "2[true]",
      '2[["a"]]',
      "050-[]",
      '501-["a"]',
    ],
    ...[
      '500-["a"]',
      '5010-["a"]',
      '5011-["a"]',
      '2\n["a"]',
      '2[\n"a"]',
      "4null",
      '29007199254740992-["a"]',
    ],
    ...['51-[{"_placeholder":true,"num":0}]', '2["a\nb"]', '2["a"]\n', '2/a\n,["a"]'],
  ])("PR11 to PR15 and PR27: %j", (frame) => {
    expectSame(frame);
  });

  test("PR15 reserved names", () => {
    for (const name of RESERVED_EVENTS) expectSame(`2["${name}"]`);
  });

  test("PR40 any text: the same packet, or the same refusal", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.tuple(fc.constantFrom("0", "2", "3/a,", "4", "51-", "62-1"), fc.json()).map(String),
      fc.tuple(fc.constantFrom("0", "2", "51-", "213"), fc.json()).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (each) => expectSame(each)),
      { seed: 20_265, numRuns: 500 },
    );
  });

  test("PR40 a long header costs one scan of it", () => {
    const digits = "1".repeat(5_000_000);
    const started = performance.now();
    for (const frame of [`2${digits}`, `5${digits}-[]`, `2/${digits}`, `2${digits}["a"]`]) {
      expect(() => compactJsonCodec.createDecoder().add(frame)).toThrow();
    }
    // Quadratic work on five million characters would take hours.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  const places = ['{"_placeholder":true,"num":0}', '{"_placeholder":true,"num":1}'];
  test.each([
    ["one", [`51-["e",${places[0]}]`, bytes(1)]],
    ["two, in order", [`52-["e",${places[0]},[${places[1]}]]`, bytes(1), bytes(2)]],
    ["twice the same", [`51-["e",${places[0]},${places[0]}]`, bytes(1)]],
    ["one that has no place", ['51-["e"]', bytes(1)]],
    ["of an acknowledgement", [`61-7[${places[0]}]`, bytes(1)]],
    ["one that is not there", [`51-["e",${places[1]}]`, bytes(1)]],
    ["a negative one", ['51-["e",{"_placeholder":true,"num":-1}]', bytes(1)]],
    ["a fraction", ['51-["e",{"_placeholder":true,"num":0.5}]', bytes(1)]],
    ["a text for a number", ['51-["e",{"_placeholder":true,"num":"0"}]', bytes(1)]],
    ["a member of arrays", ['51-["e",{"_placeholder":true,"num":"length"}]', bytes(1)]],
    ["none", ['51-["e",{"_placeholder":true}]', bytes(1)]],
    ["what only looks like one", ['51-["e",{"_placeholder":1,"num":0}]', bytes(1)]],
    ["a key of the prototype", [`51-["e",{"__proto__":${places[0]}}]`, bytes(1)]],
    // Here both are refused with the last attachment.
    ["broken JSON", [`51-["e",${places[0]}`, bytes(1)]],
    ["a reserved name", [`51-["connect",${places[0]}]`, bytes(1)]],
    ["text in between", [`51-["e",${places[0]}]`, '2["x"]']],
    ["bytes that nobody waits for", [bytes(1)]],
    ["bytes too many", [`51-["e",${places[0]}]`, bytes(1), bytes(2)]],
  ] as [string, Frame[]][])("PR28 and PR29 attachments: %s", (_, frames) => {
    expectSame(...frames);
  });

  test("PR30 a half-received packet is forgotten", () => {
    const decoder = compactJsonCodec.createDecoder();
    decoder.add(`52-["e",${places[0]}]`);
    decoder.add(bytes(1));
    decoder.reset();
    expect(decoder.add('2["x"]')?.data).toEqual(["x"]);
    expect(() => decoder.add(bytes(2))).toThrow(
      expect.objectContaining({ code: "UNEXPECTED_BINARY" }),
    );
  });
});
