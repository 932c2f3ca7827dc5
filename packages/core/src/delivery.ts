// One broadcast on its way: encoded at the first recipient and framed once per host.
// Hot path: per recipient one lookup and one call; nothing is allocated.

import type { BroadcastFlags, Delivery, SocketId } from "@sockeye/adapter";
import { SharedMessage } from "@sockeye/engine";
import type { Codec, Encoded, Frame, Packet } from "@sockeye/protocol";
import type { Socket } from "./socket.ts";
import type { SocketAdmission } from "./socket-admission.ts";

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
  readonly #admissions: ReadonlyMap<SocketId, SocketAdmission> | null;
  #message: SharedMessage | null = null;

  constructor(
    packet: Packet,
    flags: BroadcastFlags,
    to: {
      readonly codec: Codec;
      readonly sockets: ReadonlyMap<SocketId, Socket>;
      readonly encoded: Encoded | undefined;
      /** Sockets that are being admitted, when there are any. */
      readonly admissions: ReadonlyMap<SocketId, SocketAdmission> | null;
    },
  ) {
    this.#packet = packet;
    this.#flags = flags;
    this.#codec = to.codec;
    this.#sockets = to.sockets;
    this.#encoded = to.encoded;
    this.#admissions = to.admissions;
  }

  to(id: SocketId): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) {
      this.#admissions?.get(id)?.take(this.#shared(), this.#packet, this.#flags.volatile === true);
      return;
    }
    socket.sendShared(this.#shared(), this.#packet, this.#flags.volatile === true);
  }

  #shared(): SharedMessage {
    this.#message ??= new SharedMessage(
      asMessageFrames(this.#encoded ?? this.#codec.encode(this.#packet)),
      this.#flags.compress !== false,
    );
    return this.#message;
  }
}
