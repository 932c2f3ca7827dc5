// A bus in memory for adapters that extend the cluster adapters of `@sockeye/adapter/socket.io-adapter`, as a package for a broker
// would. Messages pass through JSON, as they would over a network.

import type { AdapterNamespace } from "@sockeye/adapter";
import {
  ClusterAdapter,
  ClusterAdapterWithHeartbeat,
  type ClusterMessage,
  type ClusterResponse,
  type Offset,
} from "@sockeye/adapter/socket.io-adapter";
import type { AdapterFactory } from "@sockeye/core";

type Received = (message: ClusterMessage | ClusterResponse, offset?: Offset) => void;

interface Member {
  readonly uid: string;
  readonly onMessage: Received;
  readonly onResponse: Received;
}

/** The broker. */
export class Bus {
  readonly members: Set<Member> = new Set();
  /** Everything that was published. */
  readonly published: (ClusterMessage | ClusterResponse)[] = [];
  /** While set, nothing can be published. */
  failure: Error | null = null;
  /** Whether responses are lost. */
  isDeaf = false;
  /** Whether responses come by the way of messages. */
  hasOneChannel = false;

  publish(from: string, message: ClusterMessage): Promise<Offset> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const offset = `${this.published.push(copied(message))}-0`;
    for (const member of this.members) {
      if (member.uid !== from) member.onMessage(copied(message), offset);
    }
    return Promise.resolve(offset);
  }

  respond(to: string, response: ClusterResponse): Promise<void> {
    this.published.push(copied(response));
    if (this.isDeaf) return Promise.resolve();
    for (const member of this.members) {
      if (member.uid !== to) continue;
      const receive = this.hasOneChannel ? member.onMessage : member.onResponse;
      receive(copied(response));
    }
    return Promise.resolve();
  }
}

function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Adapters that ask the bus how many servers there are. */
export function countingAdapter(bus: Bus): AdapterFactory {
  return class extends ClusterAdapter {
    constructor(nsp: AdapterNamespace) {
      super(nsp);
      bus.members.add({
        uid: this.uid,
        onMessage: (message, offset) => this.onMessage(message as ClusterMessage, offset),
        onResponse: (response) => this.onResponse(response as ClusterResponse),
      });
    }
    override serverCount(): Promise<number> {
      return Promise.resolve(bus.members.size);
    }
    protected doPublish(message: ClusterMessage): Promise<Offset> {
      return bus.publish(this.uid, message);
    }
    protected doPublishResponse(to: string, response: ClusterResponse): Promise<void> {
      return bus.respond(to, response);
    }
  } as AdapterFactory;
}

/** Adapters that know each other by heartbeats, of 5000 and 10 000 ms. */
export function beatingAdapter(bus: Bus): AdapterFactory {
  return class extends ClusterAdapterWithHeartbeat {
    constructor(nsp: AdapterNamespace) {
      super(nsp, {});
      bus.members.add({
        uid: this.uid,
        onMessage: (message, offset) => this.onMessage(message as ClusterMessage, offset),
        onResponse: (response) => this.onResponse(response as ClusterResponse),
      });
    }
    protected doPublish(message: ClusterMessage): Promise<Offset> {
      return bus.publish(this.uid, message);
    }
    protected doPublishResponse(to: string, response: ClusterResponse): Promise<void> {
      return bus.respond(to, response);
    }
  } as AdapterFactory;
}

/** Resolves when what was published has had its effect. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
