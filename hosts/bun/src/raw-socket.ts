// A WebSocket of Bun, for the engine's port. Bun frames and parses.

import type { Frame } from "@sockeye/engine";
import { PlainFrame } from "@sockeye/hosting";
import { MessageSocket, violation } from "@sockeye/server";
import type { BunWebSocket } from "./bun.ts";

/** A close frame without a code. */
const NO_CODE = 1005;
/** What Bun reports when there was no close frame, or when it has closed because of a violation. */
const ABNORMAL = 1006;

/** The raw socket of one connection, from the handshake on. */
export class BunRawSocket extends MessageSocket<BunWebSocket, PlainFrame> {
  /** A message has arrived. */
  onMessage(message: Frame): void {
    this.receive(message);
  }

  /** The WebSocket has closed; `code` and `reason` are Bun's, which has answered a violation by a close frame. */
  onEnd(code: number, reason: string): void {
    const isViolation = code === ABNORMAL && reason !== "";
    this.onClosed(isViolation ? violation(reason, this.context.limit) : null);
  }

  protected override get isExact(): boolean {
    return true;
  }

  /** Bun returns -1 for a frame that waits, and 0 for one that it has dropped. */
  protected override put(ws: BunWebSocket, frame: Frame | PlainFrame, compress: boolean): boolean {
    return ws.send(frame instanceof PlainFrame ? frame.data : frame, compress) <= 0;
  }

  protected override end(ws: BunWebSocket, code: number = NO_CODE): void {
    ws.close(code);
  }

  protected override destroy(ws: BunWebSocket): void {
    ws.terminate();
  }
}
