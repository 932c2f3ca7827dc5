// Frames as WebSocket clients send them, right or wrong in any respect, and what two readers make of them:
// ours, and the receiver of `ws`, whose journals must be the same.

import type { FrameError, FrameReader, FrameSink, Unfinished } from "@sockeye/websocket";
import * as ws from "ws";

/** What is unusual about a frame; everything absent is as a client should send it. */
export interface FramePlan {
  /** Default 1, text. */
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. Default 0. */
  readonly reserved?: number;
  /** Four bytes, or `null` for none. */
  readonly mask?: readonly number[] | null;
  /** A payload length to claim instead of the true one. */
  readonly claim?: bigint;
  /** How many bytes of length follow the first two, whether or not they are needed. */
  readonly lengthBytes?: 0 | 2 | 8;
}

/** Builds one frame. */
export function clientFrame(plan: FramePlan): Buffer {
  const {
    opcode = 1,
    payload = "",
    fin = true,
    reserved = 0,
    mask = [0x37, 0xfa, 0x21, 0x3d],
  } = plan;
  const body = Buffer.from(payload);
  const length = plan.claim ?? BigInt(body.length);
  const lengthBytes = plan.lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const head = Buffer.alloc(2 + lengthBytes);
  const short = lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127;
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (mask === null ? 0 : 0x80) | short;
  if (lengthBytes === 2) head.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(length, 2);
  if (mask === null) return Buffer.concat([head, body]);
  for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return Buffer.concat([head, Buffer.from(mask), body]);
}

/** A line for each thing that was read: `text …`, `bytes …`, `ping …`, `pong …`, `close …`, `error …`. */
export type Journal = string[];

class JournalSink implements FrameSink<Buffer> {
  readonly journal: Journal = [];
  unfinished: Unfinished<Buffer> | null = null;
  isOver = false;
  onText(text: string): void {
    this.journal.push(`text ${text}`);
  }
  onBytes(bytes: Buffer): void {
    this.journal.push(`bytes ${bytes.toString("latin1")}`);
  }
  onPing(payload: Buffer): void {
    this.journal.push(`ping ${payload.toString("latin1")}`);
  }
  onPong(payload: Buffer): void {
    this.journal.push(`pong ${payload.toString("latin1")}`);
  }
  onCloseFrame(code: number, reason: Buffer): void {
    this.journal.push(`close ${code} ${reason.toString("utf8")}`);
    this.isOver = true;
  }
  onBroken(error: FrameError): void {
    this.journal.push(`error ${error.closeCode} ${error.code} ${error.message}`);
    this.isOver = true;
  }
}

/** What our reader makes of chunks, which are left as they are. */
export function readByUs(chunks: readonly Buffer[], reader: FrameReader<Buffer>): Journal {
  const sink = new JournalSink();
  for (const chunk of chunks) {
    if (sink.isOver) break;
    const copy = Buffer.from(chunk);
    reader.read(sink, copy, copy.length);
    // Whatever is kept must not lie in the chunk.
    copy.fill(0xee);
  }
  return sink.journal;
}

interface Receiver extends NodeJS.WritableStream {
  readonly errored: (Error & { readonly code: string }) | null;
}

type ReceiverClass = new (options: object) => Receiver;

/** What the receiver of `ws` makes of chunks. The error is seen at once: the stream emits it later. */
export function readByWs(chunks: readonly Buffer[], maxPayload: number): Journal {
  const { Receiver } = ws as unknown as { readonly Receiver: ReceiverClass };
  const receiver = new Receiver({ isServer: true, maxPayload, maxFragments: 16_384 });
  const journal: Journal = [];
  const write = (kind: string) => (data: Buffer) => {
    journal.push(`${kind} ${data.toString("latin1")}`);
  };
  let isOver = false;
  receiver.on("message", (data: Buffer, isBinary: boolean) => {
    journal.push(isBinary ? `bytes ${data.toString("latin1")}` : `text ${data.toString("utf8")}`);
  });
  receiver.on("ping", write("ping"));
  receiver.on("pong", write("pong"));
  receiver.on("conclude", (code: number, reason: Buffer) => {
    journal.push(`close ${code} ${reason.toString("utf8")}`);
    isOver = true;
  });
  receiver.on("error", () => {});
  for (const chunk of chunks) {
    receiver.write(Buffer.from(chunk) as unknown as string);
    const { errored } = receiver;
    if (errored !== null) {
      journal.push(`error ${closeCodeOf(errored)} ${errored.code} ${errored.message}`);
      break;
    }
    if (isOver) break;
  }
  return journal;
}

/** `ws` keeps the close code of an error under a symbol of its own. */
function closeCodeOf(error: Error): unknown {
  const [symbol] = Object.getOwnPropertySymbols(error).filter(
    ({ description }) => description === "status-code",
  );
  return symbol === undefined ? undefined : (error as unknown as Record<symbol, unknown>)[symbol];
}
