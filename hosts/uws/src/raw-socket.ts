// A WebSocket of uWebSockets.js, for the engine's port.

import { isAscii } from "node:buffer";
import type { Frame } from "@sockeye/engine";
import { nodeBytes } from "@sockeye/node/kit";
import { MessageSocket, violation, WholeFrame } from "@sockeye/server";
import type { UwsWebSocket } from "./uws.ts";

/** What `send` returns for a frame that was passed on without waiting. */
const PASSED_ON = 1;
/** What `close` reports when there was no close frame. */
const ABNORMAL = 1006;
/** Shorter text is decoded without a check for ASCII, which would cost more than it saves. */
const SHORT_TEXT = 64;

/** The text of bytes that uWebSockets.js has found to be UTF-8. */
function textOf(bytes: Buffer): string {
  const isPlain = bytes.length > SHORT_TEXT && isAscii(bytes);
  return nodeBytes[isPlain ? "latin1" : "utf8"](bytes, 0, bytes.length);
}

/** The raw socket of one connection, from the handshake on. */
export class UwsRawSocket extends MessageSocket<UwsWebSocket, WholeFrame> {
  /** A message has arrived; its bytes are valid during the call. */
  onMessage(message: ArrayBuffer, isBinary: boolean): void {
    const bytes = Buffer.from(message);
    if (bytes.length > this.context.limit) this.refuse();
    else this.receive(isBinary ? Buffer.from(bytes) : textOf(bytes));
  }

  /** The WebSocket has closed; `reason` says which violation uWebSockets.js has ended it for, if any. */
  onEnd(code: number, reason: ArrayBuffer): void {
    const text = code === ABNORMAL ? Buffer.from(reason).toString() : "";
    // The client has just gone.
    const isPlain = text === "" || text.includes("FIN");
    this.onClosed(isPlain ? null : violation(text, this.context.limit));
  }

  protected override put(ws: UwsWebSocket, frame: Frame | WholeFrame, compress: boolean): boolean {
    const isWhole = frame instanceof WholeFrame;
    const data = isWhole ? frame.data : frame;
    const isBinary = isWhole ? frame.isBinary : typeof frame !== "string";
    return (compress ? ws.send(data, isBinary, true) : ws.send(data, isBinary)) !== PASSED_ON;
  }

  protected override end(ws: UwsWebSocket, code?: number, reason?: string): void {
    if (code === undefined) ws.end();
    else ws.end(code, reason);
  }

  protected override destroy(ws: UwsWebSocket): void {
    ws.close();
  }
}
