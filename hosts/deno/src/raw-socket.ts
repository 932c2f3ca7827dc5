// A WebSocket of Deno, for the engine's port. Deno frames and parses, sends each message by itself, and reports no drain: who
// waits for one asks again and again. Hot path: no closure, no stored input.

import { Buffer } from "node:buffer";
import type { Frame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import { faults } from "@sockeye/websocket";
import type { DenoWebSocket } from "./deno.ts";
import type { DenoFrame } from "./runtime.ts";

const OPEN = 1;
const TOO_LONG = 1009;
const INTERNAL_ERROR = 1011;
/** The bytes of a UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;
/** Milliseconds between two looks at the backlog: the first, and the longest. */
const FIRST_LOOK = 1;
const LONGEST_LOOK = 50;

/** Of Deno's errors those by which the network connection has ended; the others are violations of the protocol. */
const LOST = /EOF|reset|broken pipe|closed|^$/i;

/** What the raw sockets of a server share. */
export interface RawSocketContext {
  readonly clock: Clock;
  /** Bytes of a message. */
  readonly limit: number;
  surface(error: unknown): void;
}

function isTooLong(data: string | ArrayBuffer, limit: number): boolean {
  if (typeof data !== "string") return data.byteLength > limit;
  return data.length > limit || (WIDEST * data.length > limit && Buffer.byteLength(data) > limit);
}

/** The raw socket of one connection, open from its construction on. */
export class DenoRawSocket implements RawSocket {
  readonly needsRawFrames = false;
  readonly #ws: DenoWebSocket;
  readonly #context: RawSocketContext;
  #sink: RawSocketSink | null = null;
  #isLooking = false;

  constructor(ws: DenoWebSocket, context: RawSocketContext) {
    this.#ws = ws;
    this.#context = context;
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
    const ws = this.#ws;
    ws.onmessage = ({ data }) => this.#onMessage(data as string | ArrayBuffer);
    // "close" follows, without a code.
    ws.onerror = ({ message = "" }) => {
      if (!LOST.test(message)) this.#end(new Error(`Invalid WebSocket frame: ${message}`));
    };
    ws.onclose = () => this.#end(null);
  }

  get isOpen(): boolean {
    return this.#ws.readyState === OPEN;
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  isWritable(): boolean {
    return this.isOpen && this.#ws.bufferedAmount === 0;
  }

  send(frame: Frame): number {
    const ws = this.#ws;
    if (ws.readyState === OPEN) ws.send(frame);
    return ws.bufferedAmount;
  }

  sendPrepared({ data }: DenoFrame): number {
    return this.send(data);
  }

  requestDrain(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#look(FIRST_LOOK);
  }

  close(): void {
    this.#ws.close();
  }

  /** Deno cannot destroy a WebSocket: this is its idle time-out, from now on without answers. */
  terminate(): void {
    this.#sink = null;
    this.#ws.close();
  }

  #look(delay: number): void {
    this.#context.clock.after(delay, () => {
      if (this.#sink !== null && this.#ws.bufferedAmount > 0) {
        this.#look(Math.min(2 * delay, LONGEST_LOOK));
        return;
      }
      this.#isLooking = false;
      this.#sink?.onDrain();
    });
  }

  #onMessage(data: string | ArrayBuffer): void {
    const { limit } = this.#context;
    if (this.#sink === null) return;
    if (isTooLong(data, limit)) {
      const error = faults.tooLong(limit);
      this.#ws.close(TOO_LONG, error.closeReason ?? "");
      this.#end(error);
      return;
    }
    try {
      this.#sink.onFrame(typeof data === "string" ? data : Buffer.from(data));
    } catch (error) {
      this.#context.surface(error);
      this.#ws.close(INTERNAL_ERROR);
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #end(error: Error | null): void {
    const sink = this.#sink;
    this.#sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }
}
