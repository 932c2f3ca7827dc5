// Requests to other nodes. A request names the nodes that it waits for; it is complete when each of them has answered,
// or has left, and says who is missing. Answers that come twice, too late or from a node that was not asked are ignored.

import { type Clock, type Milliseconds, waitFor } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";
import type { Answer, Body } from "./intents.ts";

/** How a request has ended: `missing` have not answered. */
export interface RequestEnd {
  readonly reason: "answered" | "node left" | "timeout" | "failed";
  readonly missing: readonly NodeId[];
  /** Only when it has failed. */
  readonly error?: Error;
}

/** The code that asks. */
export interface Asker {
  /**
   * An answer, or a part of one; returns whether the node has answered completely. `unknown` is an answer too: the
   * node has nothing to say.
   */
  onAnswer(node: NodeId, answer: Answer, body: Body): boolean;
  /** A node that was waited for has left. */
  onNodeLeft?(node: NodeId): void;
  /** Called once, last. */
  onEnd(end: RequestEnd): void;
}

interface Pending {
  readonly asker: Asker;
  readonly waiting: Set<NodeId>;
  readonly lost: NodeId[];
  readonly cancel: () => void;
}

/** The requests of one node that wait for answers. */
export class Requests {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Begins to wait for some nodes; returns the number of the request. The end may come at once. */
  begin(nodes: Iterable<NodeId>, timeout: Milliseconds, asker: Asker): number {
    const id = this.#next++;
    const waiting = new Set(nodes);
    const overdue = (): void => this.#end(id, { reason: "timeout", missing: [...waiting] });
    const cancel = waiting.size === 0 ? () => {} : waitFor(this.#clock, timeout, overdue);
    this.#pending.set(id, { asker, waiting, lost: [], cancel });
    this.#check(id);
    return id;
  }

  /** An answer has arrived. */
  answer(id: number, node: NodeId, [answer, body]: readonly [Answer, Body]): void {
    const pending = this.#pending.get(id);
    if (pending === undefined || !pending.waiting.has(node)) return;
    if (!pending.asker.onAnswer(node, answer, body)) return;
    pending.waiting.delete(node);
    this.#check(id);
  }

  /** A node has left: no request waits for it any longer. */
  onNodeLeft(node: NodeId): void {
    for (const [id, pending] of [...this.#pending]) {
      if (!pending.waiting.delete(node)) continue;
      pending.lost.push(node);
      pending.asker.onNodeLeft?.(node);
      this.#check(id);
    }
  }

  /** A request could not be sent. */
  fail(id: number, error: Error): void {
    const missing = [...(this.#pending.get(id)?.waiting ?? [])];
    this.#end(id, { reason: "failed", missing, error });
  }

  /** Stops waiting, without a call of `onEnd`. */
  forget(id: number): void {
    this.#pending.get(id)?.cancel();
    this.#pending.delete(id);
  }

  /** Ends all requests. */
  failAll(error: Error): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, error);
  }

  #check(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.waiting.size > 0) return;
    const { lost } = pending;
    this.#end(id, { reason: lost.length > 0 ? "node left" : "answered", missing: lost });
  }

  #end(id: number, end: RequestEnd): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.cancel();
    pending.asker.onEnd(end);
  }
}
