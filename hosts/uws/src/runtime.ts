// What this host gives to every layer: Node's services, frames that uWebSockets.js copies, and one end of a turn for all
// that is written.

import type { ServerPlatform } from "@sockeye/core";
import type { Frame, PreparedFrame } from "@sockeye/engine";
import { nodePlatform } from "@sockeye/node/kit";
import { TurnBatch } from "@sockeye/server";

/** What is written at the end of a turn, by all servers. */
export const batch: TurnBatch = new TurnBatch(setImmediate, nodePlatform.surface);

/** A frame for many receivers, as bytes: the quickest form to pass on. uWebSockets.js frames it by itself. */
export class UwsFrame implements PreparedFrame {
  readonly data: ArrayBuffer;
  readonly isBinary: boolean;

  constructor(frame: Frame) {
    this.isBinary = typeof frame !== "string";
    const bytes = Buffer.from(frame as string);
    const { buffer, byteOffset, length } = bytes;
    // Short ones are parts of a larger buffer.
    this.data =
      buffer.byteLength === length && buffer instanceof ArrayBuffer
        ? buffer
        : (buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
  }

  get bytes(): number {
    return this.data.byteLength;
  }
}

/** The services of this host. */
export const uwsPlatform: ServerPlatform = {
  ...nodePlatform,
  framer: { prepare: (frame) => new UwsFrame(frame) },
  copiesFrames: true,
  collect: (flushable) => batch.add(flushable),
  // The batch may have been scheduled after this.
  afterTurn: (callback) => void setImmediate(() => void setImmediate(callback)),
};
