// The three questions that a namespace asks other nodes, and what becomes of the answers.

import type { AnswerCallback, ClientCountCallback } from "../contract.ts";
import type { NodeId } from "./bus.ts";
import type { SocketDescription } from "./described-sockets.ts";
import { clusterError } from "./errors.ts";
import type { Answer, Body } from "./intents.ts";
import { decodeValues } from "./message.ts";
import type { Asker, RequestEnd } from "./requests.ts";

/** What one node has answered. */
interface NodeAcks {
  /** How many sockets it has asked; -1 until it says so. */
  count: number;
  acks: number;
  /** The numbers of the acknowledgements: a bus may deliver them twice. */
  readonly numbers: Set<number>;
}

/** Collects the acknowledgements of a broadcast: every node counts its sockets, then passes on what they answer. */
export class AckAsker implements Asker {
  readonly #nodes = new Map<NodeId, NodeAcks>();
  readonly #onCount: ClientCountCallback;
  readonly #onAck: AnswerCallback;

  constructor(onCount: ClientCountCallback, onAck: AnswerCallback) {
    this.#onCount = onCount;
    this.#onAck = onAck;
  }

  onAnswer(node: NodeId, answer: Answer, body: Body): boolean {
    const known = this.#nodes.get(node) ?? { count: -1, acks: 0, numbers: new Set() };
    this.#nodes.set(node, known);
    if (answer.kind === "ack") this.#onNodeAck(known, answer.number, body);
    else if (known.count < 0) {
      known.count = answer.kind === "count" ? wholeNumber(answer.count) : 0;
      this.#onCount(known.count);
    }
    return known.acks === known.count;
  }

  /** An acknowledgement may overtake the count, but there are never more than were counted. */
  #onNodeAck(known: NodeAcks, number: number | undefined, body: Body): void {
    if (known.count >= 0 && known.acks >= known.count) return;
    if (number !== undefined) {
      if (known.numbers.has(number)) return;
      known.numbers.add(number);
    }
    known.acks += 1;
    this.#onAck(...decodeValues(body));
  }

  onNodeLeft(node: NodeId): void {
    const { acks, count } = this.#nodes.get(node) ?? { acks: 0, count: -1 };
    const isCounted = count >= 0;
    this.#onCount(0, { server: node, clients: isCounted ? count - acks : 0, isCounted });
  }

  onEnd({ missing, reason }: RequestEnd): void {
    // A timeout is the caller's own; a node that has left was reported.
    if (reason === "failed") for (const node of missing) this.onNodeLeft(node);
  }
}

function wholeNumber(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}

/** Collects descriptions of sockets. */
export class FetchAsker implements Asker {
  readonly #found: unknown[] = [];
  /** The parts of the answer of each node, by number. */
  readonly #parts = new Map<NodeId, Map<number, readonly unknown[]>>();
  readonly #resolve: (found: SocketDescription[]) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (found: SocketDescription[]) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onAnswer(node: NodeId, answer: Answer, body: Body): boolean {
    if (answer.kind !== "sockets") return true;
    const found = this.#parts.get(node) ?? new Map<number, readonly unknown[]>();
    this.#parts.set(node, found);
    const { more, part = found.size, parts } = answer;
    found.set(part, decodeValues(body));
    // The last part may have overtaken others, or one of them was lost.
    if (parts === undefined ? more === true : found.size < parts) return false;
    for (const values of found.values()) this.#found.push(...values);
    return true;
  }

  /** A node that has left has taken its sockets with it: they are no part of the answer. */
  onEnd(end: RequestEnd): void {
    const found = this.#found.filter(isDescription);
    if (end.reason === "answered" || end.reason === "node left") this.#resolve(found);
    else this.#reject(endError(end, found));
  }
}

function isDescription(value: unknown): value is SocketDescription {
  return typeof (value as Partial<SocketDescription> | null)?.id === "string";
}

/** Collects what listeners of a server event answer. */
export class ResultAsker implements Asker {
  readonly #results: unknown[] = [];
  readonly #done: (error: Error | null, results: unknown[]) => void;

  constructor(done: (error: Error | null, results: unknown[]) => void) {
    this.#done = done;
  }

  onAnswer(_node: NodeId, answer: Answer, body: Body): boolean {
    if (answer.kind === "result") this.#results.push(decodeValues(body)[0]);
    return true;
  }

  onEnd(end: RequestEnd): void {
    const isComplete = end.reason === "answered";
    this.#done(isComplete ? null : endError(end, this.#results), this.#results);
  }
}

/** The error of a request that is not complete, with what has arrived. */
function endError(
  { error, missing, reason }: RequestEnd,
  responses: unknown[],
): Error & { responses: unknown[]; missing: readonly NodeId[] } {
  const code = reason === "timeout" ? "ERR_CLUSTER_TIMEOUT" : "ERR_CLUSTER_NODE_LOST";
  return Object.assign(error ?? clusterError(code, missing.length), { responses, missing });
}
