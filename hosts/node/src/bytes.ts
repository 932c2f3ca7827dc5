// Node's quicker ways with bytes, for frames and bodies.

import { isUtf8, constants as sizes } from "node:buffer";
import { type Bytes, FrameWriter } from "@sockeye/websocket";

type Slice = (this: Uint8Array, from: number, to: number) => string;

// What `toString` ends in; these take any bytes, not only buffers.
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as Record<
  "latin1Slice" | "utf8Slice",
  Slice
>;

/** The operations on Node's buffers. */
export const nodeBytes: Bytes<Buffer> = {
  longestString: sizes.MAX_STRING_LENGTH,
  allocate: (size) => Buffer.allocUnsafe(size),
  isUtf8: (bytes) => isUtf8(bytes),
  latin1: (bytes, from, to) => latin1Slice.call(bytes, from, to),
  utf8: (bytes, from, to) => utf8Slice.call(bytes, from, to),
  encode: (text) => Buffer.from(text),
  byteLength: (text) => Buffer.byteLength(text),
};

/** Writes frames with them. */
export const nodeFrames: FrameWriter<Buffer> = new FrameWriter(nodeBytes);
