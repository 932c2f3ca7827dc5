// The base class of the application's sockets: the link to the member behind them, and the methods that Socket.IO's
// sockets have for themselves. Packages call these, or replace them to see or change what passes: `onevent` above all.
// The member asks whether a method was replaced by comparing it with the one of this class, and calls it only then.

import type { BroadcastFlags } from "@sockeye/adapter";
import { type CatchAll, type Listener, type Listeners, SocketEmitter } from "@sockeye/events";
import type { Frame, Packet } from "@sockeye/protocol";
import type { ExtendedError, Next } from "../base/chain.ts";
import type { DisconnectReason } from "../base/reasons.ts";

/** An incoming event: its name and its arguments. */
export type Event = [string, ...unknown[]];

/** The part of a member that its socket's methods use. */
export interface SocketInside {
  readonly peer: { sendEncoded(frames: readonly Frame[], flags: BroadcastFlags): void };
  /** Each does what the method of the socket with the like name does when it was not replaced. */
  onPacket(packet: Packet): void;
  onEvent(packet: Packet): void;
  onAnswer(packet: Packet): void;
  runMiddleware(event: Event, done: Next): void;
  dispatch(event: Event): void;
  answerTo(id: number): Listener;
  transmit(packet: Packet, flags: BroadcastFlags | null): unknown;
  raise(event: string, args: readonly unknown[]): boolean;
  raiseError(error: Error): void;
  leave(reason: DisconnectReason, details?: Error): void;
  end(reason: DisconnectReason, details?: Error): void;
  leaveRooms(): void;
  reject(error: ExtendedError): void;
}

/** Whether this is what an adapter has encoded with the server's `encoder`, and no packet. */
export const isEncoded = (given: Packet | readonly Frame[]): given is readonly Frame[] =>
  Array.isArray(given);

/** Returns what is behind a socket. */
export let insideOf: (face: SocketFace) => SocketInside;
/** The lists of a socket's listeners. */
export let listenersOf: (face: SocketFace) => Listeners;
export let incomingOf: (face: SocketFace) => CatchAll | null;
export let outgoingOf: (face: SocketFace) => CatchAll | null;

function ignore(): void {}

/** Base class of the application's sockets. What is behind it is internal to this package. */
export abstract class SocketFace extends SocketEmitter {
  readonly #inside: SocketInside;

  static {
    insideOf = (face) => face.#inside;
    listenersOf = (face) => face.listenersByEvent;
    incomingOf = (face) => face.incoming;
    outgoingOf = (face) => face.outgoing;
  }

  constructor(inside: SocketInside) {
    super();
    this.#inside = inside;
  }

  /** As Node's emitters; an `error` without a listener is ignored, as it is when this library raises it. */
  override get _events(): Record<string | symbol, Listener | Listener[]> {
    const events = super._events;
    events["error"] ??= ignore;
    return events;
  }

  /** Takes a packet of the client for this namespace. */
  _onpacket(packet: Packet): void {
    this.#inside.onPacket(packet);
  }

  /** Takes an event: adds the function that acknowledges it, calls the catch-all listeners, then `dispatch`. */
  onevent(packet: Packet): void {
    this.#inside.onEvent(packet);
  }

  /** Takes an acknowledgement. */
  onack(packet: Packet): void {
    this.#inside.onAnswer(packet);
  }

  /** The client leaves the namespace. */
  ondisconnect(): void {
    this.#inside.leave("client namespace disconnect");
  }

  /** Returns the function that acknowledges event number `id`. */
  ack(id: number): Listener {
    return this.#inside.answerTo(id);
  }

  /** Runs the middleware for events, then the listeners. */
  dispatch(event: Event): void {
    this.#inside.dispatch(event);
  }

  /** Runs the middleware for events, then `done`, with the error of the one that rejected. */
  run(event: Event, done: Next): void {
    this.#inside.runMiddleware(event, done);
  }

  /**
   * Sends a packet to this client. Called for events to this client alone, acknowledgements and DISCONNECT; adapters of
   * Socket.IO 4.0 call it with the frames of a packet.
   */
  packet(packet: Packet | readonly Frame[], flags: BroadcastFlags | null = null): void {
    if (isEncoded(packet)) this.#inside.peer.sendEncoded(packet, flags ?? {});
    else this.#inside.transmit(packet, flags);
  }

  /** Raises an event to the listeners; returns whether there were any. */
  emitReserved(event: string, ...args: unknown[]): boolean {
    return this.#inside.raise(event, args);
  }

  /** The same as `emitReserved`. */
  emitUntyped(event: string, ...args: unknown[]): boolean {
    return this.#inside.raise(event, args);
  }

  /** Leaves the namespace, when the client is in it. Called however that ends. */
  _onclose(reason: DisconnectReason, details?: Error): this {
    this.#inside.end(reason, details);
    return this;
  }

  /** Raises `error`. */
  _onerror(error: Error): void {
    this.#inside.raiseError(error);
  }

  /** Sends an error in the place of the answer to CONNECT. */
  _error(error: ExtendedError): void {
    this.#inside.reject(error);
  }

  /** Leaves every room. */
  leaveAll(): void {
    this.#inside.leaveRooms();
  }
}

/** The methods that may be replaced, as this class has them. */
export type SocketHooks = Pick<
  SocketFace,
  "_onpacket" | "onevent" | "dispatch" | "packet" | "_onclose"
>;

/** The methods as they were before anything could be replaced. */
export const ownHooks: SocketHooks = (({ _onclose, _onpacket, dispatch, onevent, packet }) => ({
  ...{ _onclose, _onpacket, dispatch, onevent, packet },
}))(SocketFace.prototype);
