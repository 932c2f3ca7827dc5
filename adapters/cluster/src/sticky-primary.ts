// The primary's part of sticky sessions: takes connections, reads their first line, and hands them to a worker: that of the
// session which the line names, or the one whose turn it is.

import type { Worker } from "node:cluster";
import cluster from "node:cluster";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { type Rules, resolveOptions } from "@sockeye/portable";
import { sticky, type Taken, unsticky, type WorkerReport, workerIn } from "./sticky.ts";

/** How the worker of a new session is chosen. */
export type LoadBalancingMethod = "least-connection" | "random" | "round-robin";

/** Options of `setupPrimary` with a server. */
export interface StickyOptions {
  /**
   * How the worker of a new session is chosen: the one with the fewest clients, each in turn, or any. Default
   * `"least-connection"`.
   */
  readonly loadBalancingMethod: LoadBalancingMethod;
}

const METHODS = ["least-connection", "random", "round-robin"];
const rules: Rules<StickyOptions> = {
  loadBalancingMethod: {
    fallback: "least-connection",
    check: (value) =>
      METHODS.includes(value as string) ? undefined : `must be one of ${METHODS.join(", ")}`,
  },
};

/** Longest first line of a request, in bytes, and the time within which it must arrive, in milliseconds. */
const MAX_LINE = 16_384;
const PATIENCE = 10_000;

/**
 * What arrives from now on is left to the worker. `pause()` alone goes on reading until the buffer is full, and what is read
 * while the connection is on its way would be lost.
 */
function stopReading(socket: Socket): void {
  socket.pause();
  const { _handle: handle } = socket as { _handle?: { readStop?(): unknown } | null };
  handle?.readStop?.();
}

/** Distributes the connections of a server. */
export class Distributor {
  readonly #method: LoadBalancingMethod;
  /** Clients of each worker that takes connections, by its id. */
  readonly #clients = new Map<number, number>();
  /** Connections that are on their way to a worker, by the worker's id and their number. */
  readonly #underWay = new Map<number, Map<number, Socket>>();
  #number = 0;
  #last = 0;

  /** @throws OptionError when options are wrong @throws TypeError for a server over TLS */
  constructor(server: Server, options: Partial<StickyOptions>) {
    if ("setSecureContext" in server) {
      throw new TypeError("connections over TLS cannot be handed to workers: end TLS before them");
    }
    this.#method = resolveOptions(rules, options).options.loadBalancingMethod;
    // The server would read and answer requests itself.
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => this.#read(socket));
    cluster.on("message", (worker, message) => {
      const { clients, taken } = unsticky<Taken & WorkerReport>(message) ?? {};
      if (typeof clients === "number") this.#clients.set(worker.id, clients);
      if (typeof taken === "number") this.#release(worker.id, taken);
    });
    cluster.on("exit", ({ id }) => {
      this.#clients.delete(id);
      this.#closeAll(id);
    });
    // A worker may live on without its channel. With connections under way Node 20 does not say that a channel has closed.
    cluster.on("disconnect", ({ id }) => this.#closeAll(id));
  }

  /** Waits for the first line of the first request. */
  #read(socket: Socket): void {
    let read: Buffer = Buffer.alloc(0);
    const onError = (): void => void socket.destroy();
    const onData = (bytes: Buffer): void => {
      read = read.length === 0 ? bytes : Buffer.concat([read, bytes]);
      const end = read.indexOf(10);
      if (end < 0 && read.length <= MAX_LINE) return;
      socket.off("data", onData);
      socket.off("error", onError);
      socket.setTimeout(0);
      socket.removeListener("timeout", onError);
      stopReading(socket);
      if (end < 0) socket.destroy();
      else this.#hand(socket, read, read.toString("latin1", 0, end));
    };
    socket.on("error", onError);
    socket.setTimeout(PATIENCE, onError);
    socket.on("data", onData);
  }

  #hand(socket: Socket, read: Buffer, line: string): void {
    const worker = this.#workerOf(line);
    if (worker === undefined) {
      // No worker has begun yet; clients try again.
      socket.end(
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      );
      return;
    }
    const number = ++this.#number;
    const underWay = this.#underWay.get(worker.id) ?? new Map<number, Socket>();
    this.#underWay.set(worker.id, underWay.set(number, socket));
    // Node closes the first connection of those that wait for a worker that dies, and forgets the others: their clients
    // would wait for an answer until they give up. So each is kept here until the worker has it.
    const message = sticky({ number, read: read.toString("latin1") });
    worker.send(message, socket, { keepOpen: true }, (error) => {
      if (error !== null) this.#release(worker.id, number);
    });
  }

  /** Closes the primary's side of a connection; it goes on where the worker has it. */
  #release(id: number, number: number): void {
    const underWay = this.#underWay.get(id);
    underWay?.get(number)?.destroy();
    underWay?.delete(number);
  }

  #closeAll(id: number): void {
    for (const socket of this.#underWay.get(id)?.values() ?? []) socket.destroy();
    this.#underWay.delete(id);
  }

  #workerOf(line: string): Worker | undefined {
    const own = workerIn(line);
    const known = own === undefined ? undefined : this.#present(own);
    if (known !== undefined) return known;
    const ids = [...this.#clients.keys()]
      .filter((id) => this.#present(id) !== undefined)
      .sort((one, other) => one - other);
    const chosen = this.#choose(ids);
    if (chosen === undefined) return undefined;
    this.#last = chosen;
    // Until the worker reports; it may be the first of many in one go.
    this.#clients.set(chosen, (this.#clients.get(chosen) ?? 0) + 1);
    return cluster.workers?.[chosen];
  }

  #present(id: number): Worker | undefined {
    const worker = this.#clients.has(id) ? cluster.workers?.[id] : undefined;
    return worker?.isConnected() === true ? worker : undefined;
  }

  #choose(ids: readonly number[]): number | undefined {
    if (this.#method === "random") return ids[Math.floor(Math.random() * ids.length)];
    if (this.#method === "round-robin") return ids.find((id) => id > this.#last) ?? ids[0];
    const clientsOf = (id: number): number => this.#clients.get(id) ?? 0;
    return ids.reduce<number | undefined>(
      (best, id) => (best === undefined || clientsOf(id) < clientsOf(best) ? id : best),
      undefined,
    );
  }
}
