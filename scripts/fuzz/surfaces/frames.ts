// WebSocket frames (RFC 6455), and the frames of WebTransport's streams.

import { StreamFrameReader, streamFrame } from "../../../packages/protocol/src/stream-frames.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { portableBytes } from "../../../packages/websocket/src/bytes.ts";
import { FrameReader, type FrameSink } from "../../../packages/websocket/src/frame-reader.ts";
import { chunksOf, mutatedBytes, someBytes } from "../grammar.ts";
import { engineFrames } from "../packets.ts";
import type { FuzzSession, Input, Outcome, Surface } from "../surface.ts";

const LIMIT = 100_000;
const encoder = new TextEncoder();

/** A frame of a client: most are right. */
function clientFrame(random: SeededRandom): Uint8Array {
  const [first = ""] = engineFrames(random);
  const isControl = random.once(6);
  const payload = isControl ? someBytes(random, random.once(8) ? 200 : 20) : bytesOf(first);
  const isLast = random.once(8) ? 0 : 0x80;
  const opcode = isControl
    ? random.pick([8, 9, 10])
    : random.once(8)
      ? random.below(16)
      : typeof first === "string"
        ? 1
        : 2;
  const reserved = random.once(40) ? random.pick([0x10, 0x20, 0x40]) : 0;
  const head = [isLast | reserved | opcode, ...lengthOf(random, payload.length)];
  if (random.once(60)) return Uint8Array.from([...head.map((byte) => byte & 0x7f), ...payload]);
  const mask = [1, 2, 3, random.below(256)];
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  return Uint8Array.from([...head, ...mask, ...masked]);
}

/** The length of a payload, sometimes in more bytes than needed, or another one. */
function lengthOf(random: SeededRandom, length: number): number[] {
  const said = random.once(30)
    ? random.pick([125, 126, 65_535, 65_536, 2 ** 31, LIMIT + 1])
    : length;
  const form = random.once(20) ? random.below(3) : said < 126 ? 0 : said < 65_536 ? 1 : 2;
  if (form === 0) return [0x80 | (said & 0x7f)];
  if (form === 1) return [0xfe, (said >>> 8) & 0xff, said & 0xff];
  const high = random.once(8) ? random.pick([0xff, 0x7f, 0x20]) : 0;
  return [
    0xff,
    high,
    0,
    0,
    0,
    (said >>> 24) & 0xff,
    (said >>> 16) & 0xff,
    (said >>> 8) & 0xff,
    said & 0xff,
  ];
}

function bytesOf(frame: string | Uint8Array): Uint8Array {
  return typeof frame === "string" ? encoder.encode(frame) : frame;
}

class FramesSession implements FuzzSession, FrameSink {
  unfinished: FrameSink["unfinished"] = null;
  readonly #reader = new FrameReader(LIMIT, portableBytes);
  #isOver = false;
  #length = 0;

  make(random: SeededRandom): Input {
    const frame = clientFrame(random);
    return chunksOf(random, random.once(4) ? mutatedBytes(random, frame) : frame);
  }

  feed(input: Input): Outcome {
    // Each connection ends with its first fault; the next input is the first of another one.
    this.#isOver = false;
    for (const chunk of input) {
      // Read in place, and the input shall be shown as it was.
      const copy = (chunk as Uint8Array).slice();
      if (!this.#isOver) this.#reader.read(this, copy, copy.length);
    }
    if (this.#isOver) this.unfinished = null;
    return this.#isOver ? "refused" : "accepted";
  }

  end(): void {
    this.unfinished = null;
  }

  onText(text: string): void {
    this.#length += text.length;
  }
  onBytes(bytes: Uint8Array): void {
    this.#length += bytes.length;
  }
  onPing(payload: Uint8Array): void {
    this.#length += payload.length;
  }
  onPong(): void {}
  onCloseFrame(): void {
    this.#isOver = true;
  }
  onBroken(): void {
    this.#isOver = true;
  }
}

class StreamSession implements FuzzSession {
  #reader = this.#start();

  make(random: SeededRandom): Input {
    const whole = engineFrames(random).map((frame) => streamFrame(frame));
    if (random.once(8))
      whole.push(Uint8Array.of(random.pick([0x7f, 0xff, 0x7e]), ...someBytes(random, 9)));
    return whole.flatMap((bytes) => [
      ...chunksOf(random, random.once(6) ? mutatedBytes(random, bytes) : bytes),
    ]);
  }

  feed(input: Input): Outcome {
    try {
      for (const chunk of input) {
        this.#reader.put(chunk as Uint8Array);
        while (this.#reader.next() !== undefined);
      }
      return "accepted";
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof TooLong)) throw error;
      this.#reader = this.#start();
      return "refused";
    }
  }

  end(): void {}

  #start(): StreamFrameReader {
    return new StreamFrameReader(LIMIT, () => new TooLong());
  }
}

class TooLong extends Error {}

export const webSocketFrames: Surface = {
  name: "WebSocket frames",
  weight: 20,
  open: () => ({ begin: () => new FramesSession() }),
};

export const streamFrames: Surface = {
  name: "WebTransport frames",
  weight: 8,
  open: () => ({ begin: () => new StreamSession() }),
};
