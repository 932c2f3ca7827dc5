// MessagePack: literal rows, Socket.IO's own parser as the control, and bytes that peers should not have sent.

import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_DEPTH, MAX_SENT_DEPTH } from "./limits.ts";
import { decodeMsgpack } from "./msgpack-decoder.ts";
import { encodeMsgpack } from "./msgpack-encoder.ts";
import { ProtocolError } from "./protocol-error.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const fromHex = (text: string): Buffer => Buffer.from(text, "hex");

/** The notation that Socket.IO's parser uses. */
const notepack = createRequire(import.meta.url)("notepack.io") as {
  encode(value: unknown): Buffer;
  decode(bytes: Uint8Array): unknown;
};

const ROWS: readonly [unknown, string][] = [
  [null, "c0"],
  [undefined, "d40000"],
  [false, "c2"],
  [true, "c3"],
  [0, "00"],
  [127, "7f"],
  [128, "cc80"],
  [255, "ccff"],
  [256, "cd0100"],
  [65_535, "cdffff"],
  [65_536, "ce00010000"],
  [2 ** 32 - 1, "ceffffffff"],
  [2 ** 32, "cf0000000100000000"],
  [Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
  [2 ** 63, "cf8000000000000000"],
  [-1, "ff"],
  [-32, "e0"],
  [-33, "d0df"],
  [-128, "d080"],
  [-129, "d1ff7f"],
  [-32_768, "d18000"],
  [-32_769, "d2ffff7fff"],
  [-(2 ** 31), "d280000000"],
  [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
  [Number.MIN_SAFE_INTEGER, "d3ffe0000000000001"],
  [-(2 ** 63), "d38000000000000000"],
  [1.5, "cb3ff8000000000000"],
  [Number.POSITIVE_INFINITY, "cb7ff0000000000000"],
  [Number.NaN, "cb7ff8000000000000"],
  ["", "a0"],
  ["a", "a161"],
  ["\u20ac", "a3e282ac"],
  ["a\u{1f600}", "a561f09f9880"],
  ["a".repeat(31), `bf${"61".repeat(31)}`],
  ["a".repeat(32), `d920${"61".repeat(32)}`],
  ["\u20ac".repeat(20), `d93c${"e282ac".repeat(20)}`],
  ["a".repeat(256), `da0100${"61".repeat(256)}`],
  ["a".repeat(65_536), `db00010000${"61".repeat(65_536)}`],
  [[], "90"],
  [[1, [2]], "92019102"],
  [Array(16).fill(0), `dc0010${"00".repeat(16)}`],
  [Array(65_536).fill(0), `dd00010000${"00".repeat(65_536)}`],
  [{}, "80"],
  [{ a: 1, b: undefined }, "82a16101a162d40000"],
  [new Date(1_700_000_000_123), "d7000000018bcfe5687b"],
  [new Date(-1), "d700ffffffffffffffff"],
  [Buffer.from([1, 2]), "c4020102"],
  [Buffer.alloc(256), `c50100${"00".repeat(256)}`],
  [Buffer.alloc(65_536), `c600010000${"00".repeat(65_536)}`],
];

describe("values", () => {
  test("MP1 each has its shortest form, both ways, as Socket.IO's parser", () => {
    for (const [value, form] of ROWS) {
      expect(hex(encodeMsgpack(value))).toBe(form);
      expect(hex(notepack.encode(value))).toBe(form);
      expect(decodeMsgpack(fromHex(form))).toEqual(value);
    }
    const keys = Object.fromEntries(Array.from({ length: 70_000 }, (_, at) => [`k${at}`, at]));
    for (const size of [15, 16, 70_000]) {
      const map = Object.fromEntries(Object.entries(keys).slice(0, size));
      expect(Buffer.compare(encodeMsgpack(map), notepack.encode(map))).toBe(0);
      expect(decodeMsgpack(encodeMsgpack(map))).toEqual(map);
    }
  });

  test("MP1 what JSON leaves out is left out, toJSON is honoured, holes are undefined", () => {
    const rows: readonly unknown[] = [
      { f() {}, g: 1 },
      { toJSON: () => ({ z: 1 }) },
      { toJSON: () => undefined },
      { toJSON: 5 },
      { a: { toJSON: () => ({ toJSON: () => 7 }) } },
      Object.assign(Object.create({ inherited: 1 }), { own: 2 }),
      Object.assign(Object.create(null), { a: 1 }),
      JSON.parse('{"__proto__":{"a":1},"constructor":1}'),
      Object.assign(new Array<number>(2), { 1: 1 }),
      new Map([[1, 2]]),
      new Set([1]),
      /a/,
      -0,
      new Date(0),
    ];
    for (const value of rows) expect(hex(encodeMsgpack(value))).toBe(hex(notepack.encode(value)));
  });

  test("MP2 bytes of any kind are bin, and only those that a view shows", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const rows: readonly [unknown, string][] = [
      [bytes, "c40401020304"],
      [bytes.subarray(1, 3), "c4020203"],
      [bytes.buffer, "c40401020304"],
      [new DataView(bytes.buffer, 1, 2), "c4020203"],
      [new Uint16Array([1]), "c4020100"],
    ];
    for (const [value, form] of rows) expect(hex(encodeMsgpack(value))).toBe(form);
  });

  test("MP2 bytes that Socket.IO's parser sends as an extension are bytes", () => {
    for (const form of ["c702000102", "c80002000102", "c900000002000102"]) {
      expect(decodeMsgpack(fromHex(form))).toEqual(Buffer.from([1, 2]));
    }
    expect(hex(notepack.encode(Uint8Array.of(1, 2)))).toBe("c702000102");
  });

  test("MP2 bytes inside a Buffer are Buffers, inside others plain", () => {
    expect(Buffer.isBuffer(decodeMsgpack(fromHex("c4020102")))).toBe(true);
    const plain = decodeMsgpack(new Uint8Array(fromHex("91c4020102"))) as [Uint8Array];
    expect(Buffer.isBuffer(plain[0])).toBe(false);
    expect(plain).toEqual([Uint8Array.of(1, 2)]);
  });

  test("MP3 where Socket.IO's parser writes another value, the right one is written", () => {
    const rows: readonly [unknown, unknown][] = [
      [2 ** 64, 2 ** 64],
      [1e300, 1e300],
      [-1e300, -1e300],
      [new Date(Number.NaN), null],
      ["\ud800", "\ufffd"],
    ];
    for (const [value, arrives] of rows) {
      expect(decodeMsgpack(encodeMsgpack(value))).toEqual(arrives);
      expect(notepack.decode(Buffer.from(encodeMsgpack(value)))).toEqual(arrives);
      expect(notepack.decode(notepack.encode(value))).not.toEqual(arrives);
    }
  });

  test("MP4 what has no form throws a TypeError, and so does what never ends", () => {
    const circle: Record<string, unknown> = {};
    circle["circle"] = circle;
    const endless = { toJSON: (): unknown => endless };
    let deep: unknown = 1;
    for (let level = 0; level <= MAX_SENT_DEPTH; level++) deep = [deep];
    const none = [1n, Symbol("s"), () => {}, [() => {}], { a: 1n }, new Blob(["a"]), circle];
    for (const value of [...none, endless, [deep]]) {
      expect(() => encodeMsgpack(value)).toThrow(TypeError);
    }
    expect(decodeMsgpack(encodeMsgpack(deep), MAX_SENT_DEPTH + 1)).toBeInstanceOf(Array);
  });
});

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, undefined, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary", minLength: 20, maxLength: 80 }),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie("any"), { maxLength: 20 }),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("any"), { maxKeys: 20 }),
  ),
})).any;

/** Whether a number is one of those that Socket.IO's parser writes as another. */
const TOO_LARGE = 2 ** 63;

function holdsTooLarge(each: unknown): boolean {
  if (typeof each === "number") return Number.isInteger(each) && Math.abs(each) > TOO_LARGE;
  if (typeof each !== "object" || each === null || ArrayBuffer.isView(each)) return false;
  return Object.values(each).some(holdsTooLarge);
}

describe("against Socket.IO's parser", () => {
  const sample = value.filter((each) => !holdsTooLarge(each));

  test("MP1 the same bytes for any value", () => {
    fc.assert(
      fc.property(sample, (each) => {
        expect(hex(encodeMsgpack(each))).toBe(hex(notepack.encode(each)));
      }),
      { seed: 20_266, numRuns: 500 },
    );
  });

  test("MP1 what one wrote the other reads", () => {
    fc.assert(
      fc.property(sample, (each) => {
        expect(decodeMsgpack(notepack.encode(each))).toEqual(
          notepack.decode(notepack.encode(each)),
        );
        expect(notepack.decode(Buffer.from(encodeMsgpack(each)))).toEqual(
          decodeMsgpack(Buffer.from(encodeMsgpack(each))),
        );
      }),
      { seed: 20_267, numRuns: 300 },
    );
  });
});

const BROKEN: readonly [string, string][] = [
  ["nothing", ""],
  ["the type that is never used", "c1"],
  ["two values", "c0c0"],
  ["a map without its second value", "82a16101a162"],
  ["a map with a number as key", "810101"],
  ["a map with nil as key", "81c001"],
  ["a map with bytes as key", "81c4016101"],
  ["text beyond the end", "a261"],
  ["text of four gigabytes", "dbffffffff"],
  ["bytes of four gigabytes", "c6ffffffff00"],
  ["an array of four thousand million", "ddffffffff"],
  ["a map of four thousand million", "dfffffffff"],
  ["a map of more than there is", "de0002a161"],
  ["an extension beyond the end", "c9ffffffff00"],
  ["an extension without a type", "c700"],
  ["half a number", "cf000000"],
  ["half a float", "cb0000"],
  ["half a date", "d70000"],
  ["half of undefined", "d400"],
  ["a length cut off", "da01"],
  ["text that is not UTF-8", "a1ff"],
  ["a surrogate in UTF-8", "a3eda080"],
  ["long text that is not UTF-8", `d928${"c3".repeat(40)}`],
  ["an unknown extension", "c7010500"],
  ["a fixed extension of another size", "d5000000"],
  ["a fixed extension of another type", "d40100"],
  ["a date of another type", "d7ff0000000000000000"],
  ["the standard's timestamp", "d6ff00000000"],
];

describe("bytes that peers should not have sent", () => {
  test.each(BROKEN)("MP5 %s is refused", (_what, form) => {
    expect(() => decodeMsgpack(fromHex(form))).toThrow(
      expect.objectContaining({ name: "ProtocolError", code: "MSGPACK" }),
    );
  });

  test("MP5 what ends too early is refused, wherever it ends", () => {
    const whole = encodeMsgpack({ a: [1, "text", new Date(5), Buffer.alloc(3), undefined, 1.5] });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeMsgpack(whole.subarray(0, length))).toThrow(ProtocolError);
    }
  });

  test("MP5 depth has a limit, and reaching it is no overflow", () => {
    const nested = (depth: number): Buffer => Buffer.from([...Array(depth).fill(0x91), 0]);
    expect(decodeMsgpack(nested(MAX_DEPTH))).toBeInstanceOf(Array);
    for (const depth of [MAX_DEPTH + 1, 1_000_000]) {
      expect(() => decodeMsgpack(nested(depth))).toThrow(
        expect.objectContaining({ code: "NESTING" }),
      );
    }
    expect(() => decodeMsgpack(Buffer.from("81a161".repeat(2000), "hex"))).toThrow(ProtocolError);
  });

  test("MP6 __proto__ is a key like any other", () => {
    const sent = JSON.parse('{"__proto__":{"isAdmin":true},"a":{"__proto__":1}}') as object;
    const arrived = decodeMsgpack(encodeMsgpack(sent)) as { isAdmin?: boolean; a: object };
    expect(arrived.isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect(JSON.stringify(arrived)).toBe(JSON.stringify(sent));
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test("MP5 any bytes are decoded or refused, never anything else", () => {
    const mutated = fc.tuple(value, fc.nat(), fc.nat(255)).map(([each, at, byte]) => {
      const bytes = encodeMsgpack(each);
      bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (bytes) => {
        try {
          decodeMsgpack(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { seed: 20_268, numRuns: 2000 },
    );
  });
});
