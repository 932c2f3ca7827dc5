// Requests that wait for the responses of other servers. Knows neither messages nor a broker.

import { type Clock, type Milliseconds, waitFor } from "@sockeye/portable";
import { randomId, type ServerId } from "./messages.ts";

/** The servers that shall respond: their ids, or their number where the ids are not known. */
export type Others = ReadonlySet<ServerId> | number;

/** Called once: with an error or `null`, and the responses so far. */
export type RequestDone = (error: Error | null, responses: unknown[]) => void;

/** How long a request waits, and for whom. */
export interface Waiting {
  readonly others: Others;
  readonly timeout: Milliseconds;
}

/** Whether there is no other server. */
export function isNobody(others: Others): boolean {
  return (typeof others === "number" ? others : others.size) <= 0;
}

/** One request. */
class Request {
  readonly #missing: Set<ServerId> | null;
  readonly #expected: number;
  readonly #responses: unknown[] = [];
  #responded = 0;

  constructor(others: Others) {
    this.#missing = typeof others === "number" ? null : new Set(others);
    this.#expected = typeof others === "number" ? others : others.size;
  }

  get responses(): unknown[] {
    return this.#responses;
  }

  get isComplete(): boolean {
    return this.#missing === null ? this.#responded >= this.#expected : this.#missing.size === 0;
  }

  /** A server has responded. */
  add(uid: ServerId, responses: readonly unknown[]): void {
    if (this.#missing !== null && !this.#missing.delete(uid)) return;
    this.#responded += 1;
    this.#responses.push(...responses);
  }

  /** A server has left; where the ids are not known it stays expected. */
  leave(uid: ServerId): void {
    this.#missing?.delete(uid);
  }

  overdue(): Error {
    return new Error(
      this.#missing === null
        ? `timeout reached: only ${this.#responded} responses received out of ${this.#expected}`
        : `timeout reached: missing ${this.#missing.size} responses`,
    );
  }
}

/** The requests of one adapter. */
export class Requests {
  readonly #clock: Clock;
  readonly #open = new Map<
    string,
    { readonly request: Request; readonly done: RequestDone; readonly cancelTimer: () => void }
  >();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of requests that wait. */
  get size(): number {
    return this.#open.size;
  }

  /** Begins a request. Returns its id, which the responses name. */
  begin({ others, timeout }: Waiting, done: RequestDone): string {
    const id = randomId();
    const request = new Request(others);
    const cancelTimer = waitFor(this.#clock, timeout, () => this.#end(id, request.overdue()));
    this.#open.set(id, { request, done, cancelTimer });
    return id;
  }

  /** A server has responded. Responses to unknown requests, and second ones of known servers, are ignored. */
  answer(id: string, uid: ServerId, responses: readonly unknown[]): void {
    this.#open.get(id)?.request.add(uid, responses);
    this.#check(id);
  }

  /** The request could not be sent. */
  fail(id: string, error: unknown): void {
    this.#end(id, error instanceof Error ? error : new Error(String(error)));
  }

  /** A server has left: no request waits for it. */
  leave(uid: ServerId): void {
    for (const [id, { request }] of [...this.#open]) {
      request.leave(uid);
      this.#check(id);
    }
  }

  #check(id: string): void {
    if (this.#open.get(id)?.request.isComplete === true) this.#end(id, null);
  }

  #end(id: string, error: Error | null): void {
    const found = this.#open.get(id);
    if (found === undefined) return;
    this.#open.delete(id);
    found.cancelTimer();
    found.done(error, found.request.responses);
  }
}
