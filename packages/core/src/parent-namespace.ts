// A pattern for namespaces: children are created when peers ask for names that match.
// A child takes over the middleware and listeners that the pattern has at that moment.

import {
  Adapter,
  type AnswerCallback,
  type BroadcastOptions,
  type ClientCountCallback,
  type Room,
} from "@sockeye/adapter";
import type { Packet } from "@sockeye/protocol";
import { Namespace } from "./namespace.ts";
import type { Server } from "./server.ts";
import type { Socket } from "./socket.ts";

/**
 * Decides whether a namespace of this name may be created: `next(null, true)` allows it, now or later.
 * What it throws, or a promise it returns rejects with, surfaces as uncaught; the next pattern is then asked.
 */
export type NamespaceMatcher = (
  name: string,
  auth: Record<string, unknown>,
  next: (error: Error | null, isAllowed: boolean) => void,
) => void | Promise<void>;

/** Turns a regular expression into a matcher. @throws Error when the expression keeps state between matches */
export function matcherOf(pattern: RegExp | NamespaceMatcher): NamespaceMatcher {
  if (typeof pattern === "function") return pattern;
  if (pattern.global || pattern.sticky) {
    throw new Error("stateful regular expressions are not supported");
  }
  return (name, _auth, next) => next(null, pattern.test(name));
}

/** Hands everything on to the adapters of the children. */
class FanOutAdapter extends Adapter<Socket> {
  readonly #children: ReadonlySet<Namespace>;

  constructor(nsp: ParentNamespace, children: ReadonlySet<Namespace>) {
    super(nsp);
    this.#children = children;
  }

  override broadcast(packet: Packet, options: BroadcastOptions): void {
    for (const child of this.#children) {
      child.adapter.broadcast({ ...packet, nsp: child.name }, options);
    }
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    let clients = 0;
    const count = (more: number): void => {
      clients += more;
    };
    const forget = [...this.#children].map(({ adapter, name }) =>
      adapter.broadcastWithAck({ ...packet, nsp: name }, options, count, onAnswer),
    );
    onClientCount(clients);
    return () => {
      for (const one of forget) one?.();
    };
  }

  override fetchSockets(): Promise<Socket[]> {
    throw new Error("fetchSockets() is not supported on parent namespaces");
  }

  override addSockets(options: BroadcastOptions, rooms: Room[]): void {
    for (const child of this.#children) child.adapter.addSockets(options, rooms);
  }

  override delSockets(options: BroadcastOptions, rooms: Room[]): void {
    for (const child of this.#children) child.adapter.delSockets(options, rooms);
  }

  override disconnectSockets(options: BroadcastOptions, close: boolean): void {
    for (const child of this.#children) child.adapter.disconnectSockets(options, close);
  }
}

/** A namespace that nobody joins: what is registered on it counts for its children, what is sent goes to all of them. */
export class ParentNamespace extends Namespace {
  readonly #children: Set<Namespace>;

  constructor(server: Server, name: string) {
    const children = new Set<Namespace>();
    super(server, name, (nsp) => new FanOutAdapter(nsp as ParentNamespace, children));
    this.#children = children;
  }

  /** The namespaces created from this pattern. */
  get children(): ReadonlySet<Namespace> {
    return this.#children;
  }

  /** Gives a new namespace what is registered here. */
  adopt(child: Namespace): void {
    child.inherit(this);
    this.#children.add(child);
  }

  /** A child has been removed. */
  release(child: Namespace): void {
    this.#children.delete(child);
  }
}
