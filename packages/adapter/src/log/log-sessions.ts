// The sessions of one namespace on a node that has a log: where each of them goes on, and in which rooms.

import type { ClusterBacklog } from "../cluster/backlog.ts";
import type { NodeId } from "../cluster/bus.ts";
import type { LogPoint } from "../cluster/log.ts";
import { offsetText, parseOffset } from "../cluster/offset-text.ts";
import type { LiveSession, Room, Session, SocketId } from "../contract.ts";
import { JoinOffsets } from "../recovery/join-offsets.ts";
import type { KeeperSetUp } from "./session-keeper.ts";
import { SessionKeeper } from "./session-keeper.ts";

/** What sessions are made of. */
export interface LogSessionsSetUp extends Omit<KeeperSetUp, "describe"> {
  /** The position of what was delivered here last; `null` before the log is open. */
  point(): LogPoint | null;
  /** Resolves with whether a position was read in time. */
  reached(point: LogPoint): Promise<boolean> | boolean;
  /** Resolves with whether the log is open, after some time at most. */
  whenOpen(): Promise<boolean> | boolean;
  roomsOf(id: SocketId): Iterable<Room>;
  /** Ends the earlier connection of a client on another node. */
  evict(node: NodeId, pid: string): Promise<void> | void;
  /** Ends that on this node. */
  evictHere(pid: string): void;
}

const GOODBYE = 1000;

/** Sessions with the positions at which their sockets have joined rooms. */
export class LogSessions {
  readonly #setUp: LogSessionsSetUp;
  readonly #keeper: SessionKeeper;
  readonly #joined = new JoinOffsets();
  /** The private ids of sessions that were found and not opened yet, by socket. */
  readonly #claimed = new Map<SocketId, string>();
  /** The last attempt to find each session, while it lasts: an earlier one finds nothing. */
  readonly #attempts = new Map<string, object>();
  /** Sessions that have begun before the log was open. */
  readonly #early = new Map<string, readonly [Session, LiveSession]>();
  /** Those of them whose clients were admitted before: something may have been missed. */
  readonly #late = new Map<string, LiveSession>();
  /** The session whose earlier socket is being ended: what that leaves is not written. */
  #evicted: string | null = null;

  constructor(setUp: LogSessionsSetUp) {
    this.#setUp = setUp;
    this.#keeper = new SessionKeeper({
      ...setUp,
      describe: (session, live) => this.#describe(session, live),
    });
  }

  /** How many there are, in numbers of a backlog. */
  get counts(): Pick<ClusterBacklog, "endingSessions" | "joinOffsets" | "sessions"> {
    const { ending: endingSessions, size: sessions } = this.#keeper;
    return { sessions, endingSessions, joinOffsets: this.#joined.size };
  }

  /** A socket joins a room that it is not in. */
  onJoin(id: SocketId, room: Room): void {
    // Its own room it joins when its session begins.
    if (room !== id) this.#joined.join(id, room, this.#setUp.point()?.offset ?? 0);
  }

  onLeave(id: SocketId, room: Room): void {
    this.#joined.leave(id, room);
  }

  onLeaveAll(id: SocketId): void {
    this.#joined.leaveAll(id);
  }

  /** Rooms of a socket have changed; resolves when that is written. */
  touch(id: SocketId): Promise<void> | void {
    return this.#keeper.touch(id);
  }

  open(session: Session, live: LiveSession): void {
    const { pid, sid } = session;
    // There is no position to count from yet.
    if (parseOffset(session.offset ?? "") === null) {
      this.#early.set(pid, [session, live]);
      return;
    }
    const claimed = this.#claimed.get(sid);
    this.#claimed.delete(sid);
    // A client whose packets are gone begins anew, with the same socket.
    if (claimed !== undefined && claimed !== pid) this.#keeper.remove(claimed);
    this.#keeper.open(session, live, claimed !== pid);
  }

  /** A client was admitted, and the log is not open. */
  onLate(id: SocketId): void {
    for (const [pid, [{ sid }, live]] of this.#early) {
      if (sid !== id) continue;
      this.#early.delete(pid);
      this.#late.set(pid, live);
    }
  }

  /** The log is open. Nothing was delivered before, so clients that were admitted begin anew. */
  onOpen(): void {
    const late = [...this.#late.values()];
    this.#late.clear();
    for (const live of late) live.end();
    const point = this.#setUp.point();
    if (point === null) return;
    const offset = offsetText(point);
    for (const [session, live] of [...this.#early.values()])
      this.open({ ...session, offset }, live);
    this.#early.clear();
  }

  /** A socket has left and may come back, or was not admitted. */
  persist(given: Session): void {
    const { pid, sid } = given;
    this.#forgetEarly(pid);
    if (pid === this.#evicted) return;
    const offset = later(this.#keeper.beginningOf(pid), given.offset);
    if (parseOffset(offset) === null) return;
    const session = { ...given, offset };
    const joined = this.#joinedOf(sid);
    const kept = joined.length === 0 ? session : { ...session, joined };
    if (this.#claimed.get(sid) === pid) {
      this.#claimed.delete(sid);
      this.#keeper.giveBack(kept);
    } else this.#keeper.release(kept);
  }

  drop(pid: string): void {
    this.#forgetEarly(pid);
    this.#keeper.drop(pid);
  }

  #forgetEarly(pid: string): void {
    this.#early.delete(pid);
    this.#late.delete(pid);
  }

  /** Another node has taken a session. */
  forget(pid: string): void {
    this.#attempts.delete(pid);
    this.#keeper.forget(pid);
  }

  /** Nothing that was missed can be found any more: all sessions begin anew. */
  loseAll(): void {
    this.#joined.clear();
    this.#claimed.clear();
    this.#keeper.loseAll();
  }

  close(): Promise<void> {
    return this.#keeper.close(GOODBYE);
  }

  /** Finds a session, wherever it is. The last attempt has it. */
  async restore(pid: string, offset: string | undefined): Promise<Session | null> {
    const attempt = {};
    this.#attempts.set(pid, attempt);
    const isLast = (): boolean => this.#attempts.get(pid) === attempt;
    try {
      return await this.#restore(pid, offset, isLast);
    } finally {
      if (isLast()) this.#attempts.delete(pid);
    }
  }

  async #restore(
    pid: string,
    offset: string | undefined,
    isLast: () => boolean,
  ): Promise<Session | null> {
    const named = offset === undefined ? null : parseOffset(offset);
    // Else what this node delivers next would reach the client again.
    // Each with its own time: a server that has just begun opens the log, then reads what the client has heard.
    if (!(await this.#setUp.whenOpen())) return null;
    if (named !== null && !(await this.#setUp.reached(named))) return null;
    if (!isLast()) return null;
    const claimed = await this.#keeper.claim(pid);
    if (claimed === null || !isLast()) return null;
    const { former, session } = claimed;
    if (former === this.#setUp.holder) this.#evictHere(session);
    else if (former !== "") await this.#setUp.evict(former, pid);
    const from = await this.#resumeAt(session, named);
    if (from === null || !isLast()) return null;
    this.#claimed.set(session.sid, pid);
    const joined = new Map<Room, number>();
    for (const [room, text] of session.joined ?? []) {
      const point = parseOffset(text);
      joined.set(room, point?.epoch === from.epoch ? point.offset : Infinity);
    }
    this.#joined.restore(session.sid, session.rooms, joined);
    return { ...session, offset: offsetText(from) };
  }

  /** An earlier attempt of the same client may have succeeded meanwhile. */
  #evictHere({ pid, sid }: Session): void {
    this.#keeper.forget(pid);
    this.#claimed.delete(sid);
    this.#evicted = pid;
    try {
      this.#setUp.evictHere(pid);
    } finally {
      this.#evicted = null;
    }
  }

  /** Where the replay begins; `null` when that is unknown. Never before the session began. */
  async #resumeAt(session: Session, named: LogPoint | null): Promise<LogPoint | null> {
    const epoch = this.#setUp.point()?.epoch;
    const numberOf = (text: string | undefined): number | null => {
      const point = parseOffset(text ?? "");
      return point !== null && point.epoch === epoch ? point.offset : null;
    };
    const began = numberOf(session.offset);
    if (epoch === undefined || began === null) return null;
    if (named !== null && named.epoch !== epoch) return null;
    const has = Math.max(began, named?.offset ?? began);
    const [sent, left] = [numberOf(session.sent), numberOf(session.left)];
    // Its rooms were joined until then: nothing of them may be delivered that was sent before.
    if (left !== null && !(await this.#setUp.reached({ epoch, offset: left }))) return null;
    const hasAll = sent !== null && left !== null && has >= sent;
    return { epoch, offset: hasAll ? Math.max(has, left) : has };
  }

  #describe(session: Session, { data, offset, sent }: LiveSession): Session {
    const point = this.#setUp.point();
    const left = point === null ? {} : { left: offsetText(point) };
    const rooms = [...this.#setUp.roomsOf(session.sid)];
    const from = { offset: later(session.offset, offset) };
    return { ...session, ...from, rooms, joined: this.#joinedOf(session.sid), data, sent, ...left };
  }

  #joinedOf(sid: SocketId): (readonly [Room, string])[] {
    const epoch = this.#setUp.point()?.epoch ?? "";
    return this.#joined.of(sid).map(([room, offset]) => [room, offsetText({ epoch, offset })]);
  }
}

/** The later of two offsets of one log; the first where they cannot be compared. */
function later(began: string | undefined, confirmed: string | undefined): string {
  const [one, other] = [parseOffset(began ?? ""), parseOffset(confirmed ?? "")];
  if (one === null) return confirmed ?? "";
  const isLater = other !== null && other.epoch === one.epoch && other.offset > one.offset;
  return isLater ? (confirmed as string) : (began as string);
}
