// What a member sends: events of its own, acknowledgements and DISCONNECT, and its part of broadcasts. A base class, so that
// a socket is no object more. Hot path: send and sendShared.

import type { AdapterContract, BroadcastFlags, BroadcastOptions } from "@sockeye/adapter";
import type { SendOutcome, SharedMessage } from "@sockeye/engine";
import type { EventKey, Listener } from "@sockeye/events";
import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";
import type { Acks, Expectation } from "../base/acks.ts";
import { coreError } from "../base/errors.ts";
import type { Services } from "../base/services.ts";
import { acksFor } from "./answer.ts";
import type { Peer } from "./peer.ts";
import { outgoingOf, ownHooks, type SocketFace } from "./socket-face.ts";
import { afterSent, type SocketRecovery } from "./socket-recovery.ts";

/** The part of a namespace that is used for sending. */
export interface OutputHome {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  nextAckId(): number;
  /** Passes a packet to the adapter. @throws TypeError when its data cannot be serialised */
  broadcast(packet: Packet, options: BroadcastOptions): void;
}

/** Base class of members. */
export abstract class MemberOutput {
  abstract id: string;
  abstract readonly home: OutputHome;
  abstract readonly peer: Peer;
  /** The recovery state, when recovery is enabled. */
  abstract readonly recovery: SocketRecovery | null;
  /** The application's socket. */
  abstract readonly face: SocketFace;
  #acks: Acks | null = null;

  /** Whether the socket has disconnected, or was rejected. */
  protected abstract readonly isDisconnected: boolean;

  /** Calls a function of the application, or a method of the socket that a package has replaced. */
  protected abstract call(callback: Listener, args: readonly unknown[], event?: string): void;

  /** The pending acknowledgements. */
  get acks(): Acks {
    this.#acks ??= acksFor(this.named, this.home.name, this.home.services);
    return this.#acks;
  }

  /** The same, if there were any. */
  protected get pendingAcks(): Acks | null {
    return this.#acks;
  }

  /** Sends a packet to this client alone. @throws TypeError when its data cannot be serialised */
  send(packet: Packet, flags: BroadcastFlags | null): SendOutcome {
    const { connection } = this.peer;
    const { recovery } = this;
    if (recovery?.isOn && packet.id === undefined) {
      // Through the adapter, which numbers and stores the packet, even when the client is disconnected.
      this.home.broadcast(packet, {
        rooms: new Set([this.id]),
        except: new Set(),
        flags: flags ?? {},
      });
      return "queued";
    }
    if (this.isDisconnected || !connection.isOpen) return "closed";
    const { face } = this;
    if (face.packet !== ownHooks.packet) {
      this.notifyOutgoingListeners(packet);
      // Called by the application's `emit`, which gets what it throws.
      face.packet(packet, flags ?? {});
      return "sent";
    }
    const encoded = this.home.services.directCodec.encode(recovery?.marked(packet, this) ?? packet);
    this.notifyOutgoingListeners(packet);
    return this.#write(packet, encoded, flags);
  }

  sendPlain(packet: Packet): void {
    const { face } = this;
    if (face.packet === ownHooks.packet) this.transmit(packet, null);
    else face.packet(packet);
  }

  transmit(given: Packet, flags: BroadcastFlags | null): void {
    const packet = { ...given, nsp: this.home.name };
    if (packet.type === PacketType.DISCONNECT) this.peer.sendDisconnect(packet.nsp);
    else if (packet.type !== PacketType.EVENT) this.peer.send(packet);
    else {
      const { directCodec: codec } = this.home.services;
      this.#write(packet, codec.encode(this.recovery?.marked(packet, this) ?? packet), flags);
    }
  }

  #write(packet: Packet, encoded: Encoded, flags: BroadcastFlags | null): SendOutcome {
    const { diagnostics } = this.home.services;
    if (flags?.volatile === true && !this.peer.connection.isWritable()) {
      return this.#dropped(packet);
    }
    const { peer } = this;
    const outcome = peer.isPlain(flags)
      ? peer.write(encoded, flags?.compress !== false)
      : peer.deliver(encoded, { packet, socket: this.named, flags });
    if (diagnostics.packetSent.active) {
      diagnostics.packetSent.publish({ socket: this.named, packet });
    }
    return outcome;
  }

  /** Sends an event that expects an acknowledgement. @throws TypeError when its data cannot be serialised */
  sendExpecting(
    data: [EventKey, ...unknown[]],
    flags: BroadcastFlags | null,
    expectation: Expectation,
  ): void {
    const id = this.home.nextAckId();
    // First, because data that cannot be serialised throws, and a full write buffer disconnects.
    const packet = { type: PacketType.EVENT, nsp: this.home.name, data, id };
    if (this.recovery?.isOn === true) this.#sendInOrder(packet, flags);
    else this.send(packet, flags);
    if (this.isDisconnected && expectation.onDisconnect !== undefined) {
      expectation.onDisconnect(coreError("ERR_DISCONNECTED"));
    } else this.acks.expect(id, expectation);
  }

  /** Sends what does not go through the adapter after what does. @throws TypeError when it cannot be serialised */
  #sendInOrder(packet: Packet, flags: BroadcastFlags | null): void {
    let isDue = false;
    let encoded: Encoded | null = null;
    const sendLate = (): void => {
      if (this.isDisconnected || encoded === null) return;
      this.notifyOutgoingListeners(packet);
      this.#write(packet, encoded, flags);
    };
    afterSent(this, () => {
      isDue = true;
      sendLate();
    });
    if (isDue || this.face.packet !== ownHooks.packet) this.send(packet, flags);
    // Now: the application may change its data before the turn comes.
    else encoded = this.home.services.directCodec.encode(packet);
  }

  /** Sends a broadcast packet to this client. */
  sendShared(message: SharedMessage, packet: Packet, flags: BroadcastFlags | null): SendOutcome {
    this.notifyOutgoingListeners(packet);
    if (flags?.volatile !== true) this.recovery?.onAddressed(packet);
    else if (!this.peer.connection.isWritable()) return this.#dropped(packet);
    const { peer } = this;
    if (peer.isPlain(flags)) return peer.connection.sendShared(message);
    return peer.deliverShared(message, { packet, socket: this.named, flags });
  }

  /** Calls the catch-all listeners of sent events; only for them the data of another server's packet is decoded. */
  notifyOutgoingListeners(packet: Packet): void {
    const outgoing = outgoingOf(this.face);
    if (outgoing === null) return;
    for (const listener of outgoing.list()) this.call(listener, packet.data as unknown[]);
  }

  /** The socket in the form of the diagnostics points. */
  protected get named(): { readonly id: string } {
    return this.face as unknown as { readonly id: string };
  }

  #dropped(packet: Packet): "dropped" {
    const { packetDropped } = this.home.services.diagnostics;
    if (packetDropped.active)
      packetDropped.publish({ socket: this.named, packet, reason: "volatile" });
    return "dropped";
  }
}
