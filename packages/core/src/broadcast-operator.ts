// The fluent way to address many sockets. Immutable: every modifier returns a new operator,
// so that a half-built address can be kept and reused.

import type {
  AdapterContract,
  BroadcastFlags,
  BroadcastOptions,
  Room,
  SocketId,
} from "@sockeye/adapter";
import type { EventKey, Listener } from "@sockeye/events";
import { type Clock, waitFor } from "@sockeye/portable";
import { type Packet, PacketType, RESERVED_EVENTS } from "@sockeye/protocol";
import { type RemoteDetails, RemoteSocket } from "./remote-socket.ts";
import type { Socket } from "./socket.ts";

/** What an operator needs from its namespace. */
export interface BroadcastBase {
  readonly name: string;
  readonly adapter: AdapterContract<Socket>;
  readonly clock: Clock;
  /** Calls a function of the user's. */
  callUser(callback: Listener, args: readonly unknown[]): void;
}

/** A set of rooms, exceptions and flags. */
export interface Address {
  readonly rooms: ReadonlySet<Room>;
  readonly except: ReadonlySet<Room>;
  readonly flags: Readonly<BroadcastFlags>;
}

/** Everybody, without exceptions or flags. */
export const EVERYBODY: Address = { rooms: new Set(), except: new Set(), flags: {} };

/** What the acknowledgement of a broadcast is. */
export type Expected = "a list of answers" | "one answer";

/** @throws Error when the name belongs to the library (the text is Socket.IO's) */
export function refuseReserved(event: EventKey): void {
  if (typeof event === "string" && RESERVED_EVENTS.has(event)) {
    throw new Error(`"${event}" is a reserved event name`);
  }
}

function union(set: ReadonlySet<Room>, more: Room | readonly Room[]): Set<Room> {
  const rooms = new Set(set);
  if (Array.isArray(more)) for (const room of more as readonly Room[]) rooms.add(room);
  else rooms.add(more as Room);
  return rooms;
}

/** Addresses sockets of one namespace, and does something to all of them. */
export class BroadcastOperator {
  readonly #base: BroadcastBase;
  readonly #address: Address;
  readonly #expects: Expected;

  /** `expects`: whether acknowledgements are a list, or that of the only socket there can be. */
  constructor(base: BroadcastBase, address: Address, expects: Expected = "a list of answers") {
    this.#base = base;
    this.#address = address;
    this.#expects = expects;
  }

  /** The namespace's adapter; tracing packages find the namespace's name through it. */
  get adapter(): AdapterContract<Socket> {
    return this.#base.adapter;
  }

  /** The rooms that are addressed; none means everybody. */
  get rooms(): ReadonlySet<Room> {
    return this.#address.rooms;
  }

  /** Also members of these rooms. A socket in several of them is addressed once. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#with({ rooms: union(this.#address.rooms, room) });
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.to(room);
  }

  /** Not the members of these rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#with({ except: union(this.#address.except, room) });
  }

  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator {
    return this.#flag({ compress });
  }

  /** Not to peers that cannot take it at once. */
  get volatile(): BroadcastOperator {
    return this.#flag({ volatile: true });
  }

  /** Only to sockets of this server. */
  get local(): BroadcastOperator {
    return this.#flag({ local: true });
  }

  /** Milliseconds to wait for acknowledgements. */
  timeout(timeout: number): BroadcastOperator {
    return this.#flag({ timeout });
  }

  /**
   * Sends an event. A function as last argument is called with `(error, responses)` when every addressed
   * client has answered or the time is up; the error then has the responses so far as well.
   * @throws Error when the event name is reserved
   */
  emit(event: EventKey, ...args: unknown[]): true {
    refuseReserved(event);
    const callback = args.at(-1);
    if (typeof callback !== "function") {
      const packet: Packet = {
        type: PacketType.EVENT,
        nsp: this.#base.name,
        data: [event, ...args],
      };
      this.#base.adapter.broadcast(packet, this.#options());
      return true;
    }
    args.pop();
    this.#emitWithAcks([event, ...args], (error, responses) =>
      this.#base.callUser(callback as Listener, [error, this.#expected(responses)]),
    );
    return true;
  }

  /** Sends an event and resolves with one response per client; rejects with `error.responses` when the time is up. */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    refuseReserved(event);
    return new Promise((resolve, reject) => {
      this.#emitWithAcks([event, ...args], (error, responses) => {
        if (error === null) resolve(this.#expected(responses) as unknown[]);
        else reject(Object.assign(error, { responses }));
      });
    });
  }

  /** Emits `message`. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** Emits `message`. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /** Ids of the addressed sockets. */
  allSockets(): Promise<Set<SocketId>> {
    return this.#base.adapter.sockets(new Set(this.#address.rooms));
  }

  /** The addressed sockets; those of other servers as snapshots that can be spoken to. */
  fetchSockets(): Promise<(Socket | RemoteSocket)[]> {
    const held = (socket: Socket): Socket | RemoteSocket =>
      typeof (socket as Partial<Socket>).emit === "function"
        ? socket
        : new RemoteSocket(this.#base, socket as unknown as RemoteDetails);
    return this.#base.adapter.fetchSockets(this.#options()).then((found) => found.map(held));
  }

  /** Makes the addressed sockets join. */
  socketsJoin(room: Room | Room[]): void {
    this.#base.adapter.addSockets(this.#options(), Array.isArray(room) ? room : [room]);
  }

  /** Makes the addressed sockets leave. */
  socketsLeave(room: Room | Room[]): void {
    this.#base.adapter.delSockets(this.#options(), Array.isArray(room) ? room : [room]);
  }

  /** Disconnects the addressed sockets; with `close`, their connections too. */
  disconnectSockets(close = false): void {
    this.#base.adapter.disconnectSockets(this.#options(), close);
  }

  #with(change: Partial<Address>): BroadcastOperator {
    return new BroadcastOperator(this.#base, { ...this.#address, ...change }, this.#expects);
  }

  #flag(flags: BroadcastFlags): BroadcastOperator {
    return this.#with({ flags: { ...this.#address.flags, ...flags } });
  }

  #expected(responses: unknown[]): unknown {
    return this.#expects === "one answer" ? responses[0] : responses;
  }

  #options(): BroadcastOptions {
    const { rooms, except, flags } = this.#address;
    return { rooms: new Set(rooms), except: new Set(except), flags: { ...flags } };
  }

  /** Done when all servers have said how many clients they have, and all clients have answered; or at the time-out. */
  #emitWithAcks(data: unknown[], done: (error: Error | null, responses: unknown[]) => void): void {
    const { adapter, clock, name } = this.#base;
    const responses: unknown[] = [];
    let expectedServers = -1;
    let servers = 0;
    let clients = 0;
    let isOver = false;
    let cancelTimer = (): void => {};
    let forget = (): void => {};
    const finish = (error: Error | null): void => {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      forget();
      done(error, responses);
    };
    const check = (): void => {
      if (servers === expectedServers && responses.length === clients) finish(null);
    };
    const { timeout } = this.#address.flags;
    const onOverdue = (): void => finish(new Error("operation has timed out"));
    cancelTimer = waitFor(clock, timeout ?? 0, onOverdue);
    const packet: Packet = { type: PacketType.EVENT, nsp: name, data };
    try {
      const onClientCount = (count: number): void => {
        clients += count;
        servers += 1;
        check();
      };
      const onAnswer = (answer: unknown): void => {
        responses.push(answer);
        check();
      };
      forget = adapter.broadcastWithAck(packet, this.#options(), onClientCount, onAnswer) ?? forget;
    } catch (error) {
      cancelTimer();
      throw error;
    }
    adapter.serverCount().then(
      (count) => {
        expectedServers = count;
        check();
      },
      (error: unknown) => finish(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
