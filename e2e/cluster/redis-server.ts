// A Redis of a test's own: on a free port, with a folder of its own, ended with the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "../../scripts/brokers.mjs";

/** A free port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when something listens on a port. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

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
