// Decodes one whole packet, outside of any connection.

import type { Codec, Encoded, Frame, Packet } from "@sockeye/protocol";

/** The packet; nothing when its frames are malformed, incomplete or more than one packet. */
export function decoded(codec: Codec, encoded: Encoded): Packet | undefined {
  let found: Packet | undefined;
  const decoder = codec.createDecoder({
    onPacket: (packet) => {
      found = packet;
    },
  });
  try {
    for (const frame of framesOf(encoded)) found = decoder.add(frame) ?? found;
  } catch {
    return undefined;
  }
  return found;
}

function framesOf(encoded: Encoded): readonly Frame[] {
  return typeof encoded === "string" || encoded instanceof Uint8Array ? [encoded] : encoded;
}
