// What a server and a namespace have in common: broadcasts to their sockets. A server forwards to its main namespace, a
// namespace to a new operator. Applications see the types and documentation of `typed/broadcast-api.ts`.

import type { Room, SocketId } from "@sockeye/adapter";
import { Emitter, type EventKey, type Listeners } from "@sockeye/events";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type { BroadcastOperator } from "./broadcast-operator.ts";

/** The receiver of the calls. */
export type BroadcastTarget = Pick<
  BroadcastOperator,
  | ("to" | "in" | "except" | "compress" | "timeout" | "volatile" | "local" | "latest")
  | ("emitWithAck" | "emitWithOutcome" | "fetchSockets" | "allSockets")
  | ("socketsJoin" | "socketsLeave" | "disconnectSockets")
> & { emit(event: EventKey, ...args: unknown[]): boolean };

/** Listener methods, and broadcasts to all sockets. */
export abstract class BroadcastApi extends Emitter {
  readonly #target: () => BroadcastTarget;

  constructor(listeners: Listeners, target: () => BroadcastTarget) {
    super(listeners);
    this.#target = target;
  }

  /** Targets clients that joined any of the given rooms. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#target().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.#target().in(room);
  }

  /** Targets every client but those that joined any of the given rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#target().except(room);
  }

  /** Whether the next packet may be compressed, where compression was negotiated. Default `true`. */
  compress(compress: boolean): BroadcastOperator {
    return this.#target().compress(compress);
  }

  /** Drops the next packet for clients to which it cannot be sent immediately. */
  get volatile(): BroadcastOperator {
    return this.#target().volatile;
  }

  /** Lets the next event take the place of an earlier one of the same key that a client has not taken yet. */
  latest(key: string): BroadcastOperator {
    return this.#target().latest(key);
  }

  /** Targets only clients of this server, in a cluster. */
  get local(): BroadcastOperator {
    return this.#target().local;
  }

  /** How long to wait for acknowledgements, in milliseconds. */
  timeout(timeout: number): BroadcastOperator {
    return this.#target().timeout(timeout);
  }

  /** Sends an event to every client. A function as last argument is called with `(error, responses)`, see `timeout`. */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#target().emit(event, ...args);
  }

  /** Sends an event to every client and resolves with one response per client. */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.#target().emitWithAck(event, ...args);
  }

  /** Sends an event to every client and resolves with what became of it on this server, as numbers of clients. */
  emitWithOutcome(event: EventKey, ...args: unknown[]): Promise<BroadcastCounts> {
    return this.#target().emitWithOutcome(event, ...args);
  }

  /** Emits `message` to every client. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /** Every socket; those of other servers as snapshots that events can be sent to. */
  fetchSockets(): Promise<unknown[]> {
    return this.#target().fetchSockets();
  }

  /** The ids of every socket, on every server of a cluster. @deprecated `fetchSockets` does the same and more. */
  allSockets(): Promise<Set<SocketId>> {
    return this.#target().allSockets();
  }

  /** Makes every socket join rooms. */
  socketsJoin(room: Room | Room[]): void {
    this.#target().socketsJoin(room);
  }

  /** Makes every socket leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    this.#target().socketsLeave(room);
  }

  /** Disconnects every socket; with `close`, ends their connections too. */
  disconnectSockets(close = false): void {
    this.#target().disconnectSockets(close);
  }
}
