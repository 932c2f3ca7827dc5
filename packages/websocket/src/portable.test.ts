// The ways of every runtime give what Node's quicker ones give. Frames with Node's are tested in hosts/node, against `ws`.

import { Buffer, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  answerHandshake,
  type Bytes,
  Endpoint,
  type EndpointContext,
  FrameReader,
  FrameWriter,
  portableBytes,
  portableSha1,
  refusalText,
  switchingText,
  type WirePart,
} from "./index.ts";

const TEXTS = [
  "",
  "a",
  "x".repeat(5000),
  "ä€",
  "👍",
  "\ud800",
  "\udc00a",
  "\ufeffbom",
  "a👍\ud83dz",
];

test("WS17 SHA-1, of texts around the length of its blocks", () => {
  for (let length = 0; length < 140; length++) {
    const text = "k".repeat(length);
    expect(portableSha1(text)).toBe(createHash("sha1").update(text).digest("base64"));
  }
});

test("WS17 the accept key of the RFC", () => {
  const headers: Record<string, string> = {
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version": "13",
    upgrade: "WebSocket",
    "sec-websocket-protocol": "chat, superchat",
  };
  const answer = answerHandshake({ method: "GET", header: (name) => headers[name] }, portableSha1);
  const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  expect(answer).toEqual({ kind: "accepted", accept, protocol: "chat" });
  if (answer.kind === "accepted") {
    const text = switchingText(answer, { "Set-Cookie": ["a=1", "b=ä"] }, portableBytes);
    expect(Buffer.from(text, "latin1").toString()).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: chat\r\n` +
        "Set-Cookie: a=1\r\nSet-Cookie: b=ä\r\n\r\n",
    );
  }
});

test("WS17 a refusal is data, and a text", () => {
  const answer = answerHandshake({ method: "POST", header: () => undefined }, portableSha1);
  if (answer.kind === "accepted") throw new Error("accepted");
  expect(answer).toMatchObject({ status: 405, message: "Invalid HTTP method" });
  expect(refusalText({ ...answer, body: answer.message }, portableBytes)).toMatch(
    /^HTTP\/1\.1 405 Method Not Allowed\r\nConnection: close\r\n[\s\S]*Content-Length: 19\r\n\r\nInvalid HTTP method$/,
  );
});

describe("bytes", () => {
  test.each(TEXTS)("WS1 %j", (text) => {
    const encoded = Buffer.from(text);
    expect(portableBytes.byteLength(text)).toBe(encoded.length);
    expect(Buffer.from(portableBytes.encode(text))).toEqual(encoded);
    expect(portableBytes.utf8(encoded, 0, encoded.length)).toBe(encoded.toString());
    expect(portableBytes.latin1(encoded, 0, encoded.length)).toBe(encoded.toString("latin1"));
  });

  test("WS4 what is no UTF-8", () => {
    for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0x61]]) {
      const given = Uint8Array.from(bytes);
      expect(portableBytes.isUtf8(given)).toBe(isUtf8(given));
    }
  });
});

/** An endpoint whose network is a list of texts, and whose clock is moved by hand. */
class MemoryEndpoint extends Endpoint {
  readonly written: string[] = [];
  readonly timers: (() => void)[] = [];
  readonly turn: { flush(): void }[] = [];
  networkBytes = 0;
  isNetworkOpen = true;
  endsAtOnce = false;
  readonly context: EndpointContext = {
    reader: new FrameReader(100, portableBytes),
    writer: new FrameWriter(portableBytes as Bytes),
    batch: { add: (endpoint) => this.turn.push(endpoint) },
    closeTimeout: 1,
    after: (_delay, callback) => {
      this.timers.push(callback);
      return () => this.timers.splice(0);
    },
    surface: (error) => this.written.push(`(surfaced: ${String(error)})`),
  };

  writeNetwork(text: string, parts: WirePart[] | null): void {
    this.written.push(...(parts ?? []).map((part) => `<${part.length}>`), text);
  }

  endNetwork(): void {
    this.written.push("(end)");
  }

  destroyNetwork(): void {
    this.written.push("(destroyed)");
  }
}

/** A masked frame of a client. */
function masked(opcode: number, payload: string): Uint8Array {
  const mask = [1, 2, 3, 4];
  const bytes = [...portableBytes.encode(payload)].map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Uint8Array.from([0x80 | opcode, 0x80 | bytes.length, ...mask, ...bytes]);
}

function started(): { endpoint: MemoryEndpoint; lines: string[] } {
  const endpoint = new MemoryEndpoint();
  const lines: string[] = [];
  endpoint.sink = {
    onFrame: (frame) => lines.push(typeof frame === "string" ? frame : `<${frame.length}>`),
    onDrain: () => {},
    onClose: () => lines.push("(closed)"),
    onError: (error) => lines.push(`(error: ${error.message})`),
  };
  return { endpoint, lines };
}

function receive(endpoint: MemoryEndpoint, ...frames: readonly Uint8Array[]): void {
  for (const frame of frames) endpoint.onRead(frame, frame.length);
}

describe("an endpoint without a platform", () => {
  test("WS1 reads text and bytes, whole and in pieces", () => {
    const { endpoint, lines } = started();
    const frame = masked(1, "grüße");
    receive(endpoint, masked(1, "a"), masked(2, "bytes"));
    receive(endpoint, ...[...frame].map((byte) => Uint8Array.of(byte)));
    expect(lines).toEqual(["a", "<5>", "grüße"]);
  });

  test("WS12 answers pings, and cuts when the client does not read the answers", () => {
    const { endpoint } = started();
    receive(endpoint, masked(9, "hi"));
    receive(endpoint, masked(9, "ho"));
    for (const each of endpoint.turn.splice(0)) each.flush();
    expect(endpoint.written).toEqual(["\x8a\x02hi\x8a\x02ho"]);
    endpoint.networkBytes = 1;
    for (let n = 0; n < 61; n++) receive(endpoint, masked(9, ""));
    expect(endpoint.written.at(-1)).toBe("(destroyed)");
  });

  test("WS15 an oversized message closes with 1009", () => {
    const { endpoint, lines } = started();
    receive(endpoint, Uint8Array.of(0x82, 0xfe, 0x00, 0x80, 1, 2, 3, 4));
    const reason = "above the limit of 100 bytes";
    const length = String.fromCharCode(2 + reason.length);
    expect(endpoint.written).toEqual([`\x88${length}\x03\xf1${reason}`, "(end)"]);
    expect(lines).toEqual(["(error: Max payload size exceeded)"]);
    endpoint.onGone();
    expect([lines.length, endpoint.timers.length]).toEqual([1, 0]);
  });

  test("WS13 echoes a close frame, and ends", () => {
    const { endpoint, lines } = started();
    receive(endpoint, masked(8, "\x0c\x0c"));
    expect(endpoint.written).toEqual(["\x88\x02\x0c\x0c", "(end)"]);
    endpoint.onGone();
    expect(lines).toEqual(["(closed)"]);
    endpoint.close();
    expect(endpoint.written).toHaveLength(2);
  });

  test("WS14 a client that does not answer a close frame is cut", () => {
    const { endpoint } = started();
    endpoint.close();
    for (const timer of endpoint.timers) timer();
    expect(endpoint.written).toEqual(["\x88\x00", "(destroyed)"]);
  });
});
