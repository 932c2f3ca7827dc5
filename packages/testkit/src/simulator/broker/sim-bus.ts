// The bus of one node in a simulation.

import type { Bus, BusReceiver, NodeId } from "@sockeye/adapter/cluster";
import type { Milliseconds } from "@sockeye/portable";
import type { Broker } from "./broker.ts";
import type { Uplink } from "./uplink.ts";

/** The bus of one node. */
export class SimBus implements Bus {
  readonly nodeId: NodeId;
  readonly maxPayload: number;
  readonly reorderWindow: Milliseconds;
  readonly uplink: Uplink;
  /** The subscription has died, and nothing shows it. */
  isDeaf = false;
  readonly #broker: Broker;
  #receiver: BusReceiver | null = null;

  constructor(nodeId: NodeId, broker: Broker, uplink: Uplink) {
    this.nodeId = nodeId;
    this.maxPayload = broker.setting.maxPayload;
    // Messages are mixed up by as much before each node's own way.
    this.reorderWindow = broker.setting.reorderWindow;
    this.uplink = uplink;
    this.#broker = broker;
    uplink.onState((state) => {
      // A new connection has a new subscription.
      if (state === "up") {
        this.isDeaf = false;
        uplink.tell(() => this.#isOpen && broker.subscribe(this));
      }
      this.#receiver?.onState(state);
    });
  }

  get #isOpen(): boolean {
    return this.#receiver !== null;
  }

  async open(receiver: BusReceiver): Promise<void> {
    await this.uplink.ask(() => this.#broker.subscribe(this));
    this.#receiver = receiver;
  }

  publish(message: Uint8Array): Promise<void> | void {
    if (this.uplink.state === "down") return Promise.reject(new Error("the broker is away"));
    const copy = message.slice();
    this.uplink.tell(() => this.#broker.fanOut(this.nodeId, copy));
  }

  send(node: NodeId, message: Uint8Array): Promise<void> | void {
    if (this.uplink.state === "down") return Promise.reject(new Error("the broker is away"));
    const copy = message.slice();
    this.uplink.tell(() => this.#broker.sendTo(this.nodeId, node, copy));
  }

  count(): Promise<number> {
    return this.uplink.ask(() => this.#broker.count);
  }

  heal(): Promise<void> {
    return this.uplink.ask(() => {
      this.isDeaf = false;
      this.#broker.subscribe(this);
    });
  }

  close(): void {
    this.#receiver = null;
    this.uplink.tell(() => this.#broker.unsubscribe(this.nodeId));
  }

  /** The broker has a message for this node. */
  push(message: Uint8Array): void {
    if (this.isDeaf) return;
    this.uplink.push(() => this.#receiver?.onMessage(message));
  }

  /** The broker knows that a node has ended. */
  gone(node: NodeId): void {
    if (!this.isDeaf) this.uplink.push(() => this.#receiver?.onGone(node));
  }
}
