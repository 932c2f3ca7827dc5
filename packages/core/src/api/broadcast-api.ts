// What a server and a namespace have in common: everything that is sent to, or done to, all their sockets. Written
// once; a server passes it on to its main namespace, a namespace to a new operator.

import type { Room, SocketId } from "@sockeye/adapter";
import { Emitter, type EventKey, type Listeners } from "@sockeye/events";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type { BroadcastOperator } from "./broadcast-operator.ts";

/** Where the calls go. */
export type BroadcastTarget = Pick<
  BroadcastOperator,
  | ("to" | "in" | "except" | "compress" | "timeout" | "volatile" | "local")
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

  /**
   * Targets clients that joined any of the given rooms. Chainable; a client in several of them receives the event once.
   * @example io.to("lobby").except(socket.id).emit("hello");
   */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#target().to(room);
  }

  /**
   * The same as `to`.
   * @example io.in("lobby").disconnectSockets();
   */
  in(room: Room | Room[]): BroadcastOperator {
    return this.#target().in(room);
  }

  /**
   * Targets every client but those that joined any of the given rooms.
   * @example io.except("muted").emit("hello");
   */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#target().except(room);
  }

  /**
   * Whether the next packet may be compressed, where compression was negotiated. Default `true`.
   * @example io.compress(false).emit("picture", bytes);
   */
  compress(compress: boolean): BroadcastOperator {
    return this.#target().compress(compress);
  }

  /**
   * Drops the next packet for clients that cannot take it at once, instead of buffering it.
   * @example io.volatile.emit("position", x, y);
   */
  get volatile(): BroadcastOperator {
    return this.#target().volatile;
  }

  /**
   * Targets only clients of this server, in a cluster.
   * @example io.local.emit("restarting");
   */
  get local(): BroadcastOperator {
    return this.#target().local;
  }

  /**
   * How long to wait for acknowledgements, in milliseconds.
   * @example const answers = await io.timeout(1000).emitWithAck("ready?");
   */
  timeout(timeout: number): BroadcastOperator {
    return this.#target().timeout(timeout);
  }

  /**
   * Sends an event to every client. A function as last argument is called with `(error, responses)`, see `timeout`.
   * @returns `true`
   * @throws Error when the event name is reserved; TypeError when an argument cannot be serialised
   * @example io.emit("news", { title: "Hello" });
   */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#target().emit(event, ...args);
  }

  /**
   * Sends an event to every client and resolves with one response per client. Rejects when the time of `timeout()` is
   * up; `error.responses` has the responses so far.
   * @throws Error when the event name is reserved
   * @example const answers = await io.timeout(1000).emitWithAck("ready?");
   */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.#target().emitWithAck(event, ...args);
  }

  /**
   * Sends an event to every client and resolves with what became of it on this server, as numbers of clients. Rejects
   * when the adapter fails. Socket.IO has no such method.
   * @throws Error when the event name is reserved
   * @example const { sent, queued } = await io.emitWithOutcome("news", "hello");
   */
  emitWithOutcome(event: EventKey, ...args: unknown[]): Promise<BroadcastCounts> {
    return this.#target().emitWithOutcome(event, ...args);
  }

  /**
   * Emits `message` to every client.
   * @example io.send("hello");
   */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /**
   * The same as `send`.
   * @example io.write("hello");
   */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /**
   * Every socket; those of other servers as snapshots that events can be sent to.
   * @example const count = (await io.fetchSockets()).length;
   */
  fetchSockets(): Promise<unknown[]> {
    return this.#target().fetchSockets();
  }

  /**
   * The ids of every socket, on every server of a cluster.
   * @deprecated `fetchSockets` does the same and more.
   * @example const ids = await io.allSockets();
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.#target().allSockets();
  }

  /**
   * Makes every socket join rooms.
   * @example io.socketsJoin("lobby");
   */
  socketsJoin(room: Room | Room[]): void {
    this.#target().socketsJoin(room);
  }

  /**
   * Makes every socket leave rooms.
   * @example io.socketsLeave("lobby");
   */
  socketsLeave(room: Room | Room[]): void {
    this.#target().socketsLeave(room);
  }

  /**
   * Disconnects every socket; with `close`, ends their connections too.
   * @example io.disconnectSockets(true);
   */
  disconnectSockets(close = false): void {
    this.#target().disconnectSockets(close);
  }
}
