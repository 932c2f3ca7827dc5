// How deep data may nest: what is received can always be sent again, and finding out costs time linear in the text.

import { afterEach, describe, expect, test, vi } from "vitest";
import type { Codec, Encoded } from "./codec.ts";
import { codecOf } from "./custom-parser.ts";
import type { Frame } from "./frame.ts";
import { jsonCodec } from "./json-codec.ts";
import { DEFAULT_LIMITS, MAX_DEPTH, MAX_SENT_DEPTH } from "./limits.ts";
import { msgpackCodec } from "./msgpack-codec.ts";
import { mayNestDeeper } from "./nesting.ts";
import { type Packet, PacketType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";
import { Decoder, Encoder } from "./socket-io-parser.ts";
import { strictCodec } from "./strict-codec.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function nested(depth: number, inmost: unknown): unknown {
  let value = inmost;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

function framesOf(encoded: Encoded): readonly Frame[] {
  return Array.isArray(encoded) ? (encoded as readonly Frame[]) : [encoded as Frame];
}

/** A codec that sends whatever it is told: what a hostile peer has. */
const PEER: Readonly<Record<string, (packet: Packet) => readonly Frame[]>> = {
  json: ({ data }) => [`2${iterativeJson(data)}`],
  binary: ({ data }) => [`51-${iterativeJson(data)}`, new Uint8Array(1)],
};

/** JSON of data of one member a level, without the stack of JSON.stringify. */
function iterativeJson(data: unknown): string {
  let head = "";
  let tail = "";
  let value = (data as unknown[])[1];
  for (;;) {
    if (Array.isArray(value)) {
      head += "[";
      tail = `]${tail}`;
      value = value[0] as unknown;
    } else if (typeof value === "object" && value !== null && "a" in value) {
      head += '{"a":';
      tail = `}${tail}`;
      value = value.a;
    } else return `["e",${head}${JSON.stringify(value)}${tail}]`;
  }
}

function deep(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

function receive(codec: Codec, frames: readonly Frame[]): Packet | "NESTING" | undefined {
  let raised: Packet | undefined;
  const decoder = codec.createDecoder({
    onPacket(packet) {
      raised = packet;
    },
  });
  try {
    for (const frame of frames) raised = decoder.add(frame) ?? raised;
    return raised;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: "NESTING" });
    return "NESTING";
  }
}

const DEPTHS = [...Array(2000).keys(), 10_000, 100_000];

describe("relays", () => {
  test.each([
    ["json", jsonCodec(), null],
    ["binary", jsonCodec(), { _placeholder: true, num: 0 }],
  ] as const)(
    "PR31 what %s brought can be sent again at every depth, wrapped or not",
    (kind, codec, inmost) => {
      let deepest = 0;
      for (const depth of DEPTHS) {
        const frames = (PEER[kind] as (packet: Packet) => readonly Frame[])({
          type: PacketType.EVENT,
          nsp: "/",
          data: ["e", nested(depth, inmost)],
        });
        const packet = receive(codec, frames);
        if (packet === "NESTING") continue;
        deepest = depth;
        const data = ["relayed", { from: "a peer", args: packet?.data, more: [new Uint8Array(2)] }];
        for (const type of [PacketType.EVENT, PacketType.ACK]) {
          codec.encode({ ...(packet as Packet), type, id: 1 });
          codec.encode({ ...(packet as Packet), type, data });
          msgpackCodec().encode({ ...(packet as Packet), type, data });
        }
      }
      expect(deepest).toBe(kind === "json" ? MAX_DEPTH : MAX_DEPTH - 1);
    },
  );

  test("PR31 what MessagePack brought can be sent again at every depth, wrapped or not", () => {
    const codec = msgpackCodec();
    let deepest = 0;
    for (const depth of DEPTHS) {
      const header = Buffer.from("\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa1e", "latin1");
      const packet = receive(codec, [
        Buffer.concat([header, Buffer.alloc(depth, 0x91), Buffer.of(0)]),
      ]);
      if (packet === "NESTING") continue;
      deepest = depth;
      const data = ["relayed", { from: "a peer", args: packet?.data, more: [new Uint8Array(2)] }];
      codec.encode({ ...(packet as Packet), data });
      jsonCodec().encode({ ...(packet as Packet), data });
    }
    expect(deepest).toBe(MAX_DEPTH - 2);
  });

  test("PR31 a parser that is not trusted hands out nothing deeper either", () => {
    class Careless extends Decoder {
      override add(frame: unknown): void {
        this.raiseDecoded({ type: 2, nsp: "/", data: JSON.parse(String(frame)) as unknown });
      }
    }
    const codec = strictCodec(codecOf({ Encoder, Decoder: Careless as never }));
    for (const depth of [1, MAX_DEPTH, MAX_DEPTH + 1, 2000, 100_000]) {
      const packet = receive(codec, [iterativeJson(["e", nested(depth, 1)])]);
      if (depth > MAX_DEPTH) expect(packet).toBe("NESTING");
      else codec.encode(packet as Packet);
    }
  });

  test("PR31 a client takes whatever a server may send", () => {
    const limits = { ...DEFAULT_LIMITS, maxDepth: MAX_SENT_DEPTH };
    const [json, msgpack] = [jsonCodec({ limits }), msgpackCodec(MAX_SENT_DEPTH + 1)];
    for (const inmost of [1, [], new Uint8Array(1)]) {
      const packet: Packet = { type: 2, nsp: "/", data: ["e", nested(MAX_SENT_DEPTH - 2, inmost)] };
      for (const codec of [json, msgpack]) {
        expect(receive(codec, framesOf(codec.encode(packet)))).toMatchObject({ type: 2 });
      }
    }
    expect(receive(json, [`2["e",${deep(MAX_SENT_DEPTH + 1)}]`])).toBe("NESTING");
  });
});

describe("the look for brackets", () => {
  const many = JSON.stringify(Array(3000).fill({ a: [] }));
  test.each([
    ["many side by side", many, false],
    ["brackets in strings", JSON.stringify(["[{".repeat(5000)]), false],
    ["brackets in keys", JSON.stringify({ ["[{".repeat(5000)]: 1 }), false],
    ["just deep enough", deep(MAX_DEPTH), false],
    ["one too deep", deep(MAX_DEPTH + 1), true],
    ["deep behind much", `[${many},${deep(MAX_DEPTH)}]`, true],
    ["objects too deep", `${'{"[":'.repeat(MAX_DEPTH + 1)}0${"}".repeat(MAX_DEPTH + 1)}`, true],
  ])("PR31 only what nests too deep is refused: %s", (_what, json, isRefused) => {
    for (const head of ["2", "2/nsp,12", "3/nsp,12", "51-"]) {
      const frames = [`${head}["e",${json}]`, new Uint8Array(1)];
      const packet = receive(jsonCodec(), head === "51-" ? frames : frames.slice(0, 1));
      expect(packet === "NESTING").toBe(isRefused);
    }
  });

  test("PR31 a packet too short to nest so deep is not looked at", () => {
    const look = vi.spyOn(String.prototype, "indexOf");
    mayNestDeeper("[".repeat(2 * MAX_DEPTH), 0, MAX_DEPTH);
    const { length } = look.mock.calls;
    vi.restoreAllMocks();
    expect(length).toBe(0);
  });

  /** How many characters are looked at. */
  function steps(json: string): number {
    let count = 0;
    const { indexOf } = String.prototype;
    vi.spyOn(String.prototype, "indexOf").mockImplementation(function (this: string, what, from) {
      const found = indexOf.call(this, what, from);
      count += (found === -1 ? this.length : found + 1) - (from ?? 0);
      return found;
    });
    mayNestDeeper(json, 0, MAX_DEPTH);
    vi.restoreAllMocks();
    return count;
  }

  test.each([
    ["side by side", (n: number) => JSON.stringify(Array(n).fill([]))],
    ["strings", (n: number) => JSON.stringify(Array(n).fill("x"))],
    ["both kinds", (n: number) => "x".repeat(n) + "[{".repeat(MAX_DEPTH / 2) + "x".repeat(n)],
  ])("PR31 no character is looked at more than twice: %s", (_what, json) => {
    for (const size of [10_000, 20_000, 40_000]) {
      const text = json(size);
      expect(steps(text)).toBeLessThanOrEqual(2 * text.length);
    }
  });
});
