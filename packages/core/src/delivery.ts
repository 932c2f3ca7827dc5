// One broadcast on its way: encoded at the first recipient and framed once per host.
// Hot path: per recipient one lookup and one call; nothing is allocated.

import type { BroadcastFlags, Delivery, SocketId } from "@sockeye/adapter";
import { SharedMessage } from "@sockeye/engine";
import type { Codec, Encoded, Frame, Packet } from "@sockeye/protocol";
import type { Socket } from "./socket.ts";

/** Puts the Engine.IO type character before text; bytes stay bare. */
export function asMessageFrames(encoded: Encoded): readonly Frame[] {
  if (typeof encoded === "string") return [`4${encoded}`];
  if (encoded instanceof Uint8Array) return [encoded];
  return encoded.map((frame) => (typeof frame === "string" ? `4${frame}` : frame));
}

/** Delivers one packet to sockets of one namespace. */
export class PacketDelivery implements Delivery {
  readonly #packet: Packet;
  readonly #flags: BroadcastFlags;
  readonly #codec: Codec;
  readonly #sockets: ReadonlyMap<SocketId, Socket>;
  readonly #encoded: Encoded | undefined;
  #message: SharedMessage | null = null;

  constructor(
    packet: Packet,
    flags: BroadcastFlags,
    to: {
      readonly codec: Codec;
      readonly sockets: ReadonlyMap<SocketId, Socket>;
      readonly encoded: Encoded | undefined;
    },
  ) {
    this.#packet = packet;
    this.#flags = flags;
    this.#codec = to.codec;
    this.#sockets = to.sockets;
    this.#encoded = to.encoded;
  }

  to(id: SocketId): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    this.#message ??= new SharedMessage(
      asMessageFrames(this.#encoded ?? this.#codec.encode(this.#packet)),
      this.#flags.compress !== false,
    );
    socket.sendShared(this.#message, this.#packet, this.#flags.volatile === true);
  }
}
