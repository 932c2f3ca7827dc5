// A WebSocket of Bun, for the engine's port. Bun frames and parses.

import type { Frame, Ticket } from "@sockeye/engine";
import { type CollectedContext, CollectedSocket } from "@sockeye/hosting";
import type { Gateway } from "@sockeye/server";
import { faults } from "@sockeye/websocket";
import type { BunWebSocket } from "./bun.ts";

/** A close frame without a code. */
const NO_CODE = 1005;
/** What Bun reports when there was no close frame, or when it has closed because of a violation. */
const ABNORMAL = 1006;

/** What the raw sockets of a server share. */
export interface RawSocketContext extends CollectedContext {
  readonly gateway: Gateway;
  /** Bytes of a message. */
  readonly limit: number;
}

/** The error of a violation that Bun has found and answered by a close frame; `reason` is Bun's. */
function errorOf(reason: string, limit: number): Error {
  if (/too (big|large)/i.test(reason)) return faults.tooLong(limit);
  if (/utf-?8/i.test(reason)) return faults.notUtf8();
  return new Error(`Invalid WebSocket frame: ${reason}`);
}

/** The raw socket of one connection, from the handshake on. */
export class BunRawSocket extends CollectedSocket<BunWebSocket> {
  readonly #context: RawSocketContext;
  #ticket: Ticket | null;

  constructor(ticket: Ticket, context: RawSocketContext) {
    super(context);
    this.#ticket = ticket;
    this.#context = context;
  }

  /** The handshake is complete. */
  open(ws: BunWebSocket): void {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    this.ws = ws;
    this.within(() => this.#context.gateway.attach(ticket, this));
  }

  close(): void {
    this.flush();
    this.ws?.close(NO_CODE);
  }

  terminate(): void {
    this.forget();
    this.ws?.terminate();
  }

  /** A message has arrived. */
  onMessage(message: Frame): void {
    this.receive(message);
  }

  /** The WebSocket has closed; `code` and `reason` are Bun's. */
  onClosed(code: number, reason: string): void {
    this.ws = null;
    this.forget();
    const isViolation = code === ABNORMAL && reason !== "";
    this.ended(isViolation ? errorOf(reason, this.#context.limit) : null);
  }

  protected override put(ws: BunWebSocket, frame: Frame, compress: boolean): boolean {
    return ws.send(frame, compress) <= 0;
  }

  protected override shut(code: number): void {
    this.ws?.close(code);
  }
}
