// The port of a cluster: a bus carries bytes between nodes. An implementation over a broker's client is about a hundred
// lines; membership, order, requests and limits stand above it (node.ts) and exist once.

/** A node of a cluster: one server of one process. Unique for each start, so that a restarted server is another node. */
export type NodeId = string;

/** What a bus calls. All calls are synchronous and never throw. */
export interface BusReceiver {
  /**
   * A message that any node has published, or that was sent to this node alone. Messages that this node publishes may
   * come back; those published with `isEchoed` must.
   */
  onMessage(message: Uint8Array): void;
  /** The connection to the broker was lost, or is there again with its subscriptions. */
  onState(state: BusState): void;
  /** The broker knows that a node has ended. Only where it does; heartbeats find out in any case. */
  onGone(node: NodeId): void;
}

/** Whether messages travel. */
export type BusState = "down" | "up";

/** Settings of one message. */
export interface BusPublish {
  /** The message must come back to this node over the way by which messages of other nodes arrive. */
  readonly isEchoed?: boolean;
}

/**
 * Carries messages between the nodes of one cluster. A message may be lost, but never changed. `publish` and `send`
 * return nothing, or a promise that is rejected when the message was certainly not sent; a bus that is down rejects at
 * once rather than keep messages without limit.
 */
export interface Bus {
  readonly nodeId: NodeId;
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  /**
   * How much later a message may arrive than one that its node published after it, in milliseconds: so long a missing
   * message is waited for. 0 where the bus keeps the order of each node.
   */
  readonly reorderWindow: number;
  /** Begins to receive; resolves when messages of other nodes arrive from now on. */
  open(receiver: BusReceiver): Promise<void> | void;
  /** Sends a message to every other node. */
  publish(message: Uint8Array, how?: BusPublish): Promise<void> | void;
  /** Sends a message to one node; nothing happens when there is no such node. */
  send(node: NodeId, message: Uint8Array): Promise<void> | void;
  /** How many nodes receive now, this one included. Only where the broker can count them. */
  count?(): Promise<number>;
  /** Nothing arrives, though the connection seems to be well: subscribes again. */
  heal(): Promise<void> | void;
  /** Ends receiving and sending. Connections that the application has made stay open. */
  close(): Promise<void> | void;
}
