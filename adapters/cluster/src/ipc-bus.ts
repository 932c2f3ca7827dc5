// The bus of a worker: everything goes through its parent, which relays it. The order of one worker is kept.

import { randomUUID } from "node:crypto";
import {
  type Bus,
  type BusPublish,
  type BusReceiver,
  clusterError,
} from "@sockeye/adapter/cluster";
import { asBytes, asText, type IpcMessage } from "./ipc.ts";

/** A worker's connection with its parent. */
export interface ParentPort {
  /** Whether bytes have to be sent as text. */
  readonly needsText: boolean;
  /** Sends a message; throws when the parent is gone. */
  send(message: IpcMessage): void;
  /** Calls back with messages of the parent, and when it is gone; the returned function ends that. */
  listen(onMessage: (message: IpcMessage) => void, onEnd: () => void): () => void;
}

/** Settings of a bus. */
export interface IpcSettings {
  /** How long the parent may take to answer, in milliseconds. */
  readonly setupTimeout: number;
}

// A parent process reads a message as a whole; larger ones would hold it up for everyone.
const MAX_PAYLOAD = 64 * 1024 * 1024;

/** A bus through the parent. */
export class IpcBus implements Bus {
  readonly nodeId: string = randomUUID();
  readonly maxPayload: number = MAX_PAYLOAD;
  readonly reorderWindow = 0;
  readonly #port: ParentPort;
  readonly #settings: IpcSettings;
  #receiver: BusReceiver | null = null;
  #stop: (() => void) | null = null;
  #onJoined: (() => void) | null = null;
  readonly #counts: ((count: number) => void)[] = [];

  constructor(port: ParentPort, settings: IpcSettings) {
    this.#port = port;
    this.#settings = settings;
  }

  open(receiver: BusReceiver): Promise<void> {
    this.#receiver = receiver;
    this.#stop ??= this.#port.listen(
      (message) => this.#onMessage(message),
      () => this.#receiver?.onState("down"),
    );
    return this.#join();
  }

  #join(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { setupTimeout } = this.#settings;
      const silent = setTimeout(() => {
        reject(new Error("the parent process does not relay: it has to call setupPrimary()"));
      }, setupTimeout);
      this.#onJoined = () => {
        clearTimeout(silent);
        resolve();
      };
      try {
        this.#port.send({ op: "join", node: this.nodeId });
      } catch (error) {
        clearTimeout(silent);
        reject(error);
      }
    });
  }

  publish(message: Uint8Array, how?: BusPublish): Promise<void> | void {
    if (this.#receiver === null) return Promise.reject(clusterError("ERR_CLUSTER_CLOSED"));
    const data = this.#port.needsText ? asText(message) : message;
    const echo = how?.isEchoed === true;
    this.#port.send({ op: "publish", from: this.nodeId, echo, data });
  }

  send(node: string, message: Uint8Array): Promise<void> | void {
    if (this.#receiver === null) return Promise.reject(clusterError("ERR_CLUSTER_CLOSED"));
    const data = this.#port.needsText ? asText(message) : message;
    this.#port.send({ op: "send", to: node, data });
  }

  count(): Promise<number> {
    return new Promise((resolve) => {
      this.#counts.push(resolve);
      this.#port.send({ op: "count", node: this.nodeId });
    });
  }

  heal(): Promise<void> {
    return this.#join();
  }

  close(): void {
    this.#receiver = null;
    this.#stop?.();
    this.#stop = null;
    try {
      this.#port.send({ op: "leave", node: this.nodeId });
    } catch {
      // The parent is gone, and with it all nodes.
    }
  }

  #onMessage(message: IpcMessage): void {
    switch (message.op) {
      case "deliver":
        if (message.to === this.nodeId || (message.to === null && message.but !== this.nodeId)) {
          this.#receiver?.onMessage(asBytes(message.data));
        }
        return;
      case "joined":
        if (message.node === this.nodeId) this.#onJoined?.();
        return;
      case "counted":
        if (message.node === this.nodeId) this.#counts.shift()?.(message.count);
        return;
      case "gone":
        this.#receiver?.onGone(message.node);
        return;
      default:
    }
  }
}
