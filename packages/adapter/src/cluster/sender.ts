// What a node sends: numbers what it publishes, and refuses what is too long for the broker before it is sent.

import type { Bus, BusPublish, NodeId } from "./bus.ts";
import type { ClusterDiagnostics } from "./diagnostics.ts";
import { clusterError } from "./errors.ts";
import type { Body, Header, Numbered } from "./intents.ts";
import { encodeMessage } from "./message.ts";

/** The header of a message to one node. */
export type Direct = Exclude<Header, Numbered>;
type Unnumbered<H> = H extends unknown ? Omit<H, "seq" | "from"> : never;
type Unsigned<H> = H extends unknown ? Omit<H, "from"> : never;

/** The outgoing side of a node. */
export class Sender {
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  readonly #bus: Bus;
  readonly #diagnostics: ClusterDiagnostics;
  #seq = 0;
  #isClosed = false;

  /** `limit`: the longest message that the operator allows. */
  constructor(bus: Bus, diagnostics: ClusterDiagnostics, limit: number) {
    this.#bus = bus;
    this.#diagnostics = diagnostics;
    this.maxPayload = Math.min(bus.maxPayload, limit);
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
    const numbered = { ...header, from: this.#bus.nodeId, seq } as Numbered;
    return this.#contained(encodeMessage(numbered, body), (message) => {
      this.#seq = seq;
      return this.#bus.publish(message, how);
    });
  }

  /** Sends a message to one node. Never throws. */
  send(node: NodeId, header: Unsigned<Direct>, body: Body): Promise<void> | void {
    const signed = { ...header, from: this.#bus.nodeId } as Direct;
    return this.#contained(encodeMessage(signed, body), (message) => this.#bus.send(node, message));
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
