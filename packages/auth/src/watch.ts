// The credentials of one open connection: their end, their renewal, and whether they are still valid.

import { waitFor } from "@sockeye/portable";
import { AuthError, asAuthError, refusalOf } from "./errors.ts";
import { type Attempt, isSameSubject } from "./identity.ts";
import {
  answer,
  type EventPacket,
  interceptEvents,
  RENEW,
  renewable,
  type ServerSocket,
  userChanged,
} from "./sockets.ts";
import { type AuthTerms, attemptOf, identify, keepIdentity } from "./terms.ts";

/** Watches one socket from `connection` until it disconnects. */
export class AuthWatch {
  readonly #socket: ServerSocket;
  readonly #terms: AuthTerms;
  /** The credentials that count, as they were shown. */
  #attempt: Attempt;
  #cancel = (): void => {};
  #cancelRecheck = (): void => {};
  #isRenewing = false;
  #hasEnded = false;

  /** @param attempt with which the client got in; `undefined` when it was recovered without middleware */
  constructor(socket: ServerSocket, terms: AuthTerms, attempt: Attempt | undefined) {
    this.#socket = socket;
    this.#terms = terms;
    this.#attempt = attempt ?? attemptOf(socket, "connect");
  }

  start(): void {
    const socket = this.#socket;
    if (socket.data.auth === undefined) {
      this.#end(new AuthError("NO_CREDENTIALS"), "connect");
      return;
    }
    renewable.add(socket);
    interceptEvents(socket, (packet, deliver) => this.#take(packet, deliver));
    socket.on("disconnect", () => this.#stop());
    this.#arm();
    this.#armRecheck();
  }

  get #expiresAt(): number {
    return this.#socket.data.auth?.expiresAt ?? Infinity;
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#cancel();
    this.#cancelRecheck();
  }

  /** Waits for the moment of the warning, then for the end. */
  #arm(): void {
    this.#cancel();
    const { clock, warnBefore } = this.#terms;
    const left = this.#expiresAt - clock.wallTime();
    if (left <= 0) this.#end(new AuthError("EXPIRED"), "expire");
    else if (warnBefore > 0 && left > warnBefore) {
      this.#wait(left - warnBefore, () => {
        if (this.#expiresAt - clock.wallTime() <= warnBefore) this.#warn();
        else this.#arm();
      });
    } else if (warnBefore > 0) this.#warn();
    else this.#wait(left, () => this.#arm());
  }

  #warn(): void {
    const inMs = this.#expiresAt - this.#terms.clock.wallTime();
    if (inMs > 0) this.#socket.emit("auth:expiring", { expiresAt: this.#expiresAt, inMs });
    this.#wait(inMs, () => this.#expire());
  }

  /** The wall clock may have been set back since. */
  #expire(): void {
    const left = this.#expiresAt - this.#terms.clock.wallTime();
    if (left <= 0) this.#end(new AuthError("EXPIRED"), "expire");
    else this.#wait(left, () => this.#expire());
  }

  #wait(delay: number, callback: () => void): void {
    if (!this.#hasEnded) this.#cancel = waitFor(this.#terms.clock, delay, callback);
  }

  #end(error: AuthError, reason: "connect" | "recheck" | "expire"): void {
    if (this.#hasEnded) return;
    this.#stop();
    const socket = this.#socket;
    this.#terms.refused({ socket, reason, error });
    socket.emit("auth:expired", error.data);
    socket.disconnect(this.#terms.closeConnection);
  }

  #take(packet: EventPacket, deliver: (packet: EventPacket) => void): void {
    // Timers may be late, and the wall clock may have been set.
    if (this.#expiresAt <= this.#terms.clock.wallTime()) {
      this.#end(new AuthError("EXPIRED"), "expire");
      return;
    }
    if (!Array.isArray(packet.data) || packet.data[0] !== RENEW) deliver(packet);
    else void this.#renew(packet, packet.data[1]);
  }

  async #renew(packet: EventPacket, renewal: unknown): Promise<void> {
    const socket = this.#socket;
    try {
      if (this.#isRenewing) throw new AuthError("RENEWAL_PENDING");
      this.#isRenewing = true;
      try {
        // A packet cannot carry `undefined`: JSON makes `null` of it.
        const attempt = { ...attemptOf(socket, "renew"), renewal: renewal ?? undefined };
        await this.#replace(attempt);
      } finally {
        this.#isRenewing = false;
      }
      const { expiresAt } = this.#socket.data.auth ?? {};
      if (!this.#hasEnded) answer(socket, packet, { ok: true, expiresAt: expiresAt ?? null });
    } catch (cause) {
      const error = asAuthError(cause);
      this.#terms.refused({ socket, reason: "renew", error });
      if (!this.#hasEnded) answer(socket, packet, refusalOf(error, RENEW));
    }
  }

  /** Examines credentials, and lets them count from now on. */
  async #replace(attempt: Attempt): Promise<void> {
    const before = this.#socket.data.auth;
    const identity = await identify(this.#terms, attempt);
    if (this.#hasEnded) return;
    // Of two that are examined at a time, the one that the client sent counts.
    if (attempt.reason === "recheck" && this.#socket.data.auth !== before) return;
    const isAllowed =
      attempt.reason === "renew"
        ? this.#terms.allowSubjectChange || isSameSubject(before ?? {}, identity)
        : before?.subject === identity.subject && before?.issuer === identity.issuer;
    if (!isAllowed) throw new AuthError("SUBJECT_MISMATCH");
    this.#attempt = attempt;
    keepIdentity(this.#socket, identity);
    // A warning that was given is not given again for the same moment.
    if (identity.expiresAt !== before?.expiresAt) this.#arm();
    userChanged(this.#socket);
  }

  #armRecheck(): void {
    const { clock, recheckEvery } = this.#terms;
    if (this.#hasEnded) return;
    this.#cancelRecheck = waitFor(clock, recheckEvery, () => void this.#recheck());
  }

  async #recheck(): Promise<void> {
    const { auth } = this.#socket.data;
    try {
      await this.#replace({ ...this.#attempt, reason: "recheck" });
    } catch (cause) {
      const error = asAuthError(cause);
      // What cannot be examined now is examined the next time; credentials end all the same when they say so.
      if (error.code === "UNAVAILABLE") {
        this.#terms.refused({ socket: this.#socket, reason: "recheck", error });
      } else if (this.#socket.data.auth === auth) this.#end(error, "recheck");
    }
    this.#armRecheck();
  }
}
