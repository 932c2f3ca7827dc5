// The in-memory adapter with connection state recovery: it numbers what is broadcast, keeps it for a while,
// and gives a socket that comes back what it has missed.

import type { DeadlineQueue, Deadlines, Timed } from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import { Adapter } from "./adapter.ts";
import type {
  AdapterNamespace,
  AdapterSocket,
  BroadcastOptions,
  Missed,
  Room,
  Session,
} from "./contract.ts";
import { type LogLimits, PacketLog } from "./recovery/packet-log.ts";
import { Sessions } from "./recovery/sessions.ts";

/** What a session-aware adapter needs beside its namespace. */
export interface RecoverySettings {
  readonly deadlines: Deadlines;
  readonly limits: LogLimits & { readonly maxSessions: number };
  /** A short text that no other log has. */
  readonly epoch: string;
}

// Old packets are dropped with the next one; this is for the last ones before a silence.
const TRIM_EVERY = 60_000;

/** Keeps packets and sessions in memory. */
export class SessionAwareAdapter<S extends AdapterSocket = AdapterSocket>
  extends Adapter<S>
  implements Timed
{
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly #deadlines: Deadlines;
  readonly #log: PacketLog;
  readonly #sessions: Sessions;
  /** Nothing is kept once closed: there is nobody who could come back. */
  #isClosed = false;

  constructor(nsp: AdapterNamespace<S>, settings: RecoverySettings) {
    super(nsp);
    const { deadlines, limits, epoch } = settings;
    this.#deadlines = deadlines;
    this.#log = new PacketLog(limits, epoch);
    this.#sessions = new Sessions(deadlines, limits, () => nsp.onSessionsGone?.());
  }

  override init(): void {
    this.#isClosed = false;
  }

  override close(): void {
    this.#isClosed = true;
    this.#deadlines.disarm(this);
    this.#sessions.clear();
    this.#log.clear();
  }

  /** Time to drop packets that have become too old. */
  onDue(): void {
    this.#log.trim(this.nsp.clock.now());
    if (this.#log.size > 0) this.#deadlines.arm(this, TRIM_EVERY);
  }

  override broadcast(packet: Packet, options: BroadcastOptions): void {
    const { data } = packet;
    if (packet.type !== PacketType.EVENT || packet.id !== undefined || !Array.isArray(data)) {
      super.broadcast(packet, options);
    } else if (options.flags?.volatile === true) {
      super.broadcast({ ...packet, data: this.#marked(data) }, options);
    } else this.#broadcastKept({ ...packet, data: [...data, this.#log.nextOffset()] }, options);
  }

  override currentOffset(): string {
    return this.#log.lastOffset();
  }

  override persistSession(session: Session): void {
    if (!this.#isClosed) this.#sessions.keep(session);
  }

  override restoreSession(pid: string, offset: string | undefined): Session | null {
    const session = this.#sessions.take(pid);
    if (session === undefined) return null;
    const from = this.#log.resumeAt(session, offset);
    if (from === null) return null;
    const isComplete = this.#log.missedSince(from, new Set(session.rooms)) !== null;
    return isComplete ? { ...session, offset: from } : null;
  }

  override missedPackets(offset: string, rooms: ReadonlySet<Room>): Missed | null {
    return this.#log.missedSince(offset, rooms);
  }

  override holdsSessions(): boolean {
    return this.#sessions.size > 0;
  }

  #broadcastKept(numbered: Packet, options: BroadcastOptions): void {
    const { rooms, except = new Set() } = options;
    const encoded = this.nsp.encode(numbered);
    if (!this.#isClosed) {
      this.#log.append({ encoded, rooms, except }, this.nsp.clock.now());
      if (this.queue === null && this.#log.size > 0) this.#deadlines.arm(this, TRIM_EVERY);
    }
    this.deliver(numbered, options, encoded);
  }

  /** Clients take a string at the end of any event for an offset; it must not be one of the application's. */
  #marked(data: readonly unknown[]): readonly unknown[] {
    return typeof data.at(-1) === "string" ? [...data, this.#log.lastOffset()] : data;
  }
}
