// A NATS of a test's own: on a free port, ended with the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNats } from "../../scripts/brokers.mjs";
import { freePort, listening } from "../kit/ports.ts";

/** Whether there is JetStream, and whether its streams are there again after a restart. */
export type Streams = "none" | "kept" | "lost";

/** A running NATS. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #streams: Streams;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string, streams: Streams) {
    this.port = port;
    this.#folder = folder;
    this.#streams = streams;
  }

  /** Whether there is a NATS on this machine. */
  static get isThere(): boolean {
    return findNats() !== undefined;
  }

  /** Starts a NATS; `settings` are lines of its configuration. */
  static async start(settings = "", streams: Streams = "none"): Promise<NatsServer> {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-nats-"));
    await writeFile(join(folder, "nats.conf"), settings);
    const server = new NatsServer(await freePort(), folder, streams);
    await server.resume();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get #store(): string {
    return join(this.#folder, "streams");
  }

  /** Keeps a copy of the streams; the server must have ended. */
  async keepCopy(): Promise<void> {
    await cp(this.#store, join(this.#folder, "copy"), { recursive: true });
  }

  /** Has the streams as they were when the copy was made; the server must have ended. */
  async takeCopy(): Promise<void> {
    await rm(this.#store, { recursive: true });
    await cp(join(this.#folder, "copy"), this.#store, { recursive: true });
  }

  /** Starts it, on the same port. */
  async resume(): Promise<void> {
    const args = [
      ...["-c", join(this.#folder, "nats.conf")],
      ...["-a", "127.0.0.1", "-p", String(this.port)],
    ];
    const store = this.#store;
    if (this.#streams === "lost") await rm(store, { recursive: true, force: true });
    if (this.#streams !== "none") args.push("-js", "-sd", store);
    const path = join(this.#folder, "nats.log");
    // Without a file of its own for its log, so that the last words of a crash are there as well.
    const log = openSync(path, "a");
    const child = spawn(findNats() ?? "nats-server", args, { stdio: ["ignore", log, log] });
    closeSync(log);
    this.#process = child;
    const ended = once(child, "exit").then(([code, signal]) => {
      // Such as when something else has the port.
      if (this.#process !== child) return;
      const words = readFileSync(path, "utf8").slice(-4000);
      throw new Error(`NATS has ended by itself, with ${code ?? signal}: ${words}`);
    });
    // Or the tests that go on without it would show nothing but that they waited.
    ended.catch(({ message }) => console.error(message));
    await Promise.race([listening(this.port), ended]);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
