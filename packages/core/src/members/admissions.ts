// The admissions of one namespace, after middleware has accepted a socket; and the sockets that may be recovered.

import type { AdapterContract, SocketId } from "@sockeye/adapter";
import type { PointSocket, RecoveryMiss } from "../base/diagnostics.ts";
import { coreError } from "../base/errors.ts";
import type { Services } from "../base/services.ts";
import type { Member } from "./member.ts";
import { type Admitting, MemberAdmission } from "./member-admission.ts";
import type { SavedSocket } from "./saved-peer.ts";
import type { SocketFace } from "./socket-face.ts";

/** The part of a namespace that admissions use. */
export interface AdmissionHome {
  readonly name: string;
  readonly services: Services;
  readonly sockets: Map<SocketId, SocketFace>;
  raise(event: string, args: readonly unknown[], socket: SocketFace): void;
  /** A socket was not admitted: the namespace may be empty now. */
  checkVacant(): void;
}

/** The admissions of a namespace. */
export class Admissions implements Admitting {
  readonly #home: AdmissionHome;
  /** Sockets that may be recovered, by private id. */
  readonly #byPid = new Map<string, Member>();
  /** Sockets whose rooms or missed packets are awaited, when there are any. */
  #pending: Map<SocketId, MemberAdmission> | null = null;

  constructor(home: AdmissionHome) {
    this.#home = home;
  }

  /** Sockets whose rooms or missed packets are awaited, when there are any. */
  get pending(): ReadonlyMap<SocketId, MemberAdmission> | null {
    return this.#pending;
  }

  /** A client requested the session of a private id. */
  claim(pid: string, member: Member): void {
    this.#byPid.set(pid, member);
  }

  /** The client of a private id has reconnected: its earlier connection is closed, even if it seemed alive. */
  evict(pid: string): void {
    const previous = this.#byPid.get(pid);
    if (previous === undefined) return;
    this.#byPid.delete(pid);
    previous.peer.connection.onLost({ reason: "transport close" });
    // Middleware may not have decided yet. A pending admission stores the session again itself, when it can.
    if (this.#pending?.get(previous.id)?.member !== previous) {
      previous.recovery?.giveBack(previous);
    }
  }

  forgetPid(member: Member): void {
    const pid = member.recovery?.pid;
    if (pid != null && this.#byPid.get(pid) === member) this.#byPid.delete(pid);
  }

  /**
   * Admits a socket, synchronously where the adapter is synchronous. Order on the wire: missed packets, CONNECT, live.
   */
  admit(member: Member): void {
    const { home, id, peer, recovery } = member;
    peer.onJoined(member);
    if (recovery?.isReturning === true) {
      const admission = new MemberAdmission(member, this);
      admission.start();
      if (admission.isPending) this.#await(admission);
      return;
    }
    const { sockets } = this.#home;
    sockets.set(id, member.face);
    let joining: Promise<void> | void;
    try {
      this.beginSession(member, "packets gone");
      member.setConnected(true);
      joining = home.adapter.addAll(id, new Set([id]));
    } catch (error) {
      joining = Promise.reject(error);
    }
    if (typeof joining?.then === "function") {
      sockets.delete(id);
      member.setConnected(false);
      const admission = new MemberAdmission(member, this);
      this.#await(admission);
      admission.startWith(joining);
      return;
    }
    this.#connect(member);
    this.#raise(member);
  }

  /** A socket is set up again: it is in its rooms from now on. Its client is sent nothing. */
  readmit(member: Member, { joined = [], rooms }: SavedSocket): void {
    const { face, home, id, peer, recovery } = member;
    peer.onJoined(member);
    this.#home.sockets.set(id, face);
    member.setConnected(true);
    const pid = recovery?.pid;
    if (pid != null) this.claim(pid, member);
    const list = new Set(rooms);
    const join = (adapter: AdapterContract): unknown =>
      adapter.rejoin === undefined ? adapter.addAll(id, list) : adapter.rejoin(id, list, joined);
    home.guard("addAll", join, face);
  }

  /** Raises `connection` for a socket that was set up again. */
  announce(member: Member): void {
    this.#raise(member);
  }

  /** The connection of a socket has closed before its admission. */
  abandon(member: Member): void {
    const admission = this.#pending?.get(member.id);
    if (admission?.member === member) admission.leave();
  }

  beginSession(member: Member, miss: RecoveryMiss): void {
    const { recovery } = member;
    if (recovery === null) return;
    this.forgetPid(member);
    if (recovery.isReturning) this.tellMiss(recovery.pid ?? "", miss);
    this.claim(recovery.begin(member), member);
  }

  /** A client requested a session that is not restored. */
  tellMiss(pid: string, reason: RecoveryMiss): void {
    const { recoveryMissed } = this.#home.services.diagnostics;
    if (recoveryMissed.active) recoveryMissed.publish({ nsp: this.#home.name, pid, reason });
  }

  welcome(member: Member): void {
    member.setConnected(true);
    this.#connect(member);
    member.recovery?.afterConnect(member);
  }

  enter(member: Member): void {
    this.#settle(member);
    if (member.isConnected) this.#home.sockets.set(member.id, member.face);
    this.#raise(member);
  }

  giveBack(member: Member): void {
    this.forgetPid(member);
    member.recovery?.giveBack(member);
  }

  refuse(member: Member): void {
    member.peer.onLeft(member);
    member.reject(coreError("ERR_JOIN_FAILED"));
  }

  end(member: Member): void {
    this.#settle(member);
    this.forgetPid(member);
    this.#home.checkVacant();
  }

  #await(admission: MemberAdmission): void {
    this.#pending ??= new Map();
    this.#pending.set(admission.member.id, admission);
  }

  #settle(member: Member): void {
    if (this.#pending?.get(member.id)?.member === member) this.#pending.delete(member.id);
    if (this.#pending?.size === 0) this.#pending = null;
  }

  #connect(member: Member): void {
    const { id, peer, recovery } = member;
    if (peer.connection.isOpen) {
      const pid = recovery?.shownPid;
      peer.welcome(this.#home.name, pid == null ? { sid: id } : { sid: id, pid });
      return;
    }
    // Not with this session again: its missed packets may be the cause of the failure.
    this.forgetPid(member);
    recovery?.end(member);
    member.leave("transport error");
  }

  #raise(member: Member): void {
    if (!member.isConnected) return;
    const { name, services } = this.#home;
    const { face, peer, recovery } = member;
    const { socketConnected } = services.diagnostics;
    if (socketConnected.active) {
      const recovered = recovery?.isRecovered === true;
      const adopted = member.isAdopted;
      socketConnected.publish({ socket: named(face), nsp: name, recovered, adopted });
    }
    this.#home.raise("connect", [face], face);
    this.#home.raise("connection", [face], face);
    peer.connection.request.compact?.();
  }
}

/** A socket in the form of the diagnostics points. */
function named(face: SocketFace): PointSocket {
  return face as SocketFace & PointSocket;
}
