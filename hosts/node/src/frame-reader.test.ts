// What clients may and may not send, as a table: each row is read in one piece, byte by byte and in halves, and
// each is also what the receiver of `ws` says.

import { FrameReader, type FrameSink, type Unfinished } from "@sockeye/websocket";
import { describe, expect, test } from "vitest";
import { clientFrame, type FramePlan, readByUs, readByWs } from "../test/client-frames.ts";
import { nodeBytes } from "./bytes.ts";

const LIMIT = 100_000;

type Row = readonly [title: string, frames: readonly FramePlan[], journal: readonly string[]];

const invalid = (code: string, text: string): string =>
  `error 1002 WS_ERR_${code} Invalid WebSocket frame: ${text}`;
const notUtf8 = "error 1007 WS_ERR_INVALID_UTF8 Invalid WebSocket frame: invalid UTF-8 sequence";
const tooLong = "error 1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH Max payload size exceeded";
const rsv1 = invalid("UNEXPECTED_RSV_1", "RSV1 must be clear");
const rsv23 = invalid("UNEXPECTED_RSV_2_3", "RSV2 and RSV3 must be clear");
const opcode = (number: number): string => invalid("INVALID_OPCODE", `invalid opcode ${number}`);
const controlLength = (length: number): string =>
  invalid("INVALID_CONTROL_PAYLOAD_LENGTH", `invalid payload length ${length}`);

const close = (code: number, reason: string | Buffer = ""): FramePlan => {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return { opcode: 8, payload };
};

function textOf(length: number): Row {
  const payload = "x".repeat(length);
  return [`a text of ${length} bytes`, [{ payload }], [`text ${payload}`]];
}

function bytesOf(length: number): Row {
  const payload = Buffer.alloc(length, 0xa5);
  return [`${length} bytes`, [{ opcode: 2, payload }], [`bytes ${payload.toString("latin1")}`]];
}

const EURO = Buffer.from("€");

const chapters: Readonly<Record<string, readonly Row[]>> = {
  "WS1 messages and their lengths": [
    ...[0, 1, 2, 3, 4, 47, 48, 49, 125, 126, 127, 16_384, 65_535, 65_536, LIMIT].map(textOf),
    ...[0, 1, 3, 4, 125, 126, 65_535, 65_536, LIMIT].map(bytesOf),
    ["a short length in two bytes", [{ payload: "ab", lengthBytes: 2 }], ["text ab"]],
    ["a short length in eight bytes", [{ payload: "ab", lengthBytes: 8 }], ["text ab"]],
    [
      "many in one segment",
      Array.from({ length: 300 }, (_, n) => ({ payload: `n${n}` })),
      Array.from({ length: 300 }, (_, n) => `text n${n}`),
    ],
  ],
  "WS2 messages above the limit": [
    ["by one byte", [{ payload: "x".repeat(LIMIT + 1) }], [tooLong]],
    ["as its header says, before anything has come", [{ claim: BigInt(LIMIT + 1) }], [tooLong]],
    [
      "all pieces together",
      [
        { payload: "x".repeat(LIMIT), fin: false },
        { opcode: 0, payload: "x" },
      ],
      [tooLong],
    ],
    [
      "a length above every number",
      [{ claim: 2n ** 53n }],
      [
        "error 1009 WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH Unsupported WebSocket frame: payload length > 2^53 - 1",
      ],
    ],
    [
      "a length with its highest bit set",
      [{ claim: 2n ** 64n - 1n }],
      [
        "error 1009 WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH Unsupported WebSocket frame: payload length > 2^53 - 1",
      ],
    ],
  ],
  "WS3 masks": [
    ["of zeros", [{ payload: "abc", mask: [0, 0, 0, 0] }], ["text abc"]],
    ["of ones", [{ payload: "abcdefg", mask: [255, 255, 255, 255] }], ["text abcdefg"]],
    [
      "on a long payload",
      [{ payload: "0123456789".repeat(20), mask: [1, 2, 3, 4] }],
      [`text ${"0123456789".repeat(20)}`],
    ],
    ["none", [{ payload: "abc", mask: null }], [invalid("EXPECTED_MASK", "MASK must be set")]],
    ["none on a ping", [{ opcode: 9, mask: null }], [invalid("EXPECTED_MASK", "MASK must be set")]],
  ],
  "WS4 text is UTF-8": [
    ["of two, three and four bytes", [{ payload: "äß€😀" }], ["text äß€😀"]],
    ["with a byte order mark", [{ payload: "\ufeffx" }], ["text \ufeffx"]],
    ["with a replacement character", [{ payload: "\ufffd" }], ["text \ufffd"]],
    ["with zeros", [{ payload: "a\0b" }], ["text a\0b"]],
    [
      "a character cut between two pieces",
      [
        { payload: EURO.subarray(0, 1), fin: false },
        { opcode: 0, payload: EURO.subarray(1) },
      ],
      ["text €"],
    ],
    ["a lone lead byte", [{ payload: Buffer.from([0x34, 0xc3]) }], [notUtf8]],
    ["a lone continuation", [{ payload: Buffer.from([0x80]) }], [notUtf8]],
    ["an overlong form", [{ payload: Buffer.from([0xc0, 0xaf]) }], [notUtf8]],
    ["a surrogate", [{ payload: Buffer.from([0xed, 0xa0, 0x80]) }], [notUtf8]],
    ["above U+10FFFF", [{ payload: Buffer.from([0xf4, 0x90, 0x80, 0x80]) }], [notUtf8]],
    ["bytes are not asked", [{ opcode: 2, payload: Buffer.from([0xff]) }], ["bytes \u00ff"]],
    [
      "wrong in the last of many pieces",
      [
        { payload: "a", fin: false },
        { opcode: 0, payload: "b", fin: false },
        { opcode: 0, payload: Buffer.from([0xff]) },
      ],
      [notUtf8],
    ],
  ],
  "WS5 messages in pieces": [
    [
      "of text",
      [
        { payload: "He", fin: false },
        { opcode: 0, payload: "l", fin: false },
        { opcode: 0, payload: "lo" },
      ],
      ["text Hello"],
    ],
    [
      "of bytes, long ones",
      [
        { opcode: 2, payload: "a".repeat(40_000), fin: false },
        { opcode: 0, payload: "b".repeat(50_000) },
      ],
      [`bytes ${"a".repeat(40_000)}${"b".repeat(50_000)}`],
    ],
    ["all of them empty", [{ fin: false }, { opcode: 0, fin: false }, { opcode: 0 }], ["text "]],
    [
      "each with a mask of its own",
      [
        { payload: "abcde", fin: false, mask: [9, 8, 7, 6] },
        { opcode: 0, payload: "fgh", mask: [1, 1, 2, 3] },
      ],
      ["text abcdefgh"],
    ],
    [
      "with control frames in between",
      [
        { payload: "He", fin: false },
        { opcode: 9, payload: "ping" },
        { opcode: 0, payload: "l", fin: false },
        { opcode: 10, payload: "pong" },
        { opcode: 0, payload: "lo" },
        { payload: "next" },
      ],
      ["ping ping", "pong pong", "text Hello", "text next"],
    ],
    ["a continuation of nothing", [{ opcode: 0, payload: "x" }], [opcode(0)]],
    ["a new message inside another", [{ payload: "a", fin: false }, { payload: "b" }], [opcode(1)]],
    [
      "bytes inside a text",
      [
        { payload: "a", fin: false },
        { opcode: 2, payload: "b" },
      ],
      [opcode(2)],
    ],
    ["a close frame between them", [{ payload: "a", fin: false }, close(1000)], ["close 1000 "]],
    [
      "as many as are taken",
      [
        { fin: false },
        ...Array.from({ length: 16_382 }, () => ({ opcode: 0, fin: false })),
        { opcode: 0, payload: "x" },
      ],
      ["text x"],
    ],
    [
      "one more",
      [{ fin: false }, ...Array.from({ length: 16_384 }, () => ({ opcode: 0, fin: false }))],
      ["error 1008 WS_ERR_TOO_MANY_BUFFERED_PARTS Too many message fragments"],
    ],
  ],
  "WS6 control frames": [
    ["an empty ping", [{ opcode: 9 }], ["ping "]],
    ["the longest ping", [{ opcode: 9, payload: "p".repeat(125) }], [`ping ${"p".repeat(125)}`]],
    ["a pong nobody asked for", [{ opcode: 10, payload: "x" }], ["pong x"]],
    ["one too long", [{ opcode: 9, payload: "p".repeat(126) }], [controlLength(126)]],
    ["one much too long", [{ opcode: 10, claim: 70_000n }], [controlLength(127)]],
    [
      "one in pieces",
      [{ opcode: 9, payload: "x", fin: false }],
      [invalid("EXPECTED_FIN", "FIN must be set")],
    ],
  ],
  "WS7 reserved bits and opcodes": [
    ["RSV1", [{ reserved: 4 }], [rsv1]],
    ["RSV2", [{ reserved: 2 }], [rsv23]],
    ["RSV3", [{ reserved: 1 }], [rsv23]],
    ["all of them", [{ reserved: 7 }], [rsv23]],
    ["RSV1 on a ping", [{ opcode: 9, reserved: 4 }], [rsv1]],
    ["RSV1 on a continuation", [{ fin: false }, { opcode: 0, reserved: 4 }], [rsv1]],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
      (number): Row => [`opcode ${number}`, [{ opcode: number }], [opcode(number)]],
    ),
    ["messages before the fault", [{ payload: "a" }, { reserved: 1 }], ["text a", rsv23]],
  ],
  "WS8 close frames": [
    ["without a code", [{ opcode: 8 }], ["close 1005 "]],
    ["with a code", [close(1000)], ["close 1000 "]],
    ["with a code and a reason", [close(1001, "going äway")], ["close 1001 going äway"]],
    ["with the longest reason", [close(4000, "r".repeat(123))], [`close 4000 ${"r".repeat(123)}`]],
    ...[1002, 1003, 1007, 1011, 1014, 3000, 3999, 4999].map(
      (code): Row => [`code ${code}`, [close(code)], [`close ${code} `]],
    ),
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(
      (code): Row => [
        `code ${code} is none`,
        [close(code)],
        [invalid("INVALID_CLOSE_CODE", `invalid status code ${code}`)],
      ],
    ),
    ["of one byte", [{ opcode: 8, payload: "x" }], [controlLength(1)]],
    ["with a reason that is no UTF-8", [close(1000, Buffer.from([0xff]))], [notUtf8]],
    [
      "what follows is not read",
      [close(1000), { payload: "late" }, { reserved: 7 }],
      ["close 1000 "],
    ],
  ],
};

const cuts: Readonly<Record<string, (bytes: Buffer) => Buffer[]>> = {
  whole: (bytes) => [bytes],
  // Long ones in few bytes at a time: `ws` takes its time over single ones.
  "byte by byte": (bytes) => {
    const step = bytes.length < 3000 ? 1 : 211;
    return Array.from({ length: Math.ceil(bytes.length / step) }, (_, n) =>
      bytes.subarray(n * step, (n + 1) * step),
    );
  },
  "in halves": (bytes) => {
    const middle = bytes.length >> 1;
    return [bytes.subarray(0, middle), bytes.subarray(middle)];
  },
};

for (const [chapter, rows] of Object.entries(chapters)) {
  describe(chapter, () => {
    test.each(rows)("%s", (_title, frames, journal) => {
      const bytes = Buffer.concat(frames.map(clientFrame));
      for (const [name, cut] of Object.entries(cuts)) {
        const chunks = cut(bytes);
        expect(readByUs(chunks, new FrameReader(LIMIT, nodeBytes)), name).toEqual(journal);
        expect(readByWs(chunks, LIMIT), `${name}, ws`).toEqual(journal);
      }
    });
  });
}

test("WS4 one wrong byte anywhere in a longer text", () => {
  for (let at = 0; at < 101; at++) {
    const payload = Buffer.alloc(101, "a");
    payload[at] = 0xff;
    // The text begins at another address each time, as it may in a segment.
    const before = clientFrame({ payload: "y".repeat((at >> 2) & 3) });
    const chunks = [Buffer.concat([before, clientFrame({ payload })])];
    expect(readByUs(chunks, new FrameReader(LIMIT, nodeBytes)).at(-1), `${at}`).toBe(notUtf8);
  }
});

test("WS7 one byte of a frame is not judged yet", () => {
  const chunks = [Buffer.from([0xf1])];
  expect(readByUs(chunks, new FrameReader(LIMIT, nodeBytes))).toEqual([]);
  expect(readByWs(chunks, LIMIT)).toEqual([]);
});

test("WS1 long messages one after another, of connections whose segments mix", () => {
  const reader = new FrameReader(0, nodeBytes);
  const connections = [1, 2, 3].map((n) => ({
    n,
    sink: new Journalist(),
    expected: [] as string[],
  }));
  // Lengths that go up and down, so that the buffer of one message does not do for the next.
  for (const length of [
    20_000, 90_000, 17_000, 131_000, 60_000, 200_000, 16_500, 131_072, 70_000,
  ]) {
    const streams = connections.map(({ n, expected }) => {
      const payload = String(n).repeat(length + n);
      expected.push(payload);
      return clientFrame({ payload, mask: [n, 7 * n, 31 * n, 63 * n] });
    });
    // One more on the first alone, when the others have left their buffers behind.
    const alone = clientFrame({ payload: "9".repeat(90_000) });
    connections[0]!.expected.push("9".repeat(90_000));
    const feed = (index: number, stream: Buffer, at: number): void => {
      const chunk = Buffer.from(stream.subarray(at, at + 15_000));
      reader.read(connections[index]!.sink, chunk, chunk.length);
    };
    for (let at = 0; at < length + 20; at += 15_000) {
      for (const [index, stream] of streams.entries()) feed(index, stream, at);
    }
    for (let at = 0; at < alone.length; at += 15_000) feed(0, alone, at);
  }
  for (const { sink, expected } of connections) {
    expect(sink.texts.map((text) => text.length)).toEqual(expected.map((text) => text.length));
    expect(sink.texts.every((text, n) => text === expected[n])).toBe(true);
  }
});

test("WS1 nothing is kept when a frame is whole, and of half a frame what has come", () => {
  const reader = new FrameReader(LIMIT, nodeBytes);
  const sink = new Journalist();
  const read = (bytes: Buffer): void => reader.read(sink, bytes, bytes.length);
  const bytes = clientFrame({ payload: "x".repeat(50_000) });
  read(bytes);
  expect(sink.unfinished).toBeNull();
  const half = clientFrame({ payload: "x".repeat(50_000) }).subarray(0, 100);
  read(Buffer.from(half));
  // A claim of 50,000 bytes allocates nothing.
  expect(sink.unfinished).toMatchObject({ filled: 92, missing: 49_908 });
  expect(sink.unfinished?.payload?.length).toBe(512);
});

test("WS2 a limit of 0 stands for none but that of strings", () => {
  const bytes = clientFrame({ payload: "x".repeat(200_000) });
  expect(readByUs([bytes], new FrameReader(0, nodeBytes))).toEqual([`text ${"x".repeat(200_000)}`]);
  const claim = clientFrame({ claim: 2n ** 40n });
  expect(readByUs([claim], new FrameReader(0, nodeBytes))).toEqual([tooLong]);
});

class Journalist implements FrameSink<Buffer> {
  readonly texts: string[] = [];
  unfinished: Unfinished<Buffer> | null = null;
  onText(text: string): void {
    this.texts.push(text);
  }
  onBytes(): void {}
  onPing(): void {}
  onPong(): void {}
  onCloseFrame(): void {}
  onBroken(error: Error): void {
    throw error;
  }
}
