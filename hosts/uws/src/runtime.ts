// What this host gives to every layer: Node's services, frames that uWebSockets.js copies, and one end of a turn for all
// that is written.

import type { ServerPlatform } from "@sockeye/core";
import type { Frame, PreparedFrame } from "@sockeye/engine";
import { nodePlatform, services } from "@sockeye/node/kit";
import { type TurnServices, turnServices } from "@sockeye/server";

/** A frame for many receivers, as bytes: the quickest form to pass on. uWebSockets.js frames it by itself. */
export class UwsFrame implements PreparedFrame {
  readonly data: ArrayBuffer;
  readonly isBinary: boolean;

  constructor(frame: Frame) {
    this.isBinary = typeof frame !== "string";
    const { buffer, byteOffset, length } = Buffer.from(frame as string);
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

/** The end of a turn, of all servers. */
export const turns: TurnServices = turnServices(services);

/** The services of this host. */
export const uwsPlatform: ServerPlatform = {
  ...nodePlatform,
  ...turns,
  framer: { prepare: (frame) => new UwsFrame(frame) },
};
