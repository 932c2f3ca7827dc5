// A frame for many receivers on a runtime that frames by itself.

import type { Frame, Framer, PreparedFrame } from "@sockeye/engine";

/** The frame as it was sent. */
export class PlainFrame implements PreparedFrame {
  readonly data: Frame;
  readonly bytes: number;

  constructor(data: Frame) {
    this.data = data;
    this.bytes = data.length;
  }
}

/** For sockets that pass a frame on at once. */
export const plainFrames: Framer = { prepare: (frame) => new PlainFrame(frame) };

/** For sockets that keep it beyond the call: bytes of the application may change. */
export const keptFrames: Framer = {
  prepare: (frame) => new PlainFrame(typeof frame === "string" ? frame : new Uint8Array(frame)),
};
