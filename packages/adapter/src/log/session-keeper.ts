// The sessions of the sockets of one namespace on this node, written while the clients are connected, so that they can go
// on elsewhere after a crash: at the end of the turn in which a session begins or its rooms change, and at each heartbeat
// where data have changed. What the leases do not take is written again.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { NodeId } from "../cluster/bus.ts";
import type { SessionLoss } from "../cluster/diagnostics.ts";
import type { ClusterError } from "../cluster/errors.ts";
import type { Lease, Leases, LeaseWrite } from "../cluster/leases.ts";
import type { LiveSession, Session } from "../contract.ts";
import { decodeSession, encodeSession } from "./session-record.ts";

/** What a keeper is made of. */
export interface KeeperSetUp {
  readonly leases: Leases;
  readonly holder: NodeId;
  readonly clock: Clock;
  /** How long sessions are kept after the client has left. */
  readonly maxAge: Milliseconds;
  /** How long a client that comes back waits for the leases. */
  readonly patience: Milliseconds;
  /** How often data are compared. */
  readonly interval: Milliseconds;
  /** The state of a session that is connected, as it is to be written now. */
  describe(session: Session, live: LiveSession): Session;
  onLost(session: Session, reason: SessionLoss, error?: unknown): void;
}

/** A session that was found, and the node that had it. */
export interface Claimed {
  readonly session: Session;
  readonly former: NodeId;
}

interface Held {
  readonly session: Session;
  readonly live: LiveSession;
  /** Whether the lease was made. */
  isWritten: boolean;
  isWriting: boolean;
  /** Those who wait for the next writing; `null` when none is due. */
  next: (() => void)[] | null;
  /** What was written last, and a hash of its record. */
  written: Session | null;
  hash: number;
}

const RETRY: Milliseconds = 200;

/** Keeps sessions in leases. */
export class SessionKeeper {
  readonly #setUp: KeeperSetUp;
  readonly #held = new Map<string, Held>();
  readonly #bySocket = new Map<string, Held>();
  readonly #ending = new Set<Promise<void>>();
  /** What this turn wants to be written. */
  #due: Set<Held> | null = null;
  #stopSweep: (() => void) | null = null;
  #renewAt = 0;
  #isClosed = false;

  constructor(setUp: KeeperSetUp) {
    this.#setUp = setUp;
  }

  get size(): number {
    return this.#held.size;
  }

  /** How many sessions are being written for the last time, or removed. */
  get ending(): number {
    return this.#ending.size;
  }

  /** How long a lease lasts while its client is connected: until some renewals have failed, and then as after it left. */
  get #lasts(): Milliseconds {
    return this.#setUp.maxAge + 3 * this.#renewal;
  }

  get #renewal(): Milliseconds {
    return Math.max(this.#setUp.interval, this.#setUp.maxAge / 4);
  }

  /** A session has a socket. `isNew`: it has no lease yet. */
  open(session: Session, live: LiveSession, isNew: boolean): void {
    if (this.#isClosed) return;
    const { pid, sid } = session;
    const held: Held = {
      ...{ session, live, isWritten: !isNew, isWriting: false, next: null },
      ...{ written: null, hash: 0 },
    };
    this.#held.set(pid, held);
    this.#bySocket.set(sid, held);
    this.#mark(held);
    this.#stopSweep ??= this.#sweepLater();
  }

  /** The offset at which a session that is held began. */
  beginningOf(pid: string): string | undefined {
    return this.#held.get(pid)?.session.offset;
  }

  /** Rooms of a socket have changed. Resolves when that is written; nothing when it has no session. */
  touch(sid: string): Promise<void> | void {
    const held = this.#bySocket.get(sid);
    if (held === undefined) return;
    return new Promise((resolve) => this.#mark(held).push(resolve));
  }

  /** The client has left and may come back. Nothing happens when the session is not held here any more. */
  release(session: Session): void {
    const held = this.#forget(session.pid);
    if (held === undefined) return;
    this.#write(session, held.isWritten);
  }

  /** A session that was claimed is not used: it can be claimed again. */
  giveBack(session: Session): void {
    if (!this.#held.has(session.pid)) this.#write(session, true);
  }

  /** The client has left for good. */
  drop(pid: string): void {
    if (this.#forget(pid) !== undefined) this.remove(pid);
  }

  /** A session cannot go on. */
  remove(pid: string): void {
    this.#persist(() => this.#setUp.leases.remove(pid, this.#setUp.holder));
  }

  /** Takes a session from whichever node has it; `null` when there is none. Rejects when the leases do not answer. */
  async claim(pid: string): Promise<Claimed | null> {
    const { clock, holder, leases, patience } = this.#setUp;
    const end = clock.now() + patience;
    let lease: Lease | null = null;
    for (let isFound = false; !isFound; ) {
      try {
        lease = await leases.claim(pid, holder, this.#lasts);
        isFound = true;
      } catch (error) {
        if (this.#isClosed || clock.now() + RETRY > end) throw error;
        await new Promise<void>((resolve) => void clock.after(RETRY, resolve));
      }
    }
    const session = lease === null ? null : decodeSession(lease.record);
    return lease === null || session === null ? null : { session, former: lease.holder };
  }

  /** Another node has taken a session. */
  forget(pid: string): void {
    this.#forget(pid);
  }

  /** No session can go on: all sockets begin anew. */
  loseAll(): void {
    for (const { live, session } of [...this.#held.values()]) {
      this.drop(session.pid);
      live.end();
    }
  }

  /** Ends; resolves when what is to be written was, at most after some time. */
  async close(within: Milliseconds): Promise<void> {
    this.#stopSweep?.();
    this.#stopSweep = null;
    const { clock } = this.#setUp;
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(within, resolve);
    });
    await Promise.race([Promise.all(this.#ending), late]);
    cancel();
    this.#isClosed = true;
    for (const pid of [...this.#held.keys()]) this.#forget(pid);
  }

  #forget(pid: string): Held | undefined {
    const held = this.#held.get(pid);
    if (held === undefined) return undefined;
    this.#held.delete(pid);
    if (this.#bySocket.get(held.session.sid) === held) this.#bySocket.delete(held.session.sid);
    for (const done of held.next ?? []) done();
    held.next = null;
    return held;
  }

  /** At the end of the turn, with all that changes until then. */
  #mark(held: Held): (() => void)[] {
    held.next ??= [];
    if (this.#due === null) {
      this.#due = new Set();
      queueMicrotask(() => {
        const due = this.#due ?? [];
        this.#due = null;
        for (const each of due) void this.#writeHeld(each);
      });
    }
    this.#due.add(held);
    return held.next;
  }

  /** Writes a session as it is now, and again as long as something has changed meanwhile. */
  async #writeHeld(held: Held): Promise<void> {
    if (held.isWriting || held.next === null) return;
    held.isWriting = true;
    while (held.next !== null && this.#isHeld(held)) {
      const waiting: (() => void)[] = held.next;
      held.next = null;
      const outcome = await this.#attempt(held);
      if (outcome === "failed" && this.#isHeld(held)) {
        held.next = [...waiting, ...((held.next as (() => void)[] | null) ?? [])];
        await new Promise<void>((resolve) => void this.#setUp.clock.after(RETRY, resolve));
        continue;
      }
      for (const done of waiting) done();
    }
    held.isWriting = false;
  }

  async #attempt(held: Held): Promise<"failed" | "done"> {
    const { holder, leases } = this.#setUp;
    const state = this.#setUp.describe(held.session, held.live);
    const record = this.#record(held, state);
    if (record === null) return "done";
    const lease = { id: held.session.pid, holder, record };
    const how: LeaseWrite = { by: holder, isNew: !held.isWritten, lasts: this.#lasts };
    try {
      const isOurs = await leases.write(lease, how);
      held.isWritten = true;
      held.written = state;
      held.hash = hashOf(record);
      if (!isOurs) this.#lose(held, "taken");
      return "done";
    } catch (error) {
      if (!isTooLarge(error)) return "failed";
      this.#dropUnwritable(held, "too large", error);
      return "done";
    }
  }

  /** The record of a session; `null` when it cannot be written, and is lost. */
  #record(held: Held, state: Session): Uint8Array | null {
    try {
      return encodeSession(state);
    } catch (error) {
      this.#dropUnwritable(held, "unreadable", error);
      return null;
    }
  }

  /** The client goes on; when it comes back it begins anew. */
  #dropUnwritable(held: Held, reason: SessionLoss, error: unknown): void {
    if (!this.#isHeld(held)) return;
    this.drop(held.session.pid);
    this.#setUp.onLost(held.session, reason, error);
  }

  #lose(held: Held, reason: SessionLoss): void {
    if (!this.#isHeld(held)) return;
    this.#forget(held.session.pid);
    this.#setUp.onLost(held.session, reason);
    held.live.end();
  }

  #isHeld(held: Held): boolean {
    return this.#held.get(held.session.pid) === held;
  }

  #write(session: Session, isMade: boolean): void {
    const { holder: by, leases, maxAge } = this.#setUp;
    let record: Uint8Array;
    try {
      record = encodeSession(session);
    } catch (error) {
      this.#setUp.onLost(session, "unreadable", error);
      this.#persist(() => leases.remove(session.pid, by));
      return;
    }
    const lease = { id: session.pid, holder: "", record };
    const how = { by, isNew: !isMade, lasts: maxAge };
    this.#persist(async () => {
      try {
        await leases.write(lease, how);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        this.#setUp.onLost(session, "too large", error);
        await leases.remove(session.pid, by);
      }
    });
  }

  /** Does something now, and again until it is done; not longer than sessions are kept. */
  #persist(act: () => Promise<void>): void {
    const { clock, maxAge } = this.#setUp;
    const end = clock.now() + maxAge;
    const attempt = async (): Promise<void> => {
      try {
        await act();
      } catch {
        if (this.#isClosed || clock.now() > end) return;
        await new Promise<void>((resolve) => void clock.after(RETRY, resolve));
        await attempt();
      }
    };
    const ended = attempt().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #sweepLater(): () => void {
    const { clock, interval } = this.#setUp;
    this.#renewAt ||= clock.now() + this.#renewal;
    return clock.after(interval, () => {
      this.#stopSweep = this.#held.size > 0 ? this.#sweepLater() : null;
      this.#sweep();
    });
  }

  /** Writes the sessions that have changed; now and then lets the others last longer. */
  #sweep(): void {
    const { clock, holder, leases } = this.#setUp;
    const isRenewal = clock.now() >= this.#renewAt;
    if (isRenewal) this.#renewAt = clock.now() + this.#renewal;
    const same: string[] = [];
    for (const held of [...this.#held.values()]) {
      if (held.next !== null || held.isWriting) continue;
      const now = this.#setUp.describe(held.session, held.live);
      // Positions change all the time: they are written with the renewal.
      const { left = "", sent = "" } = (isRenewal ? now : held.written) ?? now;
      const record = this.#record(held, { ...now, left, sent });
      if (record === null) continue;
      if (hashOf(record) === held.hash) same.push(held.session.pid);
      else this.#mark(held);
    }
    if (!isRenewal || same.length === 0) return;
    leases.renew(same, holder, this.#lasts).then(
      (lost) => {
        for (const pid of lost) {
          const held = this.#held.get(pid);
          if (held !== undefined) this.#lose(held, "taken");
        }
      },
      // The next renewal decides: leases last for several.
      () => {},
    );
  }
}

/** Trying again would not help. */
function isTooLarge(error: unknown): boolean {
  return (error as Partial<ClusterError> | null)?.code === "ERR_CLUSTER_PAYLOAD";
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
