// Requests to servers of Socket.IO's. Where they have no names the broker counts them, and an answer is that of any of them
// which has not answered yet.

import type { Clock } from "@sockeye/portable";
import type { ClusterDiagnostics } from "../cluster/diagnostics.ts";
import { clusterError } from "../cluster/errors.ts";
import { type Answer, Values } from "../cluster/intents.ts";
import type { Question } from "../cluster/link.ts";
import { type Asker, Requests } from "../cluster/requests.ts";

/** The servers that may still answer a request. */
interface Expected {
  readonly silent: string[];
  /** Those that have counted their clients, with the number of acknowledgements to come. */
  readonly counted: { readonly node: string; left: number }[];
}

/** Names for servers that have none. */
export function anonymous(count: number): readonly string[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => `server ${index + 1}`);
}

/** The requests of one namespace. */
export class CompatibleRequests {
  readonly #requests: Requests;
  readonly #diagnostics: ClusterDiagnostics;
  readonly #expected = new Map<number, Expected>();
  /** Begins the ids on the wire. */
  readonly #prefix: string;

  constructor(uid: string, clock: Clock, diagnostics: ClusterDiagnostics) {
    this.#prefix = `${uid}-`;
    this.#requests = new Requests(clock);
    this.#diagnostics = diagnostics;
  }

  /** Begins a request; `send` is called with its id on the wire, unless there is nothing to wait for. */
  begin(
    { nsp, request, timeout }: Question,
    [nodes, asker]: readonly [readonly string[], Asker],
    send: (requestId: string) => Promise<void>,
  ): number {
    let id = 0;
    id = this.#requests.begin(nodes, timeout, {
      onAnswer: (node, answer, content) => asker.onAnswer(node, answer, content),
      onNodeLeft: (node) => asker.onNodeLeft?.(node),
      onEnd: (end) => {
        this.#expected.delete(id);
        const { missing, reason } = end;
        if (reason !== "answered") {
          const { requestIncomplete } = this.#diagnostics;
          requestIncomplete.publish({ kind: request.kind, nsp, missing, reason });
        }
        asker.onEnd(end);
      },
    });
    if (nodes.length === 0) return id;
    this.#expected.set(id, { silent: [...nodes], counted: [] });
    send(`${this.#prefix}${id}`).catch((error: Error) => this.#requests.fail(id, error));
    return id;
  }

  /** An answer has arrived, with the id on the wire, from a server with a name or from any. */
  answer(
    requestId: string,
    [answer, values]: readonly [Answer, readonly unknown[]],
    from?: string,
  ): void {
    if (!requestId.startsWith(this.#prefix)) return;
    const id = Number(requestId.slice(this.#prefix.length));
    const expected = this.#expected.get(id);
    if (expected === undefined) return;
    const node =
      from ?? (answer.kind === "ack" ? acknowledging(expected) : expected.silent.shift());
    if (node === undefined) return;
    if (answer.kind === "count") expected.counted.push({ node, left: answer.count });
    this.#requests.answer(id, node, [answer, new Values(values)]);
  }

  /** A server with a name has left. */
  onNodeLeft(node: string): void {
    this.#requests.onNodeLeft(node);
  }

  forget(id: number): void {
    this.#expected.delete(id);
    this.#requests.forget(id);
  }

  /** The adapter is closed. */
  end(): void {
    this.#requests.failAll(clusterError("ERR_CLUSTER_CLOSED"));
  }
}

function acknowledging({ counted }: Expected): string | undefined {
  const one = counted.find(({ left }) => left > 0);
  if (one !== undefined) one.left -= 1;
  return one?.node;
}
