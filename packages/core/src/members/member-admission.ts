// The admission of a socket whose rooms or missed packets may have to be awaited. Packets sent to it meanwhile are
// held. The order of the steps is in the state machine of packages/adapter/src/admission.

import { Admission, type AdmissionPort, type Missed } from "@sockeye/adapter";
import type { SendOutcome, SharedMessage } from "@sockeye/engine";
import type { Packet } from "@sockeye/protocol";
import type { RecoveryMiss } from "../base/diagnostics.ts";
import type { Member } from "./member.ts";

/** A broadcast that arrived before its recipient was admitted. */
interface Held {
  readonly message: SharedMessage;
  readonly packet: Packet;
}

/** The operations of the namespace for a socket that is being admitted. */
export interface Admitting {
  /** Begins a new session, if recovery is on; `miss` says why a returning socket does not go on with its own. */
  beginSession(member: Member, miss: RecoveryMiss): void;
  /** Sends CONNECT to the client. */
  welcome(member: Member): void;
  /** From now on broadcasts find the socket; raises `connection`. */
  enter(member: Member): void;
  /** Stores the session again, for another attempt of the client. */
  giveBack(member: Member): void;
  refuse(member: Member): void;
  /** The socket will not be admitted. */
  end(member: Member): void;
}

// Limits per waiting socket. A client whose rooms send more during one round trip to the broker starts a new session.
const LIMITS = { maxPackets: 10_000, maxBytes: 2 ** 24 };

/** The admission of one socket. */
export class MemberAdmission implements AdmissionPort<Held> {
  readonly member: Member;
  readonly #namespace: Admitting;
  /** Why the session cannot be restored, if it cannot. */
  #miss: RecoveryMiss = "packets gone";
  readonly #admission: Admission<Held> = new Admission<Held>(this, LIMITS);

  constructor(member: Member, namespace: Admitting) {
    this.member = member;
    this.#namespace = namespace;
  }

  /** Whether an answer is pending. */
  get isPending(): boolean {
    const { phase } = this.#admission;
    return phase !== "live" && phase !== "left" && phase !== "refused";
  }

  /** Admits a socket with a session to restore. */
  start(): void {
    this.#admission.start(true);
  }

  /** Admits a new socket whose own room is being joined already. */
  startWith(joining: Promise<void>): void {
    this.#admission.startWith(this.#reported("addAll", () => joining) as Promise<void>);
  }

  /** Holds a broadcast to the socket. Volatile ones are dropped: they cannot be sent immediately. */
  take(message: SharedMessage, packet: Packet, isVolatile: boolean): SendOutcome {
    if (isVolatile) return "dropped";
    this.#admission.take({ message, packet }, message.size);
    return "queued";
  }

  /** The client has disconnected. */
  leave(): void {
    this.#admission.leave();
  }

  resubscribe(): Promise<void> | void {
    const { home, id, recovery } = this.member;
    const rooms = new Set([id, ...(recovery?.rooms ?? [])]);
    return this.#reported("addAll", () => home.adapter.addAll(id, rooms));
  }

  subscribe(): Promise<void> | void {
    const { home, id } = this.member;
    return this.#reported("addAll", () => {
      this.#namespace.beginSession(this.member, this.#miss);
      return home.adapter.addAll(id, new Set([id]));
    });
  }

  unsubscribe(): void {
    this.member.leaveRooms();
  }

  read(): Promise<Missed | null> | Missed | null {
    return this.#reported("missedPackets", () => this.member.recovery?.read(this.member) ?? null);
  }

  sendMissed(missed: Missed): void {
    this.member.recovery?.resume(this.member, missed);
  }

  welcome(): void {
    this.#namespace.welcome(this.member);
  }

  send({ message, packet }: Held): void {
    if (this.member.isConnected) this.member.sendShared(message, packet, null);
  }

  enter(): void {
    this.#namespace.enter(this.member);
  }

  giveBack(): void {
    this.#namespace.giveBack(this.member);
  }

  refuse(): void {
    this.#namespace.refuse(this.member);
  }

  end(): void {
    this.#namespace.end(this.member);
  }

  /** Calls the adapter; a failure is reported, and is an event of the admission as well. */
  #reported<T>(method: string, call: () => T): T {
    const { face, home } = this.member;
    const failed = (error: unknown): void => void home.reportAdapterFailure(method, error, face);
    try {
      const result = call();
      if (result instanceof Promise) result.catch(failed);
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  }

  onFull(): void {
    const { name: nsp, services } = this.member.home;
    const { limitReached } = services.diagnostics;
    this.#miss = "too much held";
    if (limitReached.active) {
      limitReached.publish({ limit: "held packets", value: LIMITS.maxPackets, nsp });
    }
  }

  report(problem: string): void {
    const { name, services } = this.member.home;
    if (this.#miss === "packets gone") this.#miss = "adapter failed";
    services.warn(`a socket of namespace ${name}: ${problem}`);
  }
}
