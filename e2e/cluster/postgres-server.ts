// A PostgreSQL of a test's own: on a free port, with a folder of its own, ended with the test.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgres } from "../../scripts/brokers.mjs";
import { createDatabase, databaseUrl, startDatabase } from "../../scripts/postgres.mjs";
import { freePort } from "../kit/ports.ts";

/** A running PostgreSQL. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  /** Whether it has its data when it is started again. */
  isKept = true;
  #wasRunning = false;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** Whether there is a PostgreSQL on this machine. */
  static get isThere(): boolean {
    return findPostgres() !== undefined;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-postgres-"));
    const server = new PostgresServer(await freePort(), folder);
    await createDatabase(folder);
    await server.resume();
    return server;
  }

  get url(): string {
    return databaseUrl(this.port);
  }

  /** Starts it, on the same port; resolves when it takes connections. */
  async resume(): Promise<void> {
    if (!this.isKept && this.#wasRunning) await this.#empty();
    this.#wasRunning = true;
    this.#process = await startDatabase(this.#folder, this.port);
  }

  /** Ends it, and all connections, at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    // Its "immediate shutdown": after SIGKILL, shared memory and workers would be left.
    child.kill("SIGQUIT");
    await once(child, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #empty(): Promise<void> {
    for (const each of await readdir(this.#folder)) {
      await rm(join(this.#folder, each), { recursive: true });
    }
    await createDatabase(this.#folder);
  }
}
