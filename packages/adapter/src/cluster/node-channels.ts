// The channels of a node (channels.ts): who receives what other nodes say to a feature of a namespace.

import type { Channel, ChannelReceiver } from "../channels.ts";
import type { NodeId } from "./bus.ts";
import type { ChannelAddress } from "./intents.ts";

/** The node, as its channels use it. Contains what fails. */
export interface ChannelPort {
  readonly id: NodeId;
  readonly maxPayload: number;
  readonly nodes: readonly NodeId[];
  publish(address: ChannelAddress, message: object): void;
  send(node: NodeId, address: ChannelAddress, message: object): void;
}

/** The channels of a namespace on one node. */
export interface NodeChannels {
  /** Begins a channel. */
  openChannel(address: ChannelAddress, receiver: ChannelReceiver): Channel;
  /** Ends a channel. */
  closeChannel(address: ChannelAddress): void;
}

// A character takes at most three bytes; the header is short.
const BYTES_PER_CHARACTER = 3;
const HEADER = 2000;

/** The channels of one node. */
export class ChannelTable {
  readonly #port: ChannelPort;
  readonly #receivers = new Map<string, ChannelReceiver>();

  constructor(port: ChannelPort) {
    this.#port = port;
  }

  open(address: ChannelAddress, receiver: ChannelReceiver): Channel {
    const port = this.#port;
    this.#receivers.set(keyOf(address), receiver);
    return {
      id: port.id,
      maxLength: Math.max(1, Math.floor((port.maxPayload - HEADER) / BYTES_PER_CHARACTER)),
      get nodes() {
        return port.nodes;
      },
      publish: (message) => port.publish(address, message),
      tell: (node, message) => port.send(node, address, message),
    };
  }

  close(address: ChannelAddress): void {
    this.#receivers.delete(keyOf(address));
  }

  deliver(from: NodeId, address: ChannelAddress, message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    this.#receivers.get(keyOf(address))?.onMessage(from, message);
  }

  joined(node: NodeId): void {
    for (const receiver of [...this.#receivers.values()]) receiver.onNodeJoined(node);
  }

  left(node: NodeId): void {
    for (const receiver of [...this.#receivers.values()]) receiver.onNodeLeft(node);
  }

  beat(): void {
    for (const receiver of [...this.#receivers.values()]) receiver.onBeat();
  }
}

function keyOf({ channel, nsp }: ChannelAddress): string {
  return `${channel} ${nsp}`;
}
