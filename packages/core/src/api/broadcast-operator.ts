// Broadcasts, built by chained calls. Immutable: every modifier returns a new operator, so that an operator can be kept
// and reused. Applications see the types and documentation of `typed/broadcast-operator.ts`.

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
  ALL_SOCKETS,
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

/** The part of a namespace that an operator uses. */
export interface BroadcastBase {
  readonly name: string;
  readonly adapter: AdapterContract;
  readonly clock: Clock;
  /** Hands a packet to the adapter; `done` receives the outcome. */
  broadcast(packet: Packet, options: BroadcastOptions, done?: BroadcastDone): void;
  /** Sends a packet to many, now or after the walk that is going on. */
  order(packet: Packet, ordered: Ordered): void;
  /** Calls the adapter within a walk over sockets. */
  walk<T>(call: (adapter: AdapterContract) => T): T;
  /** Calls the adapter to change many sockets, after the current walk. */
  select(method: SelectionMethod, call: (adapter: AdapterContract) => unknown): void;
  /** Acknowledgements did not arrive within so many milliseconds. */
  onAcksOverdue(timeout: number): void;
  /** Calls a function of the application. */
  callUser(callback: Listener, args: readonly unknown[]): void;
  /** Returns the application's object for a socket that the adapter has found. */
  hold(found: object): unknown;
}

/** The form in which a broadcast's acknowledgement is returned. */
export type Expected = "a list of answers" | "one answer";

/** Where an operator sends to. Internal to this package. */
export let addressOf: (operator: BroadcastOperator) => {
  readonly base: BroadcastBase;
  readonly address: Address;
};

/**
 * Targets sockets of one namespace, and sends to them or acts on them.
 * @example io.to("lobby").except(socket.id).emit("hello");
 */
export class BroadcastOperator {
  readonly #base: BroadcastBase;
  readonly #address: Address;
  readonly #expects: Expected;

  static {
    addressOf = (operator) => ({ base: operator.#base, address: operator.#address });
  }

  /** `expects`: whether acknowledgements come as a list, or as the answer of the only possible receiver. */
  constructor(
    base: BroadcastBase,
    address: Address = ALL_SOCKETS,
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

  /** The targeted rooms; none means every socket of the namespace. */
  get rooms(): ReadonlySet<Room> {
    return this.#address.rooms;
  }

  /** Targets clients that joined any of the given rooms, besides those targeted already. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#with(withRooms(this.#address, room));
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.to(room);
  }

  /** Excludes clients that joined any of the given rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#with(withoutRooms(this.#address, room));
  }

  /** Whether the packet may be compressed, where compression was negotiated. Default `true`. */
  compress(compress: boolean): BroadcastOperator {
    return this.#flag({ compress });
  }

  /** Drops the packet for clients to which it cannot be sent immediately. */
  get volatile(): BroadcastOperator {
    return this.#flag({ volatile: true });
  }

  /** Lets the event take the place of an earlier one of the same key that a client has not taken yet. */
  latest(key: string): BroadcastOperator {
    return this.#flag({ latest: key });
  }

  /** Targets only clients of this server, in a cluster. */
  get local(): BroadcastOperator {
    return this.#flag({ local: true });
  }

  /** How long to wait for acknowledgements, in milliseconds. */
  timeout(timeout: number): BroadcastOperator {
    return this.#flag({ timeout });
  }

  /** Sends an event. */
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

  /** Sends an event and resolves with one response per client. */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    refuseReserved(event);
    return new Promise((resolve, reject) => {
      this.#emitWithAcks([event, ...args], (error, responses) => {
        if (error === null) resolve(this.#expected(responses) as unknown[]);
        else reject(Object.assign(error, { responses }));
      });
    });
  }

  /** Sends an event and resolves with its outcome on this server. Socket.IO has no such method. */
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

  /** Emits `message`. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /** Resolves with the ids of the targeted sockets. @deprecated `fetchSockets` does the same and more. */
  allSockets(): Promise<Set<SocketId>> {
    return this.#base.adapter.sockets(new Set(this.#address.rooms));
  }

  /** Resolves with the targeted sockets; those of other servers are snapshots that can be sent to. */
  fetchSockets(): Promise<unknown[]> {
    return this.#base.adapter
      .fetchSockets(optionsOf(this.#address))
      .then((found) => found.map((each) => this.#base.hold(each)));
  }

  /** Makes the targeted sockets join rooms. */
  socketsJoin(room: Room | Room[]): void {
    const options = optionsOf(this.#address);
    this.#base.select("addSockets", (adapter) => adapter.addSockets(options, listOf(room)));
  }

  /** Makes the targeted sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void {
    const options = optionsOf(this.#address);
    this.#base.select("delSockets", (adapter) => adapter.delSockets(options, listOf(room)));
  }

  /** Disconnects the targeted sockets; with `close`, closes their connections too. */
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
