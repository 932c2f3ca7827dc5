// `@sockeye/cluster`: servers in workers of one machine reach each other through their parent process.

import type { ChildProcess } from "node:child_process";
import cluster from "node:cluster";
import { channel } from "node:diagnostics_channel";
import type { Server as HttpServer } from "node:http";
import type { Worker as Thread } from "node:worker_threads";
import type { AdapterNamespace } from "@sockeye/adapter";
import {
  type ClusterAdapter,
  type ClusterOptions,
  clusterAdapters,
} from "@sockeye/adapter/cluster";
import { amount, type Rules, resolveOptions } from "@sockeye/portable";
import { IpcBus } from "./ipc-bus.ts";
import { findParent, relayProcess, relayThread } from "./ports.ts";
import { Relay } from "./relay.ts";
import { Distributor, type StickyOptions } from "./sticky-primary.ts";

export type { ClusterAdapter, ClusterOptions } from "@sockeye/adapter/cluster";
export type { LoadBalancingMethod, StickyOptions } from "./sticky-primary.ts";
export { type StickyServer, setupWorker } from "./sticky-worker.ts";

/** Options of `createAdapter`. Durations are milliseconds. */
export interface WorkerOptions {
  /** Time within which the parent process must answer for the first time. Default 5 000. */
  readonly setupTimeout: number;
}

const rules: Rules<WorkerOptions> = {
  setupTimeout: amount({ fallback: 5000, min: 1, unit: "milliseconds" }),
};

/** Makes the adapter of a namespace. */
export type ClusterAdapterFactory = (nsp: AdapterNamespace<never>) => ClusterAdapter<never>;

/**
 * In a worker: the value of the server's option `adapter`. The parent must have called `setupPrimary()`, or `relay()`
 * with this worker.
 * @throws Error where there is no parent: neither a process with an IPC channel nor a worker thread
 * @throws OptionError when options are wrong
 * @example const io = new Server(httpServer, { adapter: createAdapter() });
 */
export function createAdapter(
  options: Partial<ClusterOptions & WorkerOptions> = {},
): ClusterAdapterFactory {
  const settings = resolveOptions(rules, options).options;
  const parent = findParent();
  if (parent === null) {
    throw new Error("this process has no parent: the adapter is for workers, threads and children");
  }
  return clusterAdapters(() => new IpcBus(parent, settings), options, { channel });
}

let primary: Relay | null = null;

function relayOfProcess(): Relay {
  primary ??= new Relay();
  return primary;
}

let isSetUp = false;

/**
 * In the primary process of `node:cluster`: relays between all its workers, those that are forked later as well. Given a server, it also
 * hands each connection of that server to the worker that has its session, so that clients may use polling ("sticky sessions"); the workers
 * call `setupWorker`. May be called more than once.
 * @param server an HTTP server, which this process listens with and whose requests it does not answer itself
 * @param options how the worker of a new session is chosen
 * @throws TypeError for a server over TLS, whose connections cannot be handed over
 * @throws OptionError when options are wrong
 * @example
 * if (cluster.isPrimary) {
 *   const server = createServer();
 *   setupPrimary(server, { loadBalancingMethod: "least-connection" });
 *   server.listen(3000);
 *   for (let i = 0; i < availableParallelism(); i++) cluster.fork();
 * }
 */
export function setupPrimary(server?: HttpServer, options: Partial<StickyOptions> = {}): void {
  if (server !== undefined) new Distributor(server, options);
  if (isSetUp) return;
  isSetUp = true;
  for (const worker of Object.values(cluster.workers ?? {})) {
    if (worker !== undefined) relayProcess(relayOfProcess(), worker.process);
  }
  cluster.on("fork", (worker) => relayProcess(relayOfProcess(), worker.process));
}

/**
 * In any other parent: relays between its children (`fork`, or `spawn` with an IPC channel) and its worker threads.
 * @param child to be called once with each of them, before it starts its server
 * @example relay(fork("server.js")); relay(new Worker("server.js"));
 */
export function relay(child: ChildProcess | Thread): void {
  if ("postMessage" in child) relayThread(relayOfProcess(), child);
  else relayProcess(relayOfProcess(), child);
}
