// Channels: how a feature that is no adapter reaches its like on the other nodes, over the bus of the adapter. Messages are
// JSON, to every node or to one; what a feature keeps on each node has to heal by itself, because messages may be lost.

/** The other nodes, as a feature reaches them. Sending never throws; what was not sent is published at a diagnostics point. */
export interface Channel {
  /** The name of this node; empty where there are no others. */
  readonly id: string;
  /** Most characters of a message as JSON, safely below what the broker takes. */
  readonly maxLength: number;
  /** The nodes that are known now. */
  readonly nodes: readonly string[];
  /** Sends a message to every other node. Those of one node arrive in order, each once or not at all. */
  publish(message: object): void;
  /** Sends a message to one node. It may arrive before what was published earlier. */
  tell(node: string, message: object): void;
}

/** What receives the messages of a channel. Never throws. */
export interface ChannelReceiver {
  /** The node has begun: it reaches others by `channel` until `onClose`. */
  onOpen(channel: Channel): void;
  onMessage(from: string, message: object): void;
  /** Another node has become known, whether it has this channel or not. */
  onNodeJoined(node: string): void;
  /** A node has ended, or was not heard for too long; it may come back. */
  onNodeLeft(node: string): void;
  /** A heartbeat has left: what is published now travels with it. */
  onBeat(): void;
  /** The node has ended. It may begin again, under another name. */
  onClose(): void;
}

/** Begins a channel; the returned function ends it. */
export type OpenChannel = (name: string, receiver: ChannelReceiver) => Channel;

/** A channel of a server that has no others. */
export const ALONE: Channel = {
  id: "",
  maxLength: Infinity,
  nodes: [],
  publish() {},
  tell() {},
};

/** The channels of one adapter, which may begin and end more than once. */
export class ChannelSet {
  readonly #receivers = new Map<string, ChannelReceiver>();
  #open: OpenChannel | null;

  /** `open`: how channels begin now; `null` while the adapter has not begun. */
  constructor(open: OpenChannel | null) {
    this.#open = open;
  }

  add(name: string, receiver: ChannelReceiver): void {
    this.#receivers.set(name, receiver);
    if (this.#open !== null) receiver.onOpen(this.#open(name, receiver));
  }

  remove(name: string): void {
    this.#receivers.delete(name);
  }

  /** The adapter has begun. */
  open(open: OpenChannel): void {
    if (this.#open !== null) return;
    this.#open = open;
    for (const [name, receiver] of this.#receivers) receiver.onOpen(open(name, receiver));
  }

  /** The adapter has ended. */
  close(): void {
    if (this.#open === null) return;
    this.#open = null;
    for (const receiver of [...this.#receivers.values()]) receiver.onClose();
  }
}
