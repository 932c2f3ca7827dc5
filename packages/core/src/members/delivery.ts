// The delivery of one broadcast: encoded at the first receiver and framed once per host.
// Hot path: per receiver one lookup and one call; nothing is allocated.

import type { BroadcastFlags, Delivery, SocketId } from "@sockeye/adapter";
import { type SendOutcome, SharedMessage } from "@sockeye/engine";
import type { Codec, Encoded, Packet } from "@sockeye/protocol";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import { memberOf } from "./member.ts";
import type { MemberAdmission } from "./member-admission.ts";
import { asMessageFrames } from "./message-frames.ts";
import type { SocketFace } from "./socket-face.ts";

/** The receivers of a delivery, and its counters. */
export interface DeliveryContext {
  readonly codec: Codec;
  readonly sockets: ReadonlyMap<SocketId, SocketFace>;
  readonly encoded: Encoded | undefined;
  /** Null when they are not asked for. */
  readonly counts: BroadcastCounts | null;
  /** Members that are being admitted, when there are any. */
  readonly admissions: ReadonlyMap<SocketId, MemberAdmission> | null;
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
    const { counts } = this.#context;
    if (counts !== null) return this.#counted(id, face, counts);
    return this.#send(id, face);
  }

  #send(id: SocketId, face: SocketFace | undefined): SendOutcome {
    if (face === undefined) return this.#hold(id, this.#flags.volatile === true);
    return memberOf(face).sendShared(this.#shared(), this.#packet, this.#flags);
  }

  /** A transport takes what it must keep for a client that does not read; here it counts as waiting. */
  #counted(id: SocketId, face: SocketFace | undefined, counts: BroadcastCounts): SendOutcome {
    const isWaiting = face !== undefined && !memberOf(face).peer.connection.isWritable();
    const taken = this.#send(id, face);
    const outcome = isWaiting && taken === "sent" ? "queued" : taken;
    counts[outcome] += 1;
    return outcome;
  }

  /** The receiver is not in the namespace yet, or no more. */
  #hold(id: SocketId, isVolatile: boolean): SendOutcome {
    const admission = this.#context.admissions?.get(id);
    return admission?.take(this.#shared(), this.#packet, isVolatile) ?? "closed";
  }

  #shared(): SharedMessage {
    if (this.#message === null) {
      const { codec, encoded } = this.#context;
      const frames = asMessageFrames(encoded ?? codec.encode(this.#packet));
      this.#message = new SharedMessage(frames, this.#flags.compress !== false);
    }
    return this.#message;
  }
}
