// Sent data must not change when the application reuses its buffers: bytes are copied while encoding, once for all
// recipients. Layers below may keep frames without a copy. The application does not hold the frames of an event that is passed on.

import {
  type Codec,
  type Encoded,
  type Frame,
  type Packet,
  type PacketDecoder,
  type PacketReceiver,
  passedFrames,
} from "@sockeye/protocol";

/** A codec whose frames share no memory with the encoded data. */
export function owningCodec(codec: Codec): Codec {
  return {
    encode: (packet: Packet): Encoded => passedFrames(packet) ?? owned(codec.encode(packet)),
    createDecoder: (receiver?: PacketReceiver): PacketDecoder => codec.createDecoder(receiver),
    undecoded: codec.undecoded,
  };
}

function owned(encoded: Encoded): Encoded {
  if (typeof encoded === "string") return encoded;
  return encoded instanceof Uint8Array ? new Uint8Array(encoded) : encoded.map(ownedFrame);
}

function ownedFrame(frame: Frame): Frame {
  return typeof frame === "string" ? frame : new Uint8Array(frame);
}
