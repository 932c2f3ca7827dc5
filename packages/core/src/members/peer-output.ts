// What a peer sends: packets of its own, and those of its members. A base class, so that no object is added to each connection.

import type { BroadcastFlags } from "@sockeye/adapter";
import { type SendOutcome, SharedMessage } from "@sockeye/engine";
import type { Encoded, Frame, Packet } from "@sockeye/protocol";
import type { PointSocket } from "../base/diagnostics.ts";
import { ownedMessageFrames } from "./message-frames.ts";
import type { PeerServices } from "./peer-context.ts";
import type { PeerConnection } from "./peer-parts.ts";

/** An event that is sent to one client. */
export interface SentEvent {
  readonly packet: Packet;
  readonly socket: PointSocket | null;
  readonly flags: BroadcastFlags | null;
}

/** Base class of peers. */
export abstract class PeerOutput {
  abstract readonly connection: PeerConnection;
  protected abstract readonly context: PeerServices;

  /** Bytes that are kept for the client, because its transport is not to take them yet. */
  get heldBytes(): number {
    return this.context.slow.heldBytes(this);
  }

  /** Resolves when everything sent so far has left. Rejects with `ERR_DISCONNECTED` when the connection ends before. */
  drained(): Promise<void> {
    return this.context.slow.drained(this);
  }

  /** Sends frames that an adapter has encoded with the server's `encoder`. */
  sendEncoded(frames: readonly Frame[], flags: BroadcastFlags): void {
    if (flags.volatile !== true || this.connection.isWritable()) {
      this.write(frames, flags.compress !== false);
    }
  }

  /** Sends an encoded packet at once. */
  write(encoded: Encoded, compress: boolean): SendOutcome {
    const { connection } = this;
    if (typeof encoded === "string" || encoded instanceof Uint8Array) {
      return connection.send(encoded, compress);
    }
    let outcome: SendOutcome = "sent";
    for (const frame of encoded) outcome = connection.send(frame, compress);
    return outcome;
  }

  /** Whether an event with these flags goes to the transport at once, slow client or not. */
  isPlain(flags: BroadcastFlags | null): boolean {
    return !this.context.slow.isOn && flags?.latest === undefined;
  }

  /** Sends an encoded packet, at once or when the client reads. */
  deliver(encoded: Encoded, sent: SentEvent): SendOutcome {
    const message = new SharedMessage(ownedMessageFrames(encoded), sent.flags?.compress !== false);
    return this.deliverShared(message, sent);
  }

  /** The same for a message to many. */
  deliverShared(message: SharedMessage, { flags, packet, socket }: SentEvent): SendOutcome {
    return this.context.slow.send(this, { message, packet, socket, latest: flags?.latest });
  }

  /** Encodes and sends a packet. @throws TypeError when its data cannot be serialised */
  send(packet: Packet, compress = true): SendOutcome {
    const encoded = this.context.services.codec.encode(packet);
    if (this.isPlain(null)) return this.write(encoded, compress);
    return this.deliver(encoded, { packet, socket: null, flags: { compress } });
  }
}
