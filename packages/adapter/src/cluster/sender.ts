// What a node sends: numbers what it publishes, and refuses what is too long for the broker before it is sent.

import { pack } from "./batch.ts";
import type { Bus, BusPublish, NodeId } from "./bus.ts";
import type { ClusterDiagnostics } from "./diagnostics.ts";
import { clusterError } from "./errors.ts";
import type { Body, Header, Numbered } from "./intents.ts";
import { encodeMessage } from "./message.ts";

/** The header of a message to one node. */
export type Direct = Exclude<Header, Numbered>;
type Unnumbered<H> = H extends unknown ? Omit<H, "seq" | "from"> : never;
type Unsigned<H> = H extends unknown ? Omit<H, "from"> : never;

// Longer batches gain nothing.
const MOST_TOGETHER = 65_536;
const PER_MESSAGE = 6;

/** Messages that leave together. */
interface Batch {
  readonly messages: Uint8Array[];
  bytes: number;
  isEchoed: boolean;
  readonly sent: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function newBatch(): Batch {
  let resolve = (): void => {};
  let reject = (_error: unknown): void => {};
  const sent = new Promise<void>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { messages: [], bytes: 0, isEchoed: false, sent, resolve, reject };
}

/** A header with what its sender adds. Not by spreading, for which V8 of Node 20 makes a hidden class each time: 1 to 3 µs. */
function signed<T extends object, H extends object>(own: T, header: H): T & H {
  return Object.assign(own, header);
}

/** The outgoing side of a node. */
export class Sender {
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  readonly #bus: Bus;
  readonly #diagnostics: ClusterDiagnostics;
  #seq = 0;
  /** What this turn has published, until it ends. */
  #batch: Batch | null = null;
  /** Most bytes of a batch. */
  readonly #most: number;
  #isClosed = false;

  /** `limit`: the longest message that the operator allows. */
  constructor(bus: Bus, diagnostics: ClusterDiagnostics, limit: number) {
    this.#bus = bus;
    this.#diagnostics = diagnostics;
    this.maxPayload = Math.min(bus.maxPayload, limit);
    this.#most = Math.min(this.maxPayload, MOST_TOGETHER) - PER_MESSAGE;
  }

  /** The number of the message that was published last. */
  get last(): number {
    return this.#seq;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Publishes a message under the next number. Never throws. */
  publish(header: Unnumbered<Numbered>, body: Body, how?: BusPublish): Promise<void> | void {
    if (this.#isClosed) return Promise.reject(clusterError("ERR_CLUSTER_CLOSED"));
    const seq = this.#seq + 1;
    const numbered = signed({ from: this.#bus.nodeId, seq }, header) as Numbered;
    return this.#contained(encodeMessage(numbered, body), (message) => {
      this.#seq = seq;
      return this.#add(message, how?.isEchoed === true);
    });
  }

  /** Publishes what this turn has collected. */
  flush(): void {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    try {
      const sent = this.#bus.publish(pack(batch.messages), { isEchoed: batch.isEchoed });
      if (sent === undefined) batch.resolve();
      else sent.then(batch.resolve, batch.reject);
    } catch (error) {
      batch.reject(error);
    }
  }

  /** What is published in one turn leaves together, in order. */
  #add(message: Uint8Array, isEchoed: boolean): Promise<void> {
    if (this.#batch !== null && this.#batch.bytes + message.byteLength > this.#most) this.flush();
    if (this.#batch === null) {
      this.#batch = newBatch();
      queueMicrotask(() => this.flush());
    }
    const batch = this.#batch;
    batch.messages.push(message);
    batch.bytes += message.byteLength + PER_MESSAGE;
    batch.isEchoed ||= isEchoed;
    return batch.sent;
  }

  /** Sends a message to one node. Never throws. */
  send(node: NodeId, header: Unsigned<Direct>, body: Body): Promise<void> | void {
    const message = encodeMessage(signed({ from: this.#bus.nodeId }, header) as Direct, body);
    // It may say what was published before.
    this.flush();
    return this.#contained(message, () => this.#bus.send(node, message));
  }

  #contained(
    message: Uint8Array,
    send: (message: Uint8Array) => Promise<void> | void,
  ): Promise<void> | void {
    const { byteLength } = message;
    if (byteLength > this.maxPayload) {
      this.#diagnostics.limitReached.publish({ limit: "maxPayload", value: this.maxPayload });
      return Promise.reject(clusterError("ERR_CLUSTER_PAYLOAD", byteLength, this.maxPayload));
    }
    try {
      return send(message);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
