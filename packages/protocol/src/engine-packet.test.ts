// Engine.IO packets and payloads: literal rows, and engine.io-parser as the control.

import * as control from "engine.io-parser";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";
import {
  decodeEnginePacket,
  ENGINE_REVISION,
  type EnginePacket,
  encodeEnginePacket,
  frameToText,
} from "./engine-packet.ts";
import { encodePayload, RECORD_SEPARATOR, splitPayload } from "./engine-payload.ts";
import type { Frame } from "./frame.ts";
import { ProtocolError } from "./protocol-error.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Packets with the form they have on the wire, both ways. */
const TEXT_ROWS: readonly [wire: string, packet: EnginePacket][] = [
  ['0{"sid":"x"}', { type: "open", data: '{"sid":"x"}' }],
  ["0", { type: "open" }],
  ["1", { type: "close" }],
  ["2", { type: "ping" }],
  ["2probe", { type: "ping", data: "probe" }],
  ["3", { type: "pong" }],
  ["3probe", { type: "pong", data: "probe" }],
  ["4", { type: "message" }],
  ["4hello", { type: "message", data: "hello" }],
  ["4b", { type: "message", data: "b" }],
  ["4€ \u{1f600}", { type: "message", data: "€ \u{1f600}" }],
  ["4\u0000", { type: "message", data: "\u0000" }],
  ["5", { type: "upgrade" }],
  ["6", { type: "noop" }],
];

describe("packets", () => {
  test.each(TEXT_ROWS)("PR1 %j stands for %j, both ways", (wire, packet) => {
    expect(encodeEnginePacket(packet)).toBe(wire);
    expect(decodeEnginePacket(wire)).toEqual(packet);
  });

  test("PR1 an empty text is the same as none", () => {
    expect(encodeEnginePacket({ type: "message", data: "" })).toBe("4");
  });

  test("PR1 the revision is that of the control", () => {
    expect(ENGINE_REVISION).toBe(control.protocol);
  });

  test.each([[bytes(1, 2, 3, 4)], [bytes()], [new Uint8Array(70_000).fill(7)]])(
    "PR2 a binary frame is a message with these bytes",
    (data) => {
      expect(encodeEnginePacket({ type: "message", data })).toBe(data);
      expect(decodeEnginePacket(data)).toEqual({ type: "message", data });
    },
  );

  test.each([
    ["bAQIDBA==", bytes(1, 2, 3, 4)],
    ["b", bytes()],
    ["b/////w==", bytes(255, 255, 255, 255)],
    ["bAAAA", bytes(0, 0, 0)],
  ])("PR3 %j carries bytes as text", (wire, data) => {
    expect(frameToText(data)).toBe(wire);
    expect(decodePlain(wire)).toEqual({ type: "message", data });
  });

  test("PR3 text stays as it is", () => {
    expect(frameToText("4hello")).toBe("4hello");
  });

  test.each(["", "7", "9x", "abc", "/", ":", " 4", "€", "\u001e", "-1"])(
    "PR4 %j is refused as no packet",
    (wire) => {
      expect(() => decodeEnginePacket(wire)).toThrow(
        expect.objectContaining({ name: "ProtocolError", code: "ENGINE_PACKET" }),
      );
      expect(control.decodePacket(wire)).toMatchObject({ type: "error" });
    },
  );

  test.each(["b!", "b=", "bA", "bA===", "b€"])("PR4 %j is refused as broken base64", (wire) => {
    expect(() => decodeEnginePacket(wire)).toThrow(
      expect.objectContaining({ name: "ProtocolError", code: "BASE64" }),
    );
  });
});

describe("payloads", () => {
  test.each<[string, readonly Frame[]]>([
    ["4hello", ["4hello"]],
    ["4hello\u001e2\u001e4world", ["4hello", "2", "4world"]],
    ["bAQIDBA==", [bytes(1, 2, 3, 4)]],
    ["4hello\u001ebAQIDBA==", ["4hello", bytes(1, 2, 3, 4)]],
    ["", []],
  ])("PR5 %j is the body of these frames", (body, frames) => {
    expect(encodePayload(frames)).toBe(body);
  });

  test.each([
    ["4a", ["4a"]],
    ["4a\u001eabc\u001e4b", ["4a", "abc", "4b"]],
    ["", [""]],
    ["4a\u001e", ["4a", ""]],
    ["\u001e\u001e", ["", "", ""]],
  ])("PR6 %j is split into %j", (body, frames) => {
    expect(splitPayload(body)).toEqual(frames);
  });
});

/** What the control's callback gives, as a value. */
function controlFrame(packet: EnginePacket, supportsBinary: boolean): unknown {
  let frame: unknown;
  control.encodePacket(packet as control.Packet, supportsBinary, (encoded) => {
    frame = encoded;
  });
  return frame;
}

// Without U+001E, which a message of this protocol cannot hold in a polling body.
const text = fc.string({ unit: "binary", maxLength: 60 }).map((s) => s.replaceAll("\u001e", "."));
const packet = fc.oneof(
  fc.record({
    type: fc.constantFrom<EnginePacket["type"]>("open", "close", "ping", "pong", "message"),
    data: text,
  }),
  fc.record({ type: fc.constant("message" as const), data: fc.uint8Array({ maxLength: 40 }) }),
);
const FIXED = { seed: 20_261, numRuns: 300 };

describe("against engine.io-parser", () => {
  test("PR18 packets have the same bytes, as frames and as text", () => {
    fc.assert(
      fc.property(packet, (each) => {
        const frame = encodeEnginePacket(each);
        expect(frame).toEqual(controlFrame(each, true));
        expect(frameToText(frame)).toBe(controlFrame(each, false));
      }),
      FIXED,
    );
  });

  test("PR18 payloads have the same bytes", () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 6 }), (packets) => {
        let expected: string | undefined;
        control.encodePayload(packets as control.Packet[], (body) => {
          expected = body;
        });
        expect(encodePayload(packets.map(encodeEnginePacket))).toBe(expected);
      }),
      FIXED,
    );
  });

  test("PR17 what was encoded decodes to the same packets", () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 6 }), (packets) => {
        const body = encodePayload(packets.map(encodeEnginePacket));
        const decoded = body.split(RECORD_SEPARATOR).map(decodePlain);
        expect(decoded).toEqual(packets.map(withoutEmptyText));
      }),
      FIXED,
    );
  });
});

/** Decodes; bytes come as a plain array of bytes, whatever their class. */
function decodePlain(frame: Frame): EnginePacket {
  const decoded = decodeEnginePacket(frame);
  const { type, data } = decoded;
  return data instanceof Uint8Array ? { type, data: new Uint8Array(data) } : decoded;
}

function withoutEmptyText({ type, data }: EnginePacket): EnginePacket {
  return data === undefined || data === "" ? { type } : { type, data };
}

describe.each(["with Buffer", "without Buffer"])("base64 %s", (platform) => {
  beforeEach(() => {
    if (platform === "without Buffer") vi.stubGlobal("Buffer", undefined);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("PR3 any bytes survive, across the size of a chunk, also those of a view", () => {
    for (const length of [0, 1, 2, 3, 0x7fff, 0x8000, 0x8001, 100_003]) {
      const whole = Uint8Array.from({ length: length + 10 }, (_, at) => (at * 31) & 0xff);
      const data = whole.subarray(5, length + 5);
      const text = toBase64(data);
      expect(text).toBe(btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join("")));
      expect(new Uint8Array(fromBase64(text))).toEqual(new Uint8Array(data));
    }
  });

  test.each(["AQ", "AQI", "AQID", "AQ==", "AQI=", ""])("PR3 %j is base64", (text) => {
    expect(new Uint8Array(fromBase64(text))).toEqual(
      Uint8Array.of(1, 2, 3).subarray(0, sizeOf(text)),
    );
  });

  test.each(["A", "AQID=", "AQ=", "=", "A===", "AQ==AQ==", "A Q!", "-_-_", "AQID\u20ac"])(
    "PR4 %j is not base64",
    (text) => {
      expect(() => fromBase64(text)).toThrow(
        expect.objectContaining({ name: "ProtocolError", code: "BASE64" }),
      );
    },
  );
});

function sizeOf(base64: string): number {
  return Math.floor((base64.replaceAll("=", "").length * 3) / 4);
}

test("PR40 any text is decoded or refused with a protocol error", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (wire) => {
      try {
        decodeEnginePacket(wire);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    FIXED,
  );
});
