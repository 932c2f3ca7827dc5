// The decoders of a server's connections: one shared decoder, where the codec allows it. A connection gets a decoder of
// its own while it holds a partly received packet. Does not know packets.

import type { Codec, Frame, PacketDecoder, PacketReceiver } from "@sockeye/protocol";

/** The frames of a packet that a decoder has partly received; `null` when it does not hand them over. */
export function partlyReceived(decoder: PacketDecoder | null): readonly Frame[] | null {
  if (decoder === null || decoder.isBusy === false) return [];
  if (decoder.isBusy === true) return decoder.partial ?? null;
  return decoder.isUnfinished === false ? [] : null;
}

/** Decoders of one codec. */
export class Decoders {
  readonly #codec: Codec;
  #common: PacketDecoder | null = null;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** The decoder shared by all connections without their own; null when each has its own. */
  get common(): PacketDecoder | null {
    return this.#common;
  }

  /** A decoder for a new connection, or null when it uses the shared one. */
  forConnection(receiver: PacketReceiver): PacketDecoder | null {
    if (this.#common !== null) return null;
    const decoder = this.#codec.createDecoder(receiver);
    if (decoder.isBusy === undefined) return decoder;
    this.#common = decoder;
    return null;
  }

  /** Detaches the shared decoder, with its partly received packet, for one connection, and creates a new shared one. */
  detach(): PacketDecoder | null {
    const decoder = this.#common;
    this.#common = this.#codec.createDecoder();
    return decoder;
  }
}
