// A pattern for namespaces: children are created when clients ask for names that match. Children take over its
// listeners and middleware; a broadcast goes to all of them.

import {
  Adapter,
  type AdapterContract,
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

  override broadcast(packet: Packet, options: BroadcastOptions): Promise<void> | undefined {
    return this.#each(({ adapter, name }) => adapter.broadcast({ ...packet, nsp: name }, options));
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
    const forget: unknown[] = [];
    const forgetAll = (): void => {
      for (const one of forget) if (typeof one === "function") one();
    };
    const pending = this.#each(({ adapter, name }) => {
      const sent = { ...packet, nsp: name };
      const returned: unknown = adapter.broadcastWithAck(sent, options, onClientCount, onAnswer);
      if (typeof returned === "function") forget.push(returned);
      return returned;
    });
    // The promise of an adapter of others: its rejection ends the waiting.
    return (pending?.then(() => forgetAll) ?? forgetAll) as () => void;
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

  override addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    return this.#each(({ adapter }) => adapter.addSockets(options, rooms));
  }

  override delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void {
    return this.#each(({ adapter }) => adapter.delSockets(options, rooms));
  }

  override disconnectSockets(options: BroadcastOptions, close: boolean): Promise<void> | void {
    return this.#each(({ adapter }) => adapter.disconnectSockets(options, close));
  }

  override serverSideEmit(packet: unknown[]): Promise<void> | undefined {
    const callback = packet.at(-1);
    if (typeof callback !== "function") {
      return this.#each(({ adapter }) => adapter.serverSideEmit([...packet]));
    }
    const args = packet.slice(0, -1);
    const answers = [...this.#children].map(({ adapter }) => answersOf(adapter, args));
    return Promise.all(answers).then((all) => {
      const error = all.find((each) => each.error !== null)?.error ?? null;
      callback(
        error,
        all.flatMap(({ responses }) => responses),
      );
    });
  }

  /** Does something to every child, also when it fails for one of them: the first error is thrown afterwards. */
  #each(act: (child: Namespace) => unknown): Promise<void> | undefined {
    const pending: Promise<unknown>[] = [];
    let first: { readonly error: unknown } | null = null;
    // Those that are there now: what is done may create and remove namespaces.
    for (const child of [...this.#children]) {
      try {
        const result = act(child);
        if (result instanceof Promise) pending.push(result);
      } catch (error) {
        first ??= { error };
      }
    }
    const all = pending.length === 0 ? undefined : Promise.all(pending).then(() => {});
    if (first === null) return all;
    // Only the first error is reported.
    all?.catch(() => {});
    throw first.error;
  }
}

interface Answers {
  readonly error: Error | null;
  readonly responses: readonly unknown[];
}

/** What the servers of a cluster answer in one namespace; never rejects. */
function answersOf(adapter: AdapterContract, args: readonly unknown[]): Promise<Answers> {
  return new Promise((resolve) => {
    const failed = (thrown: unknown): void => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      resolve({ error, responses: [] });
    };
    const answer = (error: Error | null, responses: unknown[] = []): void =>
      resolve({ error, responses });
    try {
      const result: unknown = adapter.serverSideEmit([...args, answer]);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  });
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
