// A server under test as its memory is examined: connections come and go or stay, its heap is read by class.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadReport, startLoad, startTarget } from "../one-run.mjs";
import { readClassSizes } from "./snapshot.mjs";

/** A started target. */
export class ServerHeap {
  #target;
  #server;
  #folder;

  /**
   * @param {import("../targets.mjs").Target} target
   * @param {Awaited<ReturnType<typeof startTarget>>} server
   * @param {string} folder for snapshots
   */
  constructor(target, server, folder) {
    this.#target = target;
    this.#server = server;
    this.#folder = folder;
  }

  /** @param {import("../targets.mjs").Target} target */
  static async start(target) {
    const folder = await mkdtemp(join(tmpdir(), "bench-heap-"));
    return new ServerHeap(target, await startTarget(target), folder);
  }

  /**
   * The heap by class, garbage collected.
   * @param {"with holders" | "plain"} [detail]
   */
  async classes(detail) {
    const file = join(this.#folder, "heap.heapsnapshot");
    await this.#server.child.ask({ kind: "snapshot", file });
    const sizes = readClassSizes(file, detail);
    await rm(file);
    return sizes;
  }

  /** Bytes of heap and handles by kind, garbage collected. */
  async memory() {
    const { external, handles, heapUsed } = await this.#server.child.ask({ kind: "memory" });
    return {
      heapUsed: Number(heapUsed),
      external: Number(external),
      handles: /** @type {Record<string, number>} */ (handles),
    };
  }

  /**
   * Lets that many connections come and go, in the way that is named.
   * @param {"websocket" | "polling" | "upgrade"} flow
   * @param {number} total
   */
  async comeAndGo(flow, total) {
    const isRaw = this.#target.speaks === "raw";
    if (isRaw && flow !== "websocket") return;
    // The generator adds a fifth for warming up.
    const plan = { mode: "storm", flow, total: Math.ceil((total * 5) / 6), atOnce: 64 };
    const load = startLoad(this.#target, this.#server, plan);
    try {
      await loadReport(load, this.#server.child, "result");
    } finally {
      await load.end();
    }
  }

  /**
   * Runs something while that many connections over WebSocket are held, then cuts them.
   * @template T
   * @param {number} connections
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async whileHeld(connections, work) {
    const load = startLoad(this.#target, this.#server, { mode: "idle", connections });
    try {
      await loadReport(load, this.#server.child, "holding", "result");
      return await work();
    } finally {
      load.say({ kind: "release" });
      await load.end();
    }
  }

  async end() {
    await this.#server.child.end();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
