// A Redis of a test's own: on a free port, with a folder of its own, ended with the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "../../scripts/brokers.mjs";
import { freePort, listening } from "./free-port.ts";

/** A running Redis. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #isKept: boolean;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string, isKept: boolean) {
    this.port = port;
    this.#folder = folder;
    this.#isKept = isKept;
  }

  /** Whether there is a Redis on this machine. */
  static get isThere(): boolean {
    return findRedis() !== undefined;
  }

  /** Starts a Redis that forgets everything when it ends, or keeps it in its append-only file. */
  static async start(isKept = false): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-redis-"));
    const server = new RedisServer(await freePort(), folder, isKept);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on the same port. */
  async resume(): Promise<void> {
    const args = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder];
    args.push("--save", "", "--appendonly", this.#isKept ? "yes" : "no");
    this.#process = spawn(findRedis() ?? "redis-server", args, { stdio: "ignore" });
    await listening(this.port);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
