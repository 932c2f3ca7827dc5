// The fluent way to address many sockets. Immutable: every modifier returns a new operator, so that a half-built address
// can be kept and reused.

import type {
  AdapterContract,
  BroadcastFlags,
  BroadcastOptions,
  Room,
  SocketId,
} from "@sockeye/adapter";
import type { EventKey, Listener } from "@sockeye/events";
import type { Clock } from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import {
  type Address,
  EVERYBODY,
  listOf,
  optionsOf,
  withFlags,
  withoutRooms,
  withRooms,
} from "../base/address.ts";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import { refuseReserved } from "../base/reserved-events.ts";
import type { BroadcastDone, Ordered, SelectionMethod } from "../members/broadcasts.ts";
import { BroadcastAcks } from "./broadcast-acks.ts";

/** What an operator needs of its namespace. */
export interface BroadcastBase {
  readonly name: string;
  readonly adapter: AdapterContract;
  readonly clock: Clock;
  /** Hands a packet to the adapter; `done` is told what became of it. */
  broadcast(packet: Packet, options: BroadcastOptions, done?: BroadcastDone): void;
  /** Sends a packet to many, now or after the walk that is going on. */
  order(packet: Packet, ordered: Ordered): void;
  /** Calls the adapter within a walk over sockets. */
  walk<T>(call: (adapter: AdapterContract) => T): T;
  /** Does something to many sockets, after the walk that is going on. */
  select(method: SelectionMethod, call: (adapter: AdapterContract) => unknown): void;
  /** Acknowledgements did not arrive within so many milliseconds. */
  onAcksOverdue(timeout: number): void;
  /** Calls a function of the application. */
  callUser(callback: Listener, args: readonly unknown[]): void;
  /** What applications hold of a socket that the adapter has found. */
  hold(found: object): unknown;
}

/** What the acknowledgement of a broadcast is. */
export type Expected = "a list of answers" | "one answer";

/**
 * Addresses sockets of one namespace, and does something to all of them.
 * @example io.to("lobby").except(socket.id).emit("hello");
 */
export class BroadcastOperator {
  readonly #base: BroadcastBase;
  readonly #address: Address;
  readonly #expects: Expected;

  /** `expects`: whether acknowledgements are a list, or that of the only socket there can be. */
  constructor(
    base: BroadcastBase,
    address: Address = EVERYBODY,
    expects: Expected = "a list of answers",
  ) {
    this.#base = base;
    this.#address = address;
    this.#expects = expects;
  }

  /** The namespace's adapter; tracing packages find the namespace's name through it. */
  get adapter(): AdapterContract {
    return this.#base.adapter;
  }

  /** The rooms that are addressed; none means every socket of the namespace. */
  get rooms(): ReadonlySet<Room> {
    return this.#address.rooms;
  }

  /**
   * Targets clients that joined any of the given rooms, besides those addressed already. Chainable; a client in several
   * of the rooms receives the event once.
   * @example io.to("lobby").to("hall").emit("hello");
   */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#with(withRooms(this.#address, room));
  }

  /**
   * The same as `to`.
   * @example io.in("lobby").disconnectSockets();
   */
  in(room: Room | Room[]): BroadcastOperator {
    return this.to(room);
  }

  /**
   * Excludes clients that joined any of the given rooms.
   * @example io.to("lobby").except(["muted", socket.id]).emit("hello");
   */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#with(withoutRooms(this.#address, room));
  }

  /**
   * Whether the packet may be compressed, where compression was negotiated. Default `true`.
   * @example io.compress(false).emit("picture", bytes);
   */
  compress(compress: boolean): BroadcastOperator {
    return this.#flag({ compress });
  }

  /**
   * Drops the packet for clients that cannot take it at once, instead of buffering it.
   * @example io.volatile.emit("position", x, y);
   */
  get volatile(): BroadcastOperator {
    return this.#flag({ volatile: true });
  }

  /**
   * Targets only clients of this server, in a cluster.
   * @example io.local.emit("restarting");
   */
  get local(): BroadcastOperator {
    return this.#flag({ local: true });
  }

  /**
   * How long to wait for acknowledgements, in milliseconds.
   * @example const answers = await io.timeout(1000).emitWithAck("ready?");
   */
  timeout(timeout: number): BroadcastOperator {
    return this.#flag({ timeout });
  }

  /**
   * Sends an event. A function as last argument is called with `(error, responses)` when every addressed client has
   * answered, the time of `timeout()` is up, or the adapter failed; the responses so far come with the error.
   * @returns `true`
   * @throws Error when the event name is reserved; TypeError when an argument cannot be serialised
   * @example io.to("lobby").emit("hello", { from: "me" });
   */
  emit(event: EventKey, ...args: unknown[]): true {
    refuseReserved(event);
    const callback = args.at(-1);
    if (typeof callback !== "function") {
      this.#base.broadcast(this.#packet([event, ...args]), optionsOf(this.#address));
      return true;
    }
    args.pop();
    this.#emitWithAcks([event, ...args], (error, responses) =>
      this.#base.callUser(callback as Listener, [error, this.#expected(responses)]),
    );
    return true;
  }

  /**
   * Sends an event and resolves with one response per client. Rejects when the time of `timeout()` is up
   * (`error.responses` has the responses so far) and when the adapter fails.
   * @throws Error when the event name is reserved
   * @example const answers = await io.timeout(1000).to("lobby").emitWithAck("ready?");
   */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    refuseReserved(event);
    return new Promise((resolve, reject) => {
      this.#emitWithAcks([event, ...args], (error, responses) => {
        if (error === null) resolve(this.#expected(responses) as unknown[]);
        else reject(Object.assign(error, { responses }));
      });
    });
  }

  /**
   * Sends an event and resolves with what became of it on this server: how many clients were `sent` it, for how many
   * it is `queued`, was `dropped` (volatile) or came too late (`closed`). Rejects when the adapter fails, for instance
   * because its broker is away. Socket.IO has no such method.
   * @throws Error when the event name is reserved
   * @example const { dropped } = await io.volatile.emitWithOutcome("position", x, y);
   */
  emitWithOutcome(event: EventKey, ...args: unknown[]): Promise<BroadcastCounts> {
    refuseReserved(event);
    return new Promise((resolve, reject) => {
      this.#base.broadcast(
        this.#packet([event, ...args]),
        optionsOf(this.#address),
        (error, counts) => (error === null ? resolve(counts) : reject(error)),
      );
    });
  }

  /**
   * Emits `message`.
   * @example io.to("lobby").send("hello");
   */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /**
   * The same as `send`.
   * @example io.to("lobby").write("hello");
   */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /**
   * The ids of the addressed sockets, on every server of a cluster.
   * @deprecated `fetchSockets` does the same and more.
   * @example const ids = await io.in("lobby").allSockets();
   */
  allSockets(): Promise<Set<SocketId>> {
    return this.#base.adapter.sockets(new Set(this.#address.rooms));
  }

  /**
   * The addressed sockets; those of other servers as snapshots that events can be sent to.
   * @example for (const socket of await io.in("lobby").fetchSockets()) socket.leave("lobby");
   */
  fetchSockets(): Promise<unknown[]> {
    return this.#base.adapter
      .fetchSockets(optionsOf(this.#address))
      .then((found) => found.map((each) => this.#base.hold(each)));
  }

  /**
   * Makes the addressed sockets join rooms.
   * @example io.in("lobby").socketsJoin(["hall", "garden"]);
   */
  socketsJoin(room: Room | Room[]): void {
    const options = optionsOf(this.#address);
    this.#base.select("addSockets", (adapter) => adapter.addSockets(options, listOf(room)));
  }

  /**
   * Makes the addressed sockets leave rooms.
   * @example io.in("lobby").socketsLeave("lobby");
   */
  socketsLeave(room: Room | Room[]): void {
    const options = optionsOf(this.#address);
    this.#base.select("delSockets", (adapter) => adapter.delSockets(options, listOf(room)));
  }

  /**
   * Disconnects the addressed sockets; with `close`, ends their connections too.
   * @example io.in("banned").disconnectSockets(true);
   */
  disconnectSockets(close = false): void {
    const options = optionsOf(this.#address);
    this.#base.select("disconnectSockets", (adapter) => adapter.disconnectSockets(options, close));
  }

  #with(address: Address): BroadcastOperator {
    return new BroadcastOperator(this.#base, address, this.#expects);
  }

  #flag(flags: BroadcastFlags): BroadcastOperator {
    return this.#with(withFlags(this.#address, flags));
  }

  #packet(data: unknown[]): Packet {
    return { type: PacketType.EVENT, nsp: this.#base.name, data };
  }

  #expected(responses: unknown[]): unknown {
    return this.#expects === "one answer" ? responses[0] : responses;
  }

  #emitWithAcks(data: unknown[], done: (error: Error | null, responses: unknown[]) => void): void {
    const acks = new BroadcastAcks(this.#base, this.#address.flags.timeout ?? 0, done);
    acks.send(this.#packet(data), optionsOf(this.#address));
  }
}
