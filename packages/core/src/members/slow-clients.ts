// Clients that do not read as fast as is sent: what is sent to them waits here, where it can still be dropped, and not in the
// transport, where it cannot. A client is here only while something waits for it; for all others a send costs one comparison.
//
//   send ──▶ transport, while that has less than a mark
//        ──▶ queue, from then on, in order ── transport is empty ──▶ transport, up to the mark
//
// With the policy "close" alone nothing waits here, unless there is a limit of packets: the engine has the limit of bytes.

import type { SharedMessage } from "@sockeye/engine";
import type { Packet } from "@sockeye/protocol";
import type { CoreDiagnostics, DropReason, PointSocket } from "../base/diagnostics.ts";
import { coreError } from "../base/errors.ts";
import {
  policyOf,
  type SlowConsumerPolicies,
  type SlowConsumerPolicy,
} from "../base/slow-consumer.ts";
import type { PeerConnection } from "./peer-parts.ts";

// As much as a WebSocket collects before it writes within a turn: when more waits, the network has refused it.
const MARK = 2 ** 18;

/** The part of a peer that is used. */
export interface SlowClient {
  readonly connection: PeerConnection;
}

/** What is sent to one client. */
export interface Sending {
  readonly message: SharedMessage;
  readonly packet: Packet;
  /** Null for what is no event. */
  readonly socket: PointSocket | null;
  /** The key given to `latest`. */
  readonly latest?: string | undefined;
}

interface Waiting extends Sending {
  readonly policy: SlowConsumerPolicy;
  readonly key: string | null;
}

/** What waits for one client. Sets and maps keep the order, and forget in constant time. */
interface Queue {
  readonly all: Set<Waiting>;
  readonly droppable: Set<Waiting>;
  readonly byKey: Map<string, Waiting>;
  bytes: number;
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/** The options that are used. */
export interface SlowClientsOptions {
  readonly slowConsumer: SlowConsumerPolicies;
  readonly maxSendBufferPackets: number;
}

/** The slow clients of a server. */
export class SlowClients {
  /** Whether sends must go through here: something waits, or the options want it. */
  isOn: boolean;
  readonly #options: SlowClientsOptions;
  readonly #dropped: CoreDiagnostics["packetDropped"];
  readonly #isAlwaysOn: boolean;
  readonly #queues = new Map<SlowClient, Queue>();
  readonly #waiters = new Map<SlowClient, Set<Waiter>>();

  constructor(
    options: SlowClientsOptions,
    { packetDropped }: Pick<CoreDiagnostics, "packetDropped">,
  ) {
    const { maxSendBufferPackets, slowConsumer } = options;
    this.#options = options;
    this.#dropped = packetDropped;
    this.#isAlwaysOn =
      maxSendBufferPackets !== Infinity ||
      slowConsumer.usual !== "close" ||
      slowConsumer.byEvent.size > 0;
    this.isOn = this.#isAlwaysOn;
  }

  /** Sends now, or when the client reads again, or never, as the policy of the event says. */
  send(client: SlowClient, sending: Sending): "sent" | "queued" | "dropped" | "closed" {
    const { connection } = client;
    if (!connection.isOpen) return "closed";
    const { packet, latest } = sending;
    const usual = policyOf(packet, this.#options.slowConsumer);
    const policy = latest === undefined || packet.id !== undefined ? usual : "latest";
    const queue = this.#queues.get(client);
    const takes =
      policy === "latest" || policy === "volatile"
        ? connection.isWritable()
        : connection.queuedBytes <= markOf(connection);
    if (queue === undefined && takes) return connection.sendShared(sending.message);
    if (policy === "volatile") return this.#drop(sending, "volatile");
    const key = policy === "latest" ? keyOf(packet, latest) : null;
    return this.#hold(client, queue ?? this.#open(client), { ...sending, policy, key });
  }

  /** Bytes that wait for a client here. */
  heldBytes(client: SlowClient): number {
    return this.#queues.get(client)?.bytes ?? 0;
  }

  /** Resolves when everything sent to the client so far has left; rejects when its connection ends before. */
  drained(client: SlowClient): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!client.connection.isOpen) {
        reject(coreError("ERR_DISCONNECTED"));
        return;
      }
      const waiters = this.#waiters.get(client) ?? new Set();
      this.#waiters.set(client, waiters.add({ resolve, reject }));
      if (!this.#queues.has(client)) client.connection.whenSent(() => this.#onSent(client));
    });
  }

  /** Hands everything that waits to the transport, because the connection is to be closed in order. */
  flush(client: SlowClient): void {
    const queue = this.#queues.get(client);
    if (queue === undefined) return;
    this.#close(client);
    for (const { message } of queue.all) client.connection.sendShared(message);
  }

  /** The connection has ended. */
  end(client: SlowClient): void {
    if (this.#queues.size > 0) this.#close(client);
    if (this.#waiters.size === 0) return;
    const waiters = this.#waiters.get(client);
    this.#waiters.delete(client);
    for (const { reject } of waiters ?? []) reject(coreError("ERR_DISCONNECTED"));
  }

  #open(client: SlowClient): Queue {
    const queue = {
      all: new Set<Waiting>(),
      droppable: new Set<Waiting>(),
      byKey: new Map(),
      bytes: 0,
    };
    this.#queues.set(client, queue);
    this.isOn = true;
    client.connection.whenSent(() => this.#onSent(client));
    return queue;
  }

  #close(client: SlowClient): void {
    this.#queues.delete(client);
    this.isOn = this.#isAlwaysOn || this.#queues.size > 0;
  }

  #hold(client: SlowClient, queue: Queue, item: Waiting): "queued" | "dropped" | "closed" {
    const { key, message, policy } = item;
    const before = key === null ? undefined : queue.byKey.get(key);
    if (before !== undefined) this.#remove(queue, before, "latest");
    queue.all.add(item);
    if (policy !== "close") queue.droppable.add(item);
    if (key !== null) queue.byKey.set(key, item);
    queue.bytes += message.size;
    client.connection.onHeld(message.size);
    for (;;) {
      const over = this.#overflowOf(client.connection, queue);
      if (over === null) return client.connection.isOpen ? "queued" : "closed";
      const victim = policy === "drop-newest" ? item : first(queue.droppable);
      if (victim === undefined) {
        client.connection.cut(over);
        return "closed";
      }
      this.#remove(queue, victim, victim.policy === "drop-newest" ? "drop-newest" : "drop-oldest");
      if (victim === item) return "dropped";
    }
  }

  #overflowOf(
    connection: PeerConnection,
    { all, bytes }: Queue,
  ): Parameters<PeerConnection["cut"]>[0] | null {
    const packets = this.#options.maxSendBufferPackets;
    if (all.size > packets) {
      return { limit: "maxSendBufferPackets", value: packets, actual: all.size };
    }
    const [actual, value] = [bytes + connection.queuedBytes, connection.sendLimit];
    return actual > value ? { limit: "maxSendBufferSize", value, actual } : null;
  }

  /** The transport has nothing more to send. */
  #onSent(client: SlowClient): void {
    const queue = this.#queues.get(client);
    const { connection } = client;
    if (queue === undefined) {
      const waiters = this.#waiters.get(client);
      this.#waiters.delete(client);
      for (const { resolve } of waiters ?? []) resolve();
      return;
    }
    const mark = markOf(connection);
    for (const item of queue.all) {
      if (connection.queuedBytes > mark) break;
      this.#forget(queue, item);
      connection.sendShared(item.message);
    }
    if (queue.all.size === 0) this.#close(client);
    if (queue.all.size > 0 || this.#waiters.has(client)) {
      connection.whenSent(() => this.#onSent(client));
    }
  }

  #remove(queue: Queue, item: Waiting, reason: DropReason): void {
    this.#forget(queue, item);
    this.#drop(item, reason);
  }

  #forget(queue: Queue, item: Waiting): void {
    queue.all.delete(item);
    queue.droppable.delete(item);
    if (item.key !== null) queue.byKey.delete(item.key);
    queue.bytes -= item.message.size;
  }

  #drop({ packet, socket }: Sending, reason: DropReason): "dropped" {
    if (this.#dropped.active && socket !== null) this.#dropped.publish({ socket, packet, reason });
    return "dropped";
  }
}

function first(set: ReadonlySet<Waiting>): Waiting | undefined {
  for (const item of set) return item;
  return undefined;
}

function keyOf({ data, nsp }: Packet, latest: string | undefined): string {
  return latest === undefined
    ? `event ${nsp} ${String((data as unknown[])[0])}`
    : `key ${nsp} ${latest}`;
}

function markOf({ sendLimit }: PeerConnection): number {
  return Math.min(MARK, sendLimit / 2);
}
