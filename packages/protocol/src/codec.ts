// The contract between packets and frames. A codec is chosen per server and per manager;
// a decoder belongs to one connection, because a packet may span several frames.

import type { Frame } from "./frame.ts";
import type { Packet } from "./packet.ts";
import type { UndecodedEvents } from "./undecoded.ts";

/** The frames of one packet: most often one, and then without an array around it. */
export type Encoded = Frame | readonly Frame[];

/** Receives packets that a decoder completes outside of `add`, or several at a time. */
export interface PacketReceiver {
  onPacket(packet: Packet): void;
}

/** Turns packets into frames and back. */
export interface Codec {
  /**
   * Encodes a packet. The result may be written to many connections and must not be changed.
   * @throws TypeError when the data cannot be serialised, in the stack of the caller of `emit`
   */
  encode(packet: Packet): Encoded;
  /** A decoder for one connection. Most return packets from `add`; `receiver` is for those that cannot. */
  createDecoder(receiver?: PacketReceiver): PacketDecoder;
  /** Reads events that need not be decoded. Without this member every frame is decoded. */
  readonly undecoded?: UndecodedEvents | undefined;
}

/** Collects frames into packets, for one connection. */
export interface PacketDecoder {
  /**
   * Takes one frame; returns a packet when it completed one.
   * @throws ProtocolError when the frame breaks the protocol; the connection must then be closed
   */
  add(frame: Frame): Packet | undefined;
  /** Forgets a half-received packet. */
  reset(): void;
  /**
   * Whether a packet is partly received. A decoder with this member returns packets from `add` only, and while it is
   * `false` the decoder may serve any connection, so that a server needs no decoder per connection. A decoder without
   * it serves one connection.
   */
  readonly isBusy?: boolean;
  /**
   * The frames of the packet that is partly received, while `isBusy`: another decoder that takes them goes on from there.
   * Without this member a connection is not taken down meanwhile.
   */
  readonly partial?: readonly Frame[];
  /** For a decoder without `isBusy`: whether the last frame completed no packet, so that one may be partly received. */
  readonly isUnfinished?: boolean;
}
