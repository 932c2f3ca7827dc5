// The parent's part: passes messages on between its workers. Does not read them.

import type { Data, IpcMessage } from "./ipc.ts";

/** One worker, as its parent reaches it. */
export interface RelayPort {
  /** Sends a message; what cannot be sent is dropped, because the worker is ending. */
  send(message: IpcMessage): void;
}

/** Connects workers. */
export class Relay {
  readonly #nodes = new Map<string, RelayPort>();

  /** How many nodes receive. */
  get size(): number {
    return this.#nodes.size;
  }

  /** A worker has sent a message. */
  onMessage(port: RelayPort, message: IpcMessage): void {
    switch (message.op) {
      case "join":
        this.#nodes.set(message.node, port);
        port.send({ op: "joined", node: message.node });
        return;
      case "leave":
        this.#nodes.delete(message.node);
        return;
      case "publish":
        this.#publish(message);
        return;
      case "send": {
        const { data, to } = message;
        this.#nodes.get(to)?.send({ op: "deliver", to, but: null, data });
        return;
      }
      case "count":
        port.send({ op: "counted", node: message.node, count: this.#nodes.size });
        return;
      default:
    }
  }

  /** A worker has ended: the others learn of it at once. */
  onExit(port: RelayPort): void {
    const gone = [...this.#nodes].filter(([, each]) => each === port).map(([node]) => node);
    for (const node of gone) this.#nodes.delete(node);
    for (const each of new Set(this.#nodes.values())) {
      for (const node of gone) each.send({ op: "gone", node });
    }
  }

  #publish({ data, echo, from }: { data: Data; echo: boolean; from: string }): void {
    const but = echo ? null : from;
    const message: IpcMessage = { op: "deliver", to: null, but, data };
    const ports = new Set<RelayPort>();
    for (const [node, port] of this.#nodes) if (node !== but) ports.add(port);
    for (const port of ports) port.send(message);
  }
}
