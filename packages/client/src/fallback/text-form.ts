// The text form of a packet, for transports or settings that carry no bytes. Some of it asynchronous because of Blobs.

import { encodeEnginePacket, type Frame, frameToText } from "@sockeye/protocol";
import type { OutgoingPacket } from "../transports/transport.ts";

/** A packet as text; binary becomes `b` and base64. A promise only for what cannot be read at once. */
export function textForm(packet: OutgoingPacket): string | Promise<string> {
  const frame = encodeEnginePacket(packet as Parameters<typeof encodeEnginePacket>[0]) as
    | Frame
    | Blob;
  if (typeof frame === "string" || frame instanceof Uint8Array) return frameToText(frame);
  // Buffers, views of any kind, and Blobs.
  return new Blob([frame]).arrayBuffer().then((bytes) => frameToText(new Uint8Array(bytes)));
}
