// Stands before the listeners of one socket, on either side: what its contract does not accept never reaches them. It takes
// the place of `socket.onevent`, which both libraries call with each event that arrives, so catch-all listeners,
// middleware and relays are behind it too.

import { checkArguments, type EventChecks, isPending, type Verdict } from "./check.ts";
import type { EventContract } from "./contract.ts";
import { refusal } from "./errors.ts";
import type { GateOptions, Refused } from "./options.ts";

/** An event that has arrived. */
interface EventPacket {
  readonly data?: unknown;
  readonly id?: number | null | undefined;
}

/** The part of a socket that a gate uses; the same in Socket.IO's server and client and in ours. */
interface GatedSocket {
  readonly connected?: boolean;
  onevent(packet: EventPacket): void;
  ack(id: number): (...answer: unknown[]) => void;
  disconnect(close?: boolean): unknown;
}

const IGNORE = (): void => {};

/** Puts a gate before the listeners of a socket. */
export function installGate<Socket>(
  socket: Socket,
  checks: EventChecks,
  options: GateOptions<Socket>,
): void {
  const gated = socket as GatedSocket;
  const gate = new Gate(gated, checks, options as GateOptions<unknown>);
  gated.onevent = (packet) => gate.take(packet);
}

class Gate {
  readonly #socket: GatedSocket;
  readonly #checks: EventChecks;
  readonly #options: GateOptions<unknown>;
  /** The socket's own `onevent`, or what another package has put in its place. */
  readonly #onevent: (packet: EventPacket) => void;
  /** Events that wait for schemas that validate asynchronously, in order; null while there are none. */
  #waiting: Promise<void> | null = null;
  #count = 0;

  constructor(socket: GatedSocket, checks: EventChecks, options: GateOptions<unknown>) {
    this.#socket = socket;
    this.#checks = checks;
    this.#options = options;
    this.#onevent = socket.onevent;
  }

  #deliver(packet: EventPacket): void {
    this.#onevent.call(this.#socket, packet);
  }

  take(packet: EventPacket): void {
    if (!Array.isArray(packet.data)) return;
    const data: unknown[] = packet.data;
    const contract = this.#checks.of(data[0]);
    if (contract === undefined || this.#waiting !== null) {
      this.#takeInTurn(packet, contract);
      return;
    }
    const verdict = checkArguments(data[0] as string, contract, data);
    if (isPending(verdict))
      this.#enqueue(async () => this.#conclude(packet, contract, await verdict));
    else this.#conclude(packet, contract, verdict);
  }

  /** An event that is not declared, or that comes while others wait. */
  #takeInTurn(packet: EventPacket, contract: EventContract | undefined): void {
    const data = packet.data as unknown[];
    const event = String(data[0]);
    if (this.#waiting !== null && this.#count >= (this.#options.maxPending ?? 100)) {
      const message = "too many events wait to be validated";
      const refused = refusal("TOO_MANY_PENDING", { event, message, issues: [] });
      this.#refuse(packet, event, { refusal: refused });
    } else if (contract !== undefined) {
      const verdict = checkArguments(event, contract, data);
      this.#enqueue(async () => this.#conclude(packet, contract, await verdict));
    } else if (this.#options.unknown === "pass") this.#pass(() => this.#deliver(packet));
    else this.#pass(() => this.#refuse(packet, event, unknownEvent(event)));
  }

  #conclude(packet: EventPacket, contract: EventContract, verdict: Verdict | null): void {
    const data = packet.data as [string, ...unknown[]];
    if (verdict !== null) this.#refuse(packet, data[0], verdict);
    else if (contract.ack === undefined) this.#deliverUnanswered(packet);
    else this.#deliverAnswered(packet, data);
  }

  /** At once, or after the events that wait. */
  #pass(conclude: () => void): void {
    if (this.#waiting === null) conclude();
    else this.#enqueue(conclude);
  }

  /** Keeps the order. What a listener throws is uncaught, as it is anywhere, and harms no later event. */
  #enqueue(conclude: () => void | Promise<void>): void {
    this.#count += 1;
    const last = (this.#waiting ?? Promise.resolve()).then(async () => {
      try {
        if (this.#socket.connected !== false) await conclude();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      } finally {
        this.#count -= 1;
        if (this.#waiting === last) this.#waiting = null;
      }
    });
    this.#waiting = last;
  }

  /** An answer is declared, so a listener may count on its callback, even when nobody asks. */
  #deliverAnswered(packet: EventPacket, data: unknown[]): void {
    if (packet.id == null) data.push(IGNORE);
    this.#deliver(packet);
  }

  /** No answer is declared: who asks all the same, as clients with `retries` do, is told that the event was accepted. */
  #deliverUnanswered(packet: EventPacket): void {
    const { id } = packet;
    if (id == null) {
      this.#deliver(packet);
      return;
    }
    const answer = this.#socket.ack(id);
    this.#deliver({ ...packet, id: undefined });
    answer();
  }

  #refuse({ id }: EventPacket, event: string, { cause, refusal: answer }: Verdict): void {
    const { invalid, onRefused, unknown } = this.#options;
    if (id != null) this.#socket.ack(id)(answer);
    const refused: Refused<unknown> = { socket: this.#socket, event, ...answer, cause };
    try {
      onRefused?.(refused);
    } finally {
      const policy = answer.error.code === "UNKNOWN_EVENT" ? unknown : invalid;
      if (policy === "disconnect") this.#socket.disconnect(true);
    }
  }
}

function unknownEvent(event: string): Verdict {
  const message = `no such event: ${event.slice(0, 100)}`;
  return { refusal: refusal("UNKNOWN_EVENT", { event, message, issues: [] }) };
}
