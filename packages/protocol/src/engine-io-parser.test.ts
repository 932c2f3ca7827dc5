// The face of Engine.IO's parser beside the parser itself: the same frames, packets and streams.

import * as theirs from "engine.io-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as ours from "./engine-io-parser.ts";

type Parser = typeof theirs;
const sockeye = ours as unknown as Parser;

function encoded(parser: Parser, packet: unknown, supportsBinary: boolean): unknown {
  let result: unknown = "not called";
  parser.encodePacket(packet as theirs.Packet, supportsBinary, (frame: unknown) => {
    result = frame;
  });
  return result;
}

function payload(parser: Parser, packets: readonly unknown[]): unknown {
  let result: unknown = "not called";
  parser.encodePayload(packets as theirs.Packet[], (body) => {
    result = body;
  });
  return result;
}

const bytes = Buffer.from([1, 2, 3, 4]);

const packets: readonly object[] = [
  ...["open", "close", "ping", "pong", "message", "upgrade", "noop"].map((type) => ({ type })),
  { type: "ping", data: "probe" },
  { type: "message", data: "utf8 — string" },
  { type: "message", data: "" },
  { type: "message", data: 0 },
  { type: "message", data: 123 },
  { type: "message", data: null },
  { type: "message", data: false },
  { type: "message", data: {} },
  { type: "message", data: bytes },
  { type: "message", data: new Uint8Array(bytes).buffer },
  { type: "message", data: new Uint16Array([1, 2]).subarray(1) },
  { type: "message", data: new DataView(bytes.buffer, bytes.byteOffset, 2) },
  { type: "message", data: Buffer.alloc(0) },
  { type: "message", data: new Blob(["x"]) },
  { type: "nobody knows it", data: "x" },
];

describe("packets", () => {
  test.each(packets.flatMap((packet) => [[packet, true] as const, [packet, false] as const]))(
    "PR63 encodePacket(%j, %j)",
    (packet, supportsBinary) => {
      const frame = encoded(theirs, packet, supportsBinary);
      const made = encoded(sockeye, packet, supportsBinary);
      expect(made).toEqual(frame);
      if (typeof frame !== "string") expect(made).toBe(frame);
    },
  );

  const frames: readonly unknown[] = [
    ...["0", "1", "2", "3", "4", "5", "6", "7", "9", "a", "", "4a", "2probe", "6x", "{", " 4"],
    ...["b", "bAQIDBA==", "bAQIDBA", "toString", "__proto__"],
    ...[bytes, bytes.subarray(1, 3), new Uint8Array([1]), new ArrayBuffer(2), Buffer.alloc(0)],
  ];

  test.each(
    frames.flatMap((frame) =>
      ([undefined, "nodebuffer", "arraybuffer"] as const).map((type) => [frame, type] as const),
    ),
  )("PR63 decodePacket(%j, %s)", (frame, type) => {
    const packet = theirs.decodePacket(frame, type);
    const made = sockeye.decodePacket(frame, type);
    expect(made.type).toBe(packet.type);
    expect(made.data?.constructor).toBe(packet.data?.constructor);
    // A view of a part of some memory: theirs gives all of it away.
    const isPart =
      type === "arraybuffer" &&
      ArrayBuffer.isView(frame) &&
      frame.byteLength !== frame.buffer.byteLength;
    if (isPart) expect(Buffer.from(made.data)).toEqual(Buffer.from(frame as Uint8Array));
    else expect(made).toStrictEqual(packet);
  });

  test.each([0, 1, 4, 100, 5000, 100_000])(
    "PR63 %d bytes in base64 are an ArrayBuffer of just these bytes",
    (length) => {
      const expected = Buffer.alloc(length, "some bytes");
      const frame = `b${expected.toString("base64")}`;
      for (const parser of [theirs, sockeye]) {
        const [alone, inBody] = [
          parser.decodePacket(frame, "arraybuffer").data as unknown,
          parser.decodePayload(`4a\u001e${frame}`, "arraybuffer")[1]?.data as unknown,
        ];
        for (const data of [alone, inBody]) {
          expect(data).toBeInstanceOf(ArrayBuffer);
          expect(Buffer.from(data as ArrayBuffer).equals(expected)).toBe(true);
        }
      }
    },
  );

  test("PR63 broken base64 is an error packet", () => {
    expect(ours.decodePacket("b!!!")).toEqual({ type: "error", data: "parser error" });
  });
});

describe("payloads", () => {
  test("PR64 encodePayload", () => {
    for (const count of [0, 1, 2, packets.length - 1]) {
      const some = packets.slice(0, count);
      expect(payload(sockeye, some)).toEqual(payload(theirs, some));
    }
    expect(payload(sockeye, [])).toBe("not called");
  });

  test.each([
    "",
    "{",
    "{}",
    '["a123", "a456"]',
    "4a\u001ebAQID\u001e2",
    "4a\u001ez\u001e2",
    "4a\u001e",
    "\u001e4a",
  ])("PR64 decodePayload(%j)", (body) => {
    for (const type of [undefined, "arraybuffer", "nodebuffer"] as const) {
      expect(ours.decodePayload(body, type)).toEqual(theirs.decodePayload(body, type));
    }
  });

  test("PR64 what one encodes the other decodes", () => {
    const packet = fc.oneof(
      fc.record({
        type: fc.constantFrom("open", "close", "ping", "pong", "message", "upgrade", "noop"),
        data: fc.string().filter((text) => text !== "" && !text.includes("\u001e")),
      }),
      fc.uint8Array().map((array) => ({ type: "message", data: Buffer.from(array) })),
    );
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1 }), (list) => {
        expect(payload(sockeye, list)).toBe(payload(theirs, list));
        const body = payload(sockeye, list) as string;
        expect(ours.decodePayload(body)).toEqual(list);
        expect(theirs.decodePayload(body)).toEqual(list);
      }),
    );
  });
});

/** Everything that a stream makes of chunks. */
async function through<Out>(stream: TransformStream, chunks: readonly unknown[]): Promise<Out[]> {
  const made: Out[] = [];
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read())
    made.push(next.value as Out);
  await writing;
  return made;
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}

const streamed = [
  { type: "open" },
  { type: "message", data: "é" },
  { type: "message", data: bytes },
  { type: "message", data: new Uint8Array([9, 8]).buffer },
  { type: "message", data: "x".repeat(125) },
  { type: "message", data: "x".repeat(65_600) },
  { type: "message", data: Buffer.alloc(70_000, 7) },
];

describe("streams", () => {
  test("PR65 packets to bytes: a header and the packet, each a chunk", async () => {
    const made = await through<Uint8Array>(ours.createPacketEncoderStream(), streamed);
    const control = await through<Uint8Array>(theirs.createPacketEncoderStream(), streamed);
    expect(made.map((chunk) => Buffer.from(chunk))).toEqual(
      control.map((chunk) => Buffer.from(chunk)),
    );
  });

  test.each([1, 2, 3, 7, 100, 65_537, 1e6])(
    "PR65 bytes to packets, in pieces of %d",
    async (size) => {
      const whole = joined(await through<Uint8Array>(theirs.createPacketEncoderStream(), streamed));
      const cut = size < 7 ? whole.subarray(0, 200) : whole;
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < cut.length; at += size)
        chunks.push(new Uint8Array(cut.subarray(at, at + size)));
      for (const type of ["nodebuffer", "arraybuffer"] as const) {
        const made = await through(ours.createPacketDecoderStream(1e6, type), chunks);
        expect(made).toEqual(await through(theirs.createPacketDecoderStream(1e6, type), chunks));
        expect(made.length).toBeGreaterThan(3);
      }
    },
  );

  test.each([
    ["no packet at all", [0]],
    ["longer than allowed", [126, 0x40, 0]],
    ["longer than a number can tell", [127, 0xff, 0, 0, 0, 0, 0, 0, 3, 0x34]],
    ["more than 2^53", [127, 0, 0x20, 0, 0, 0, 0, 0, 0, 0x34]],
    ["far longer than allowed", [127, 0, 0, 0, 0, 0, 1, 0, 0, 0x34]],
    ["of no known type", [1, 0x7a]],
  ])("PR66 a packet %s is an error", async (_, list) => {
    const chunk = Uint8Array.from(list);
    const made = await through(ours.createPacketDecoderStream(1000, "nodebuffer"), [chunk]);
    expect(made).toEqual([{ type: "error", data: "parser error" }]);
    expect(made).toEqual(
      await through(theirs.createPacketDecoderStream(1000, "nodebuffer"), [chunk]),
    );
  });

  test("PR66 nothing follows a length that is wrong", async () => {
    const chunks = [Uint8Array.of(0), Uint8Array.of(2, 0x34, 0x61), Uint8Array.of(2, 0x34, 0x62)];
    const made = await through(ours.createPacketDecoderStream(1000, "nodebuffer"), chunks);
    expect(made).toEqual([{ type: "error", data: "parser error" }]);
  });
});

test("PR63 names and numbers are the same", () => {
  expect(ours.protocol).toBe(theirs.protocol);
  expect(Object.keys(ours).sort()).toEqual(
    Object.keys(theirs)
      .filter((name) => name !== "default")
      .sort(),
  );
});
