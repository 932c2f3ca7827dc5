// The decoders of a server's connections: one for all, as far as the codec allows it. A connection gets its own when a
// packet has begun to arrive on it and is not complete. Knows nothing of packets.

import type { Codec, PacketDecoder, PacketReceiver } from "@sockeye/protocol";

/** Decoders of one codec. */
export class Decoders {
  readonly #codec: Codec;
  #common: PacketDecoder | null = null;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** The decoder for all connections that have none of their own; null when each has one. */
  get common(): PacketDecoder | null {
    return this.#common;
  }

  /** A decoder for a new connection, or null when the common one will do. */
  begin(receiver: PacketReceiver): PacketDecoder | null {
    if (this.#common !== null) return null;
    const decoder = this.#codec.createDecoder(receiver);
    if (decoder.isBusy === undefined) return decoder;
    this.#common = decoder;
    return null;
  }

  /** Gives a connection the decoder that was the common one, with the packet it has begun there. */
  part(): PacketDecoder | null {
    const decoder = this.#common;
    this.#common = this.#codec.createDecoder();
    return decoder;
  }
}
