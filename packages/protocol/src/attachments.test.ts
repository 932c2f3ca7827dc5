// Binary values on their way out of the data and back into it.

import { type Packet as ControlPacket, Decoder, Encoder } from "socket.io-parser";
import { describe, expect, test } from "vitest";
import type { Frame } from "./frame.ts";
import { jsonCodec } from "./json-codec.ts";
import { MAX_DEPTH, MAX_SENT_DEPTH } from "./limits.ts";
import { PacketType } from "./packet.ts";

const codec = jsonCodec();
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const place = (num: number): object => ({ _placeholder: true, num });

function event(...args: unknown[]): { type: typeof PacketType.EVENT; nsp: "/"; data: unknown[] } {
  return { type: PacketType.EVENT, nsp: "/", data: ["e", ...args] };
}

function encode(...args: unknown[]): readonly Frame[] {
  const encoded = codec.encode(event(...args));
  return typeof encoded === "string" || encoded instanceof Uint8Array ? [encoded] : encoded;
}

/** The arguments behind the event's name, as they arrive on the other side. */
function decode(frames: readonly Frame[]): unknown[] {
  const decoder = codec.createDecoder();
  let data: unknown;
  for (const frame of frames) data = decoder.add(frame)?.data;
  return (data as unknown[]).slice(1);
}

/** An event whose arguments hold placeholders, as a peer could write it, and its attachments. */
function received(count: number, json: string, attachments: readonly Uint8Array[]): unknown[] {
  return decode([`5${count}-["e",${json}]`, ...attachments]);
}

class WithToJson {
  readonly made: unknown;
  calls = 0;
  constructor(made: unknown) {
    this.made = made;
  }
  toJSON(): unknown {
    this.calls++;
    return this.made;
  }
}

describe("taken out", () => {
  const buffer = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).buffer;

  test.each([
    ["Uint8Array", new Uint8Array(buffer, 2, 3), bytes(2, 3, 4)],
    ["Buffer", Buffer.from([7, 8]), bytes(7, 8)],
    ["ArrayBuffer", buffer.slice(0, 2), bytes(0, 1)],
    ["DataView", new DataView(buffer, 4, 1), bytes(4)],
    ["Int8Array", new Int8Array(buffer, 1, 1), bytes(1)],
    ["Uint16Array", new Uint16Array(buffer, 2, 2), bytes(2, 3, 4, 5)],
    ["Float64Array", new Float64Array([1]), bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f)],
    ["BigInt64Array", new BigInt64Array([1n]), bytes(1, 0, 0, 0, 0, 0, 0, 0)],
    ["an empty view", new Uint8Array(0), bytes()],
  ])("PR20 %s sends what it shows", (_name, value, sent) => {
    const frames = encode(value);
    expect(frames[0]).toBe('51-["e",{"_placeholder":true,"num":0}]');
    expect(Buffer.from(frames[1] as Uint8Array)).toEqual(Buffer.from(sent));
    expect(decode(frames)).toEqual([frames[1]]);
  });

  test("PR20 values leave in depth-first order", () => {
    const frames = encode([bytes(0), { b: { c: bytes(1) }, d: [[bytes(2)]] }], bytes(3));
    expect(JSON.parse(String(frames[0]).slice(3))).toEqual([
      "e",
      [place(0), { b: { c: place(1) }, d: [[place(2)]] }],
      place(3),
    ]);
    expect(frames.slice(1)).toEqual([bytes(0), bytes(1), bytes(2), bytes(3)]);
  });

  test("PR20 a value that stands twice is sent twice", () => {
    const twice = bytes(5);
    expect(encode(twice, [twice])).toEqual([
      '52-["e",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}]]',
      twice,
      twice,
    ]);
  });

  test("PR21 only binary values make a packet binary", () => {
    expect(encode({ _placeholder: true, num: 0 })).toEqual([
      '2["e",{"_placeholder":true,"num":0}]',
    ]);
    const ack = { type: PacketType.ACK, nsp: "/", id: 1, data: [bytes(1)] };
    expect(codec.encode(ack)).toEqual(['61-1[{"_placeholder":true,"num":0}]', bytes(1)]);
  });

  test("PR22 nothing of the caller's is changed", () => {
    const data = ["e", { a: [bytes(1), { b: bytes(2) }], c: { d: 1 } }];
    const before = structuredClone(data);
    const packet = { type: PacketType.EVENT, nsp: "/", data };
    codec.encode(packet);
    expect(packet).toEqual({ type: PacketType.EVENT, nsp: "/", data: before });
    Object.freeze(data);
    expect(() => codec.encode(packet)).not.toThrow();
  });

  test.each([
    ["Date", new Date(0), '2["e","1970-01-01T00:00:00.000Z"]'],
    ["undefined", undefined, '2["e",null]'],
    ["a member undefined", { a: undefined }, '2["e",{}]'],
    ["Map", new Map([[1, 2]]), '2["e",{}]'],
    ["Set", new Set([1]), '2["e",{}]'],
    ["NaN", Number.NaN, '2["e",null]'],
    ["a function", () => {}, '2["e",null]'],
    ["a symbol", Symbol("s"), '2["e",null]'],
    ["a boxed string", new String("s"), '2["e","s"]'],
    ["no prototype", Object.assign(Object.create(null), { a: 1 }), '2["e",{"a":1}]'],
    ["a hole", new Array(1), '2["e",[null]]'],
  ])("PR16 %s is what JSON makes of it", (_name, value, frame) => {
    expect(encode(value)).toEqual([frame]);
    expect(new Encoder().encode(event(value) as ControlPacket)).toEqual([frame]);
  });

  test.each([
    ["a bigint", 1n],
    ["a toJSON that throws", { toJSON: () => JSON.parse("{") as unknown }],
  ])("PR16 %s throws at the caller", (_name, value) => {
    expect(() => encode(value)).toThrow(Error);
  });
});

describe("toJSON", () => {
  test("PR23 binary values that it makes are taken out", () => {
    const value = new WithToJson({ a: bytes(1) });
    expect(encode(value)).toEqual(['51-["e",{"a":{"_placeholder":true,"num":0}}]', bytes(1)]);
    expect(value.calls).toBe(1);
  });

  test("PR23 binary values that it leaves out are not sent", () => {
    const value = Object.assign(new WithToJson({ kept: 1 }), { hidden: bytes(1) });
    expect(encode(value)).toEqual(['2["e",{"kept":1}]']);
    expect(encode(value, bytes(2))).toEqual([
      '51-["e",{"kept":1},{"_placeholder":true,"num":0}]',
      bytes(2),
    ]);
  });

  test("PR23 what it returns is not asked again, as in JSON.stringify", () => {
    const self = {
      a: 1,
      b: bytes(1),
      toJSON(): unknown {
        return this;
      },
    };
    expect(encode(self)).toEqual(['51-["e",{"a":1,"b":{"_placeholder":true,"num":0}}]', bytes(1)]);
    const plain = { a: 1, toJSON: () => ({ toJSON: () => "asked again", x: 1 }) };
    expect(encode(plain)).toEqual([`2${JSON.stringify(["e", plain])}`]);
  });

  test("PR23 a toJSON that is no function is data", () => {
    expect(encode({ toJSON: 1 })).toEqual(['2["e",{"toJSON":1}]']);
  });
});

describe("names", () => {
  test("PR24 __proto__ is an ordinary key on the way out", () => {
    const value = JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>;
    const frames = encode(Object.assign(value, { c: bytes(1) }));
    expect(frames[0]).toBe(
      '51-["e",{"__proto__":{"a":1},"b":2,"c":{"_placeholder":true,"num":0}}]',
    );
  });

  test("PR24 __proto__ is an ordinary key on the way in", () => {
    const json = '{"__proto__":{"polluted":{"_placeholder":true,"num":0}},"x":{"__proto__":1}}';
    const [value] = received(1, json, [bytes(1)]) as [Record<string, unknown>];
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__", "x"]);
    expect(Object.getOwnPropertyDescriptor(value, "__proto__")?.value).toEqual({
      polluted: bytes(1),
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("PR24 constructor and prototype are ordinary keys", () => {
    const json = '{"constructor":{"prototype":{"y":{"_placeholder":true,"num":0}}}}';
    expect(received(1, json, [bytes(1)])).toEqual([
      { constructor: { prototype: { y: bytes(1) } } },
    ]);
    expect(({} as { y?: unknown }).y).toBeUndefined();
  });
});

describe("depth", () => {
  function nested(depth: number, inmost: unknown): unknown {
    let value = inmost;
    for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
    return value;
  }

  test("PR25 circular data is a TypeError for the caller", () => {
    const circular: { self?: unknown; more: unknown[] } = { more: [] };
    circular.self = circular;
    circular.more.push(circular, bytes(1));
    expect(() => encode(circular)).toThrow(TypeError);
    const endless = { toJSON: () => ({ again: endless }) };
    expect(() => encode(endless)).toThrow(TypeError);
  });

  test("PR25 the deepest that may be sent arrives", () => {
    const data = nested(MAX_DEPTH - 2, bytes(1));
    expect(decode(encode(data))).toEqual([data]);
    expect(() => encode(nested(MAX_SENT_DEPTH + 1, bytes(1)))).toThrow(TypeError);
  });

  test("PR25 data too deep for a search of placeholders is refused", () => {
    const json = "[".repeat(100_000) + "]".repeat(100_000);
    expect(() => received(1, json, [bytes(1)])).toThrow(
      expect.objectContaining({ code: "NESTING" }),
    );
  });
});

describe("Blob", () => {
  test("PR26 is refused with advice", () => {
    expect(() => encode(new Blob(["x"]))).toThrow(/arrayBuffer/);
    expect(() => encode({ file: new File(["x"], "x.txt") })).toThrow(TypeError);
  });

  test("PR26 passes where the codec lets it", () => {
    const blob = new Blob(["x"]);
    const frames = jsonCodec({ blobs: "pass" }).encode(event([blob])) as readonly unknown[];
    expect(frames).toEqual(['51-["e",[{"_placeholder":true,"num":0}]]', blob]);
    expect(frames[1]).toBe(blob);
  });
});

describe("put back", () => {
  test("PR28 text between a packet and its last attachment is refused", () => {
    const decoder = codec.createDecoder();
    decoder.add('52-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    expect(decoder.add(bytes(1))).toBeUndefined();
    expect(() => decoder.add('2["x"]')).toThrow(
      expect.objectContaining({ code: "UNEXPECTED_TEXT" }),
    );
  });

  test("PR28 a binary frame too many is refused", () => {
    const decoder = codec.createDecoder();
    decoder.add('51-["e",{"_placeholder":true,"num":0}]');
    expect(decoder.add(bytes(1))?.data).toEqual(["e", bytes(1)]);
    expect(() => decoder.add(bytes(2))).toThrow(
      expect.objectContaining({ code: "UNEXPECTED_BINARY" }),
    );
  });

  test.each([
    ['{"_placeholder":true,"num":1}'],
    ['{"_placeholder":true,"num":-1}'],
    ['{"_placeholder":true,"num":0.5}'],
    ['{"_placeholder":true,"num":1e9}'],
    ['{"_placeholder":true,"num":"0"}'],
    ['{"_placeholder":true,"num":"splice"}'],
    ['{"_placeholder":true,"num":"__proto__"}'],
    ['{"_placeholder":true,"num":null}'],
    ['{"_placeholder":true}'],
    ['{"a":[{"_placeholder":true,"num":7}]}'],
  ])("PR29 %s names no attachment", (json) => {
    expect(() => received(1, json, [bytes(1)])).toThrow(
      expect.objectContaining({ code: "PLACEHOLDER" }),
    );
  });

  test("PR29 one attachment may stand in one place, or in none", () => {
    const once = '{"a":{"_placeholder":true,"num":1}}';
    expect(received(2, once, [bytes(1), bytes(2)])).toEqual([{ a: bytes(2) }]);
    const twice = '{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":0}}';
    expect(() => received(2, twice, [bytes(1), bytes(2)])).toThrow(
      expect.objectContaining({ code: "PLACEHOLDER" }),
    );
  });

  test("PR29 what was received has no more attachments when it is sent again", () => {
    for (const places of [1, 2, 10, 1000]) {
      const json = Array(places).fill('{"_placeholder":true,"num":0}').join();
      const relay = (): unknown => encode(received(1, `[${json}]`, [bytes(1)]));
      if (places === 1) expect(relay()).toHaveLength(2);
      else expect(relay).toThrow(expect.objectContaining({ code: "PLACEHOLDER" }));
    }
  });

  test("PR29 what only looks like a placeholder is data", () => {
    const json = '{"_placeholder":false,"num":0},{"_placeholder":1,"num":0},"_placeholder"';
    expect(received(1, json, [bytes(1)])).toEqual([
      { _placeholder: false, num: 0 },
      { _placeholder: 1, num: 0 },
      "_placeholder",
    ]);
  });

  test.each([
    ['{"_placeholder":true,"num":99}', { _placeholder: false, num: 99 }],
    ['{"_placeholder":true,"num":0}', { _placeholder: false, num: 0 }],
    ['[{"a":{"_placeholder":true,"num":-1}}]', [{ a: { _placeholder: false, num: -1 } }]],
  ])("PR33 %s that is relayed with bytes is data for its receivers", (json, expected) => {
    const packet = codec.createDecoder().add(`2["e",${json}]`);
    const data = (packet?.data as unknown[] | undefined)?.[1];
    const before = structuredClone(data);
    const frames = encode({ data, avatar: bytes(1) });
    expect(data).toEqual(before);
    const decoder = new Decoder();
    let heard: unknown;
    decoder.on("decoded", (decoded) => {
      heard = decoded.data;
    });
    for (const frame of frames as readonly unknown[]) decoder.add(frame);
    expect(heard).toEqual(["e", { data: expected, avatar: bytes(1) }]);
    const made = encode({ document: { toJSON: () => data }, avatar: bytes(1) });
    expect(made[0]).toContain('"_placeholder":false');
    // Without bytes nothing is changed.
    const day = new Date(0);
    expect(encode({ data, day })).toEqual([`2["e",${JSON.stringify({ data, day })}]`]);
  });

  test("PR29 without attachments a placeholder is data", () => {
    expect(codec.createDecoder().add('2["e",{"_placeholder":true,"num":5}]')?.data).toEqual([
      "e",
      { _placeholder: true, num: 5 },
    ]);
  });

  test("PR30 a half-received packet is forgotten", () => {
    const decoder = codec.createDecoder();
    decoder.add('52-["e",{"_placeholder":true,"num":0}]');
    decoder.add(bytes(1));
    decoder.reset();
    expect(decoder.add('2["x"]')?.data).toEqual(["x"]);
    expect(() => decoder.add(bytes(2))).toThrow(
      expect.objectContaining({ code: "UNEXPECTED_BINARY" }),
    );
  });

  test("PR27 announcing attachments keeps nothing but the packet", () => {
    const decoder = codec.createDecoder();
    expect(decoder.add('510-["e"]')).toBeUndefined();
    for (let at = 0; at < 9; at++) expect(decoder.add(bytes(at))).toBeUndefined();
    expect(decoder.add(bytes(9))?.data).toEqual(["e"]);
  });
});
