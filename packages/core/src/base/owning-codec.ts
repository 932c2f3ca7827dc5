// What is sent must not change when the application goes on to use its buffers: bytes are copied when they
// are encoded, once for all recipients. Everything behind this may keep frames for as long as it likes.

import type {
  Codec,
  Encoded,
  Frame,
  Packet,
  PacketDecoder,
  PacketReceiver,
} from "@sockeye/protocol";

/** A codec whose frames share no memory with the data they were made of. */
export function owningCodec(codec: Codec): Codec {
  return {
    encode: (packet: Packet): Encoded => owned(codec.encode(packet)),
    createDecoder: (receiver?: PacketReceiver): PacketDecoder => codec.createDecoder(receiver),
  };
}

function owned(encoded: Encoded): Encoded {
  if (typeof encoded === "string") return encoded;
  return encoded instanceof Uint8Array ? new Uint8Array(encoded) : encoded.map(ownedFrame);
}

function ownedFrame(frame: Frame): Frame {
  return typeof frame === "string" ? frame : new Uint8Array(frame);
}
