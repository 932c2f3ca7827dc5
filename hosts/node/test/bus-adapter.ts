// An adapter that others could have written for Socket.IO: the cluster adapter of the package `socket.io-adapter`
// with a bus in memory in the place of a broker. Messages pass through JSON, as they would over a network.

import { EventEmitter } from "node:events";
import { ClusterAdapter, type ClusterMessage, type ClusterResponse } from "socket.io-adapter";

interface Posted {
  readonly from: string;
  /** Nobody in particular when absent. */
  readonly to?: string;
  readonly message: ClusterMessage | ClusterResponse;
}

/** The broker: everybody hears everything. */
export class Bus extends EventEmitter {
  readonly members: Map<string, number> = new Map();

  join(channel: string): void {
    this.members.set(channel, (this.members.get(channel) ?? 0) + 1);
  }

  leave(channel: string): void {
    this.members.set(channel, (this.members.get(channel) ?? 1) - 1);
  }
}

function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The adapter of one namespace of one server. */
class BusAdapter extends ClusterAdapter {
  readonly #bus: Bus;
  readonly #channel: string;
  readonly #onPosted: (posted: Posted) => void;

  // biome-ignore lint/suspicious/noExplicitAny: the type that the package declares.
  constructor(nsp: any, bus: Bus) {
    super(nsp);
    this.#bus = bus;
    this.#channel = `nsp ${(nsp as { name: string }).name}`;
    this.#onPosted = ({ from, message, to }) => {
      if (from === this.uid) return;
      if (to === undefined) this.onMessage(copied(message) as ClusterMessage);
      else if (to === this.uid) this.onResponse(copied(message) as ClusterResponse);
    };
    bus.join(this.#channel);
    bus.on(this.#channel, this.#onPosted);
  }

  override close(): void {
    this.#bus.leave(this.#channel);
    this.#bus.off(this.#channel, this.#onPosted);
  }

  override serverCount(): Promise<number> {
    return Promise.resolve(this.#bus.members.get(this.#channel) ?? 1);
  }

  protected override doPublish(message: ClusterMessage): Promise<string> {
    this.#bus.emit(this.#channel, { from: this.uid, message } satisfies Posted);
    return Promise.resolve("");
  }

  protected override doPublishResponse(to: string, message: ClusterResponse): Promise<void> {
    this.#bus.emit(this.#channel, { from: this.uid, to, message } satisfies Posted);
    return Promise.resolve();
  }
}

/** What goes into the `adapter` option of each server on the bus; Socket.IO constructs it. */
export function busAdapter(bus: Bus): new (nsp: unknown) => ClusterAdapter {
  return class extends BusAdapter {
    constructor(nsp: unknown) {
      super(nsp, bus);
    }
  };
}
