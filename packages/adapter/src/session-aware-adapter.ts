// The in-memory adapter with connection state recovery: it numbers broadcast packets, keeps them for a limited time,
// and finds the packets that a returning socket has missed.

import { hasArguments, lastText, type Packet, PacketType, withArgument } from "@sockeye/protocol";
import { Adapter } from "./adapter.ts";
import type {
  AdapterNamespace,
  AdapterSocket,
  BroadcastOptions,
  Missed,
  MissedRange,
  Room,
  Session,
  SocketId,
} from "./contract.ts";
import type { RecoveryBudget } from "./recovery/budget.ts";
import { JoinOffsets } from "./recovery/join-offsets.ts";
import { PacketLog } from "./recovery/packet-log.ts";
import { Sessions } from "./recovery/sessions.ts";
import type { RecoveryStore } from "./recovery/store.ts";

/** Settings of a session-aware adapter. */
export interface RecoverySettings {
  /** Limits, shared among all adapters with the same object. */
  readonly budget: RecoveryBudget;
  /** A short text, unique among logs, that begins the offsets. */
  readonly epoch: string;
  /** Keeps packets and sessions beyond the life of the process; its epoch is then that of the log. */
  readonly store?: RecoveryStore | undefined;
}

const NO_ROOMS: ReadonlySet<Room> = new Set();

/** Keeps packets and sessions in memory. */
export class SessionAwareAdapter<S extends AdapterSocket = AdapterSocket> extends Adapter<S> {
  readonly #log: PacketLog;
  readonly #sessions: Sessions;
  readonly #store: RecoveryStore | undefined;
  readonly #joined = new JoinOffsets();
  /** Whether the session asked for last was kept, and what it had missed was not. */
  #isGap = false;
  /** While closed, nothing is kept. */
  #isClosed = false;

  constructor(nsp: AdapterNamespace<S>, settings: RecoverySettings) {
    super(nsp);
    const { budget, epoch, store } = settings;
    const kept = store?.load();
    this.#store = store;
    this.#log = new PacketLog(budget, store?.epoch ?? epoch, kept?.first);
    this.#sessions = new Sessions(budget, () => nsp.onSessionsGone?.());
    for (const entry of kept?.packets ?? []) this.#log.append(entry);
    for (const session of kept?.sessions ?? []) this.#sessions.keep(session);
  }

  /** Number of sockets with stored join offsets. */
  get joinOffsets(): number {
    return this.#joined.size;
  }

  override init(): void {
    this.#isClosed = false;
    void super.init();
  }

  override close(): void {
    void super.close();
    this.#isClosed = true;
    this.#sessions.clear();
    this.#log.clear();
    this.#joined.clear();
  }

  override addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void {
    for (const room of rooms) {
      // A socket joins its own room when its session begins.
      if (room === id || !this.#log.mentions(room) || this.isIn(id, room)) continue;
      this.#joined.join(id, room, this.#log.last);
    }
    return super.addAll(id, rooms);
  }

  override del(id: SocketId, room: Room): Promise<void> | void {
    this.#joined.leave(id, room);
    return super.del(id, room);
  }

  override delAll(id: SocketId): void {
    super.delAll(id);
    // Only now: a listener of `leave-room` may have tried to join again.
    this.#joined.leaveAll(id);
  }

  override broadcast(packet: Packet, options: BroadcastOptions): void {
    if (packet.type !== PacketType.EVENT || packet.id !== undefined || !hasArguments(packet)) {
      super.broadcast(packet, options);
    } else if (options.flags?.volatile === true) {
      super.broadcast(this.#marked(packet), options);
    } else this.#broadcastKept(packet, options);
  }

  override currentOffset(): string {
    return this.#log.lastOffset();
  }

  override persistSession(session: Session): void {
    if (this.#isClosed) return;
    const joined = this.joinedAt(session.sid);
    const whole = joined.length === 0 ? session : { ...session, joined };
    this.#sessions.keep(whole);
    this.#store?.keep(whole);
  }

  joinedAt(id: SocketId): readonly (readonly [Room, string])[] {
    return this.#joined.of(id).map(([room, at]) => [room, this.#log.offsetOf(at)]);
  }

  rejoin(
    id: SocketId,
    rooms: Set<Room>,
    joined: readonly (readonly [Room, string])[],
  ): Promise<void> | void {
    // Of a room without a packet that is kept, nothing earlier can be sent.
    const known = [...rooms].filter((room) => room !== id && this.#log.mentions(room));
    this.#joined.restore(id, known, this.#numbersOf(joined));
    return this.addAll(id, rooms);
  }

  isOffset(offset: string): boolean {
    return this.#log.isOffset(offset);
  }

  /** Why the last `restoreSession` found nothing. */
  get lastMiss(): "packets gone" | "unknown session" {
    return this.#isGap ? "packets gone" : "unknown session";
  }

  override restoreSession(pid: string, offset: string | undefined): Session | null {
    this.#isGap = false;
    if (offset !== undefined && !this.#log.isOffset(offset)) return null;
    const session = this.#sessions.take(pid);
    if (session === undefined) return null;
    this.#store?.take(pid);
    const from = this.#log.resumeAt(session, offset);
    if (from === null || !this.#log.reachesBackTo(from)) {
      this.#isGap = true;
      return null;
    }
    this.#joined.restore(session.sid, session.rooms, this.#numbersOf(session.joined ?? []));
    return { ...session, offset: from };
  }

  override missedPackets(
    offset: string,
    rooms: ReadonlySet<Room>,
    range?: MissedRange,
  ): Missed | null {
    return this.#log.missedSince(offset, rooms, range);
  }

  override holdsSessions(): boolean {
    return this.#sessions.size > 0;
  }

  #numbersOf(joined: readonly (readonly [Room, string])[]): ReadonlyMap<Room, number> {
    return new Map(joined.map(([room, at]) => [room, this.#log.numberOf(at) ?? this.#log.last]));
  }

  #broadcastKept(packet: Packet, options: BroadcastOptions): void {
    const { except = NO_ROOMS, rooms } = options;
    const offset = this.#log.nextOffset();
    const isHidden = this.nsp.hidesOffsets === true;
    const numbered = isHidden ? { ...packet, offset } : withArgument(packet, offset);
    const encoded = this.nsp.encode(numbered);
    if (!this.#isClosed) {
      this.#log.append({ encoded, rooms, except }, offset);
      this.#store?.append(this.#log.last, { encoded, rooms, except });
    }
    this.deliver(numbered, options, encoded);
  }

  /** Clients interpret a string at the end of any event as an offset; a string of the application must not be last. */
  #marked(packet: Packet): Packet {
    const isText = this.nsp.hidesOffsets !== true && lastText(packet) !== undefined;
    return isText ? withArgument(packet, this.#log.lastOffset()) : packet;
  }
}
