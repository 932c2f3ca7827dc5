// One broadcast on its way: encoded at the first receiver and framed once per host.
// Hot path: per receiver one lookup and one call; nothing is allocated.

import type { BroadcastFlags, Delivery, SocketId } from "@sockeye/adapter";
import { type SendOutcome, SharedMessage } from "@sockeye/engine";
import type { Codec, Encoded, Frame, Packet } from "@sockeye/protocol";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import { memberOf, type SocketFace } from "./member.ts";

/** Puts the Engine.IO type character before text; bytes stay bare. */
export function asMessageFrames(encoded: Encoded): readonly Frame[] {
  if (typeof encoded === "string") return [`4${encoded}`];
  if (encoded instanceof Uint8Array) return [encoded];
  return encoded.map((frame) => (typeof frame === "string" ? `4${frame}` : frame));
}

/** Where a delivery takes its receivers from, and what it counts into. */
export interface DeliveryContext {
  readonly codec: Codec;
  readonly sockets: ReadonlyMap<SocketId, SocketFace>;
  readonly encoded: Encoded | undefined;
  readonly counts: BroadcastCounts;
}

/** Delivers one packet to sockets of one namespace. */
export class PacketDelivery implements Delivery {
  readonly #packet: Packet;
  readonly #flags: BroadcastFlags;
  readonly #context: DeliveryContext;
  readonly #sockets: ReadonlyMap<SocketId, SocketFace>;
  #message: SharedMessage | null = null;

  constructor(packet: Packet, flags: BroadcastFlags, context: DeliveryContext) {
    this.#packet = packet;
    this.#flags = flags;
    this.#context = context;
    this.#sockets = context.sockets;
  }

  to(id: SocketId): SendOutcome {
    const face = this.#sockets.get(id);
    if (face === undefined) return "closed";
    this.#message ??= this.#encode();
    const outcome = memberOf(face).sendShared(
      this.#message,
      this.#packet,
      this.#flags.volatile === true,
    );
    this.#context.counts[outcome] += 1;
    return outcome;
  }

  #encode(): SharedMessage {
    const { codec, encoded } = this.#context;
    return new SharedMessage(
      asMessageFrames(encoded ?? codec.encode(this.#packet)),
      this.#flags.compress !== false,
    );
  }
}
