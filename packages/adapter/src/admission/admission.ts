// Runs the state machine of one admission. Synchronous answers are not awaited: with rooms and log in memory, the
// admission is complete when `start` returns.

import type { Missed } from "../contract.ts";
import {
  type AdmissionEffect,
  type AdmissionEvent,
  type AdmissionPhase,
  transition,
} from "./transitions.ts";

/** The operations of namespace, adapter and client that an admission uses. */
export interface AdmissionPort<Held> {
  /** Joins the rooms of the session; from then on packets to them reach `Admission.take`. */
  resubscribe(): Promise<void> | void;
  /** Begins a new session and joins the socket's own room. */
  subscribe(): Promise<void> | void;
  /** Leaves all rooms. */
  unsubscribe(): void;
  /** The missed packets up to the current offset; `null` when some are no longer kept. */
  read(): Promise<Missed | null> | Missed | null;
  sendMissed(missed: Missed): void;
  welcome(): void;
  /** Sends a held packet. */
  send(held: Held): void;
  enter(): void;
  giveBack(): void;
  refuse(): void;
  /** The admission has failed, and its state is removed. */
  end(): void;
  report(problem: string): void;
  /** More was sent to the socket than may be held. */
  onFull?(): void;
}

/** Limits of the packets held for one socket. */
export interface HoldLimits {
  readonly maxPackets: number;
  readonly maxBytes: number;
}

function isPromise<T>(value: Promise<T> | T): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** The admission of one socket. */
export class Admission<Held> {
  readonly #port: AdmissionPort<Held>;
  readonly #limits: HoldLimits;
  #phase: AdmissionPhase = "restoring";
  /** Events that arrived while effects were carried out. */
  readonly #pending: AdmissionEvent[] = [];
  #isBusy = false;
  #held: Held[] = [];
  #heldBytes = 0;
  #arriving: { readonly packet: Held; readonly size: number } | null = null;
  #missed: Missed | null = null;
  #problem = "";

  constructor(port: AdmissionPort<Held>, limits: HoldLimits) {
    this.#port = port;
    this.#limits = limits;
  }

  get phase(): AdmissionPhase {
    return this.#phase;
  }

  /** Number of packets held. */
  get held(): number {
    return this.#held.length;
  }

  /** Begins; `isReturning` when the socket has a session. */
  start(isReturning: boolean): void {
    this.#on(isReturning ? "returns" : "is new");
  }

  /** Continues the admission of a new socket whose own room is being joined already. */
  startWith(subscribing: Promise<void>): void {
    this.#phase = "subscribing";
    this.#settle(subscribing);
  }

  /** A packet of `size` bytes was sent to the socket. */
  take(packet: Held, size: number): void {
    this.#arriving = { packet, size };
    const { maxBytes, maxPackets } = this.#limits;
    const isFull = this.held >= maxPackets || this.#heldBytes + size > maxBytes;
    if (isFull) {
      this.#problem = `more than ${maxPackets} packets or ${maxBytes} bytes were held`;
      if (transition(this.#phase, "overflow").effects.length > 0) this.#port.onFull?.();
    }
    // Immediately, even while effects are carried out: the packet is only valid during this call.
    if (this.#isBusy) {
      if (transition(this.#phase, "packet").effects.length > 0) this.#hold();
    } else this.#on(isFull ? "overflow" : "packet");
    this.#arriving = null;
  }

  /** The client has disconnected. */
  leave(): void {
    this.#on("left");
  }

  #on(event: AdmissionEvent): void {
    this.#pending.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        const step = transition(this.#phase, next);
        this.#phase = step.next;
        for (const effect of step.effects) this.#perform(effect);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #perform(effect: AdmissionEffect): void {
    const port = this.#port;
    switch (effect) {
      case "resubscribe":
        this.#subscribe(() => port.resubscribe());
        return;
      case "subscribe":
        this.#subscribe(() => port.subscribe());
        return;
      case "unsubscribe":
        port.unsubscribe();
        return;
      case "read":
        this.#read();
        return;
      case "send missed":
        if (this.#missed !== null) port.sendMissed(this.#missed);
        this.#missed = null;
        return;
      case "welcome":
        port.welcome();
        return;
      case "hold":
        this.#hold();
        return;
      case "drop held":
        this.#held = [];
        this.#heldBytes = 0;
        return;
      case "send held":
        this.#sendHeld();
        return;
      case "enter":
        port.enter();
        return;
      case "give back":
        port.giveBack();
        return;
      case "refuse":
        port.refuse();
        return;
      case "end":
        port.end();
        return;
      case "report":
        port.report(this.#problem);
    }
  }

  #subscribe(begin: () => Promise<void> | void): void {
    let subscribing: Promise<void> | void;
    try {
      subscribing = begin();
    } catch (error) {
      this.#failed("subscribing failed", "rooms could not be joined", error);
      return;
    }
    if (isPromise(subscribing)) this.#settle(subscribing);
    else this.#on("subscribed");
  }

  #settle(subscribing: Promise<void>): void {
    subscribing.then(
      () => this.#on("subscribed"),
      (error: unknown) => this.#failed("subscribing failed", "rooms could not be joined", error),
    );
  }

  #read(): void {
    // An answer that is no longer wanted is an event that the machine ignores.
    const fail = (error: unknown): void =>
      this.#failed("reading failed", "missed packets could not be read", error);
    const found = (missed: Missed | null): void => {
      this.#missed = missed;
      this.#on(missed === null ? "gap" : "complete");
    };
    let answer: Promise<Missed | null> | Missed | null;
    try {
      answer = this.#port.read();
    } catch (error) {
      fail(error);
      return;
    }
    if (isPromise(answer)) answer.then(found, fail);
    else found(answer);
  }

  #failed(event: AdmissionEvent, what: string, error: unknown): void {
    this.#problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.#on(event);
  }

  #hold(): void {
    if (this.#arriving === null) return;
    this.#held.push(this.#arriving.packet);
    this.#heldBytes += this.#arriving.size;
  }

  #sendHeld(): void {
    for (let at = 0; at < this.#held.length; at++) this.#port.send(this.#held[at] as Held);
    this.#held = [];
    this.#heldBytes = 0;
  }
}
