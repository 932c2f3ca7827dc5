// A pattern for namespaces: children are created when clients ask for names that match. Children take over its
// listeners and middleware; a broadcast goes to all of them.

import {
  Adapter,
  type AdapterSocket,
  type AnswerCallback,
  type BroadcastOptions,
  type ClientCountCallback,
  type Room,
  type SocketId,
} from "@sockeye/adapter";
import type { Packet } from "@sockeye/protocol";
import { coreError } from "../base/errors.ts";
import { membershipOf, Namespace, type NamespaceContext } from "./namespace.ts";

/** Forwards every call to the adapters of the children. */
class FanOutAdapter extends Adapter {
  readonly #children: ReadonlySet<Namespace>;

  constructor(nsp: Namespace, children: ReadonlySet<Namespace>) {
    super(nsp);
    this.#children = children;
  }

  override broadcast(packet: Packet, options: BroadcastOptions): Promise<unknown> | undefined {
    const pending: unknown[] = [...this.#children].map(({ adapter, name }): unknown =>
      adapter.broadcast({ ...packet, nsp: name }, options),
    );
    return pending.some((one) => one instanceof Promise) ? Promise.all(pending) : undefined;
  }

  /** Each server reports one client count for each child. */
  override async serverCount(): Promise<number> {
    const counts = await Promise.all(
      [...this.#children].map(({ adapter }) => adapter.serverCount()),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  // biome-ignore lint/complexity/useMaxParams: the contract is Socket.IO's.
  override broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
  ): () => void {
    const forget = [...this.#children].map(({ adapter, name }) =>
      adapter.broadcastWithAck({ ...packet, nsp: name }, options, onClientCount, onAnswer),
    );
    return () => {
      for (const one of forget) one?.();
    };
  }

  override async sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    const found = await Promise.all(
      [...this.#children].map(({ adapter }) => adapter.sockets(rooms)),
    );
    return new Set(found.flatMap((ids) => [...ids]));
  }

  override fetchSockets(): Promise<AdapterSocket[]> {
    throw coreError("ERR_PARENT_NAMESPACE");
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

  override serverSideEmit(packet: unknown[]): void {
    const callback = packet.at(-1);
    const args = typeof callback === "function" ? packet.slice(0, -1) : packet;
    const answers = [...this.#children].map(({ adapter }) => {
      if (typeof callback !== "function") adapter.serverSideEmit([...args]);
      else return answersOf((answer) => adapter.serverSideEmit([...args, answer]));
      return NO_ANSWERS;
    });
    if (typeof callback !== "function") return;
    void Promise.all(answers).then((all) => {
      const error = all.find((each) => each.error !== null)?.error ?? null;
      callback(
        error,
        all.flatMap(({ responses }) => responses),
      );
    });
  }
}

interface Answers {
  readonly error: Error | null;
  readonly responses: readonly unknown[];
}

const NO_ANSWERS: Answers = { error: null, responses: [] };

/** The answers of the servers of a cluster in one namespace. */
function answersOf(
  ask: (answer: (error: Error | null, responses?: unknown[]) => void) => void,
): Promise<Answers> {
  return new Promise((resolve) => ask((error, responses = []) => resolve({ error, responses })));
}

/**
 * Stands for all namespaces that match a pattern; no client joins it.
 * @example io.of(/^\/room-\d+$/).on("connection", (socket) => socket.emit("welcome", socket.nsp.name));
 */
export class ParentNamespace extends Namespace {
  /** The namespaces created from this pattern. */
  readonly children: ReadonlySet<Namespace>;

  constructor(name: string, context: NamespaceContext, children: ReadonlySet<Namespace>) {
    super(name, context);
    this.children = children;
    membershipOf(this).useAdapter(new FanOutAdapter(this, children));
  }
}
