// Revision 3, the callback form and peers without bytes: literal rows, and engine.io's own parser as the control.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEnginePacket, type EnginePacket } from "./engine-packet.ts";
import type { Frame } from "./frame.ts";
import { ProtocolError } from "./protocol-error.ts";
import { REVISION_3, REVISION_3_TEXT } from "./revision-3.ts";
import { jsonpFormat, REVISION_4, REVISION_4_TEXT, type WireFormat } from "./wire-format.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The parser of revision 3, which engine.io does not export. */
interface Control {
  encodePayload(
    packets: readonly EnginePacket[],
    supportsBinary: boolean,
    callback: (body: string | Buffer) => void,
  ): void;
  encodePacket(
    packet: EnginePacket,
    supportsBinary: boolean,
    utf8encode: boolean,
    callback: (frame: string | Buffer) => void,
  ): void;
}

const require = createRequire(import.meta.url);
const control = require(
  join(dirname(require.resolve("engine.io")), "parser-v3", "index.js"),
) as Control;

function plain(frames: Iterable<Frame>): Frame[] {
  return Array.from(frames, (frame) => (typeof frame === "string" ? frame : new Uint8Array(frame)));
}

describe("revision 3, bodies of text", () => {
  test.each<[body: string, frames: Frame[]]>([
    ["6:4hello", ["4hello"]],
    ["6:4hello2:4\u20ac", ["4hello", "4\u20ac"]],
    ["3:4\u{1f600}1:2", ["4\u{1f600}", "2"]],
    ["10:b4AQIDBA==", [bytes(1, 2, 3, 4)]],
    ["2:4a2:b41:4", ["4a", bytes(), "4"]],
  ])("PR50 %j carries %j, both ways", (body, frames) => {
    expect(REVISION_3_TEXT.encodeBody(frames)).toBe(body);
    expect(plain(REVISION_3_TEXT.decodeBody(body))).toEqual(frames);
    expect(plain(REVISION_3.decodeBody(body))).toEqual(frames);
  });

  test("PR50 nothing is an empty packet list", () => {
    expect(REVISION_3.encodeBody([])).toBe("0:");
    expect([...REVISION_3.decodeBody("0:")]).toEqual([]);
    expect(plain(REVISION_3.decodeBody(bytes()))).toEqual([]);
  });

  test.each([
    "",
    "4hello",
    ":4a",
    "0:0:",
    "3:4a",
    "-1:4a",
    "1e1:4aaaaaaaaa",
    "2:4ax",
    "99999999999:4",
    " 2:4a",
  ])("PR53 %j is refused", (body) => {
    expect(() => plain(REVISION_3.decodeBody(body))).toThrow(
      expect.objectContaining({ name: "ProtocolError", code: "ENGINE_PACKET" }),
    );
  });

  test("PR53 what stands before a fault is given out", () => {
    const frames: Frame[] = [];
    expect(() => {
      for (const frame of REVISION_3.decodeBody("2:4a2:4bx")) frames.push(frame);
    }).toThrow(ProtocolError);
    expect(frames).toEqual(["4a", "4b"]);
  });
});

describe("revision 3, bodies of bytes", () => {
  const HELLO = [0, 6, 0xff, 0x34, 0x68, 0x65, 0x6c, 0x6c, 0x6f];
  const long = Uint8Array.from({ length: 300 }, (_, at) => at & 0xff);

  test.each<[frames: Frame[], body: Uint8Array]>([
    [["4hello", bytes(1, 2, 3, 4)], bytes(...HELLO, 1, 5, 0xff, 4, 1, 2, 3, 4)],
    [[bytes()], bytes(1, 1, 0xff, 4)],
    [["4\u20ac", bytes(1)], bytes(0, 4, 0xff, 0x34, 0xe2, 0x82, 0xac, 1, 2, 0xff, 4, 1)],
    [[long], bytes(1, 3, 0, 1, 0xff, 4, ...long)],
  ])("PR51 row %#, both ways", (frames, body) => {
    expect(REVISION_3.encodeBody(frames)).toEqual(body);
    expect(plain(REVISION_3.decodeBody(body))).toEqual(frames);
  });

  test("PR51 text alone stays text, and so does everything for peers without bytes", () => {
    expect(REVISION_3.encodeBody(["4a"])).toBe("2:4a");
    expect(REVISION_3_TEXT.encodeBody(["4a", bytes(1)])).toBe("2:4a6:b4AQ==");
  });

  test.each([
    ["no length", bytes(0, 0xff, 0x34)],
    ["no end of the length", bytes(0, 1, 2, 3)],
    ["a digit above nine", bytes(0, 10, 0xff, 0x34)],
    ["too little data", bytes(0, 9, 0xff, 0x34)],
    ["no data", bytes(0, 0, 0xff)],
    ["a thousand digits", bytes(0, ...new Array<number>(1000).fill(1), 0xff)],
    ["an unknown type", bytes(1, 1, 0xff, 7)],
    ["nothing after the kind", bytes(0)],
  ])("PR53 %s is refused", (_what, body) => {
    expect(() => plain(REVISION_3.decodeBody(body))).toThrow(
      expect.objectContaining({ code: "ENGINE_PACKET" }),
    );
  });
});

describe("sockets", () => {
  test("PR52 revision 3 has a type byte before bytes", () => {
    expect(REVISION_3.toSocket(bytes(1, 2))).toEqual(bytes(4, 1, 2));
    expect(plain([REVISION_3.fromSocket(bytes(4, 1, 2))])).toEqual([bytes(1, 2)]);
    expect(REVISION_3.toSocket("4a")).toBe("4a");
    expect(REVISION_3.fromSocket(bytes(2, 0x70))).toBe("2p");
    for (const broken of [bytes(), bytes(7), bytes(0x34, 0x61)]) {
      expect(() => REVISION_3.fromSocket(broken)).toThrow(ProtocolError);
    }
  });

  test("PR55 bytes as text, for peers of either revision that take none", () => {
    expect(REVISION_4_TEXT.toSocket(bytes(1, 2, 3, 4))).toBe("bAQIDBA==");
    expect(REVISION_3_TEXT.toSocket(bytes(1, 2, 3, 4))).toBe("b4AQIDBA==");
    expect(plain([REVISION_3_TEXT.fromSocket("b4AQIDBA==")])).toEqual([bytes(1, 2, 3, 4)]);
    expect(REVISION_4_TEXT.toSocket("4b")).toBe("4b");
    expect([REVISION_4, REVISION_4_TEXT, REVISION_3].map(({ isPlain }) => isPlain)).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe("the callback form", () => {
  const jsonp = jsonpFormat(REVISION_4_TEXT, "7");

  test.each([
    [["4a"], '___eio[7]("4a");'],
    [["4a", bytes(1)], '___eio[7]("4a\\u001ebAQ==");'],
    [['4"\\\u2028\u2029\n'], '___eio[7]("4\\"\\\\\\u2028\\u2029\\n");'],
  ])("PR54 %j is the script %s", (frames, body) => {
    expect(jsonp.encodeBody(frames)).toBe(body);
    // It is a script: run, it hands over what the other form would have sent.
    const call = new Function("___eio", body) as (callbacks: unknown) => void;
    let given: unknown;
    call({ 7: (text: unknown) => (given = text) });
    expect(given).toBe(REVISION_4.encodeBody(frames));
  });

  test.each<[frames: string[]]>([
    [["4a"]],
    [["4a&b=c+d %"]],
    [["4line\nbreak"]],
    [["4escaped\\nbreak"]],
    [["4\\\\n"]],
    [["4\u20ac", "4b"]],
  ])("PR54 %j comes back from a form", (frames) => {
    // As the client of Socket.IO writes it: the backslash of what looks like a line break doubled, breaks kept apart.
    const payload = String(REVISION_4.encodeBody(frames)).replaceAll("\\n", "\\\\n");
    const form = `d=${encodeURIComponent(payload).replaceAll("%0A", "%5Cn")}`;
    expect(plain(jsonp.decodeBody(form))).toEqual(frames);
  });

  test("PR54 a form without the field brings nothing", () => {
    for (const form of ["", "x=1", "D=4a"]) expect(plain(jsonp.decodeBody(form))).toEqual([]);
  });
});

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const packet: fc.Arbitrary<EnginePacket> = fc.oneof(
  fc.record({ type: fc.constant("message" as const), data: text }),
  fc.record({ type: fc.constant("message" as const), data: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({
    type: fc.constantFrom<EnginePacket["type"]>("open", "ping", "pong", "noop"),
    data: text,
  }),
);

function frameOf({ type, data }: EnginePacket): Frame {
  if (data instanceof Uint8Array) return data;
  return (
    ["open", "close", "ping", "pong", "message", "upgrade", "noop"].indexOf(type) + (data ?? "")
  );
}

describe("against engine.io's parser of revision 3", () => {
  const FIXED = { seed: 20_264, numRuns: 200 };
  const forControl = (each: EnginePacket): EnginePacket =>
    each.data instanceof Uint8Array ? { type: each.type, data: Buffer.from(each.data) } : each;

  test.each<[string, WireFormat, boolean]>([
    ["bytes", REVISION_3, true],
    ["text", REVISION_3_TEXT, false],
  ])("PR18 bodies are the same for peers that take %s", (_name, format, supportsBinary) => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 5 }), (packets) => {
        let expected: string | Buffer = "";
        control.encodePayload(packets.map(forControl), supportsBinary, (body) => {
          expected = body;
        });
        const body = format.encodeBody(packets.map(frameOf));
        expect(Buffer.from(body)).toEqual(Buffer.from(expected));
        expect(plain(format.decodeBody(body))).toEqual(plain(packets.map(frameOf)));
      }),
      FIXED,
    );
  });

  test("PR18 frames are the same on sockets", () => {
    fc.assert(
      fc.property(packet, (each) => {
        control.encodePacket(forControl(each), true, false, (expected) => {
          expect(Buffer.from(REVISION_3.toSocket(frameOf(each)))).toEqual(Buffer.from(expected));
        });
      }),
      FIXED,
    );
  });

  test("PR40 any body is decoded or refused with a protocol error", () => {
    const body = fc.oneof(text, fc.uint8Array(), fc.stringMatching(/^[0-9]{1,3}:[0-9b].{0,10}$/));
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(REVISION_3, REVISION_4, jsonpFormat(REVISION_3, "0")),
        (sent, format) => {
          try {
            for (const frame of format.decodeBody(sent)) decodeEnginePacket(frame);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
      { seed: 20_265, numRuns: 500 },
    );
  });
});
