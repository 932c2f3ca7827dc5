// The holder's side of forwarding: requests and WebSockets that other servers have received for sessions of this one.

import { type Engine, parseQuery, type Ticket } from "@sockeye/engine";
import type { Clock, Milliseconds } from "@sockeye/portable";
import { ForwardedExchange, headOf } from "./forwarded-exchange.ts";
import type { Frame, FromHolder, Tell, ToHolder } from "./link.ts";
import { RemoteSocket } from "./remote-socket.ts";

// How long the other server may take to complete a handshake.
const HANDSHAKE: Milliseconds = 10_000;

interface Held {
  readonly exchange?: ForwardedExchange;
  readonly socket?: RemoteSocket;
  /** A handshake that was admitted. */
  readonly ticket?: {
    readonly engine: Engine;
    readonly ticket: Ticket;
    readonly cancel: () => void;
  };
}

/** What other servers have received for this one. */
export class Holder {
  readonly #engines: ReadonlySet<Engine>;
  readonly #clock: Clock;
  readonly #tellTo: (node: string) => Tell<FromHolder>;
  /** By the server that asks, and its number. */
  readonly #held: Map<string, Map<number, Held>> = new Map();

  constructor(
    engines: ReadonlySet<Engine>,
    clock: Clock,
    tellTo: (node: string) => Tell<FromHolder>,
  ) {
    this.#engines = engines;
    this.#clock = clock;
    this.#tellTo = tellTo;
  }

  onMessage(from: string, message: ToHolder, body: Frame | null): void {
    const held = this.#held.get(from)?.get(message.id);
    switch (message.op) {
      case "request":
        this.#onRequest(from, message, body ?? "");
        return;
      case "upgrade":
        this.#onUpgrade(from, message);
        return;
      case "abort":
        held?.exchange?.aborted();
        return;
      case "opened":
        this.#onOpened(from, message.id, held);
        return;
      case "up":
        held?.socket?.receive(message.seq, body ?? "");
        return;
      case "taken":
        held?.socket?.taken(message.bytes);
        return;
      default:
        held?.socket?.gone(message.error);
    }
  }

  onNodeLeft(node: string): void {
    const all = this.#held.get(node);
    this.#held.delete(node);
    for (const { exchange, socket, ticket } of all?.values() ?? []) {
      ticket?.cancel();
      exchange?.aborted();
      socket?.gone();
    }
  }

  #onRequest(
    from: string,
    asked: Extract<ToHolder, { op: "request" | "upgrade" }>,
    body: Frame,
  ): void {
    const { head, id } = asked;
    const exchange = new ForwardedExchange({ id, head, body }, this.#tellTo(from), () =>
      this.#forget(from, id),
    );
    this.#hold(from, id, { exchange });
    this.#engineOf(head.url)?.respond(exchange);
  }

  #onUpgrade(from: string, { head, id }: Extract<ToHolder, { op: "request" | "upgrade" }>): void {
    const tell = this.#tellTo(from);
    const engine = this.#engineOf(head.url);
    engine?.admit(headOf(head), (outcome) => {
      if (outcome.kind === "refusal") {
        tell({ op: "refused", id, text: outcome.message }, null, () => {});
        return;
      }
      const cancel = this.#clock.after(HANDSHAKE, () => this.#forget(from, id));
      this.#hold(from, id, { ticket: { engine, ticket: outcome, cancel } });
      tell({ op: "accepted", id, headers: outcome.headers }, null, () => {});
    });
  }

  #onOpened(from: string, id: number, held: Held | undefined): void {
    const tell = this.#tellTo(from);
    const ready = held?.ticket;
    if (ready === undefined) {
      tell({ op: "end", id, how: "terminate" }, null, () => {});
      return;
    }
    ready.cancel();
    const socket = new RemoteSocket(id, { clock: this.#clock, tell }, () => this.#forget(from, id));
    this.#hold(from, id, { socket });
    ready.engine.attach(ready.ticket, socket);
  }

  /** The engine with the session of a request; any of them refuses an unknown one. */
  #engineOf(url: string): Engine | undefined {
    const { sid = "" } = parseQuery(url);
    const engines = [...this.#engines];
    return engines.find(({ connections }) => connections.has(sid)) ?? engines[0];
  }

  #hold(from: string, id: number, held: Held): void {
    const all = this.#held.get(from) ?? new Map<number, Held>();
    this.#held.set(from, all);
    all.set(id, held);
  }

  #forget(from: string, id: number): void {
    const all = this.#held.get(from);
    all?.delete(id);
    if (all?.size === 0) this.#held.delete(from);
  }
}
