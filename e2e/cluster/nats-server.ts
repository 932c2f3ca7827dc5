// A NATS of a test's own: on a free port, ended with the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
    const log = join(this.#folder, "nats.log");
    args.push("-l", log);
    const child = spawn(findNats() ?? "nats-server", args, { stdio: "ignore" });
    this.#process = child;
    const ended = once(child, "exit").then(() => {
      // Such as when something else has the port.
      if (this.#process === child) throw new Error("NATS has ended by itself");
    });
    // Or the tests that go on without it would tell nothing but that they waited.
    ended.catch(async ({ message }) =>
      console.error(message, await readFile(log, "utf8").then((text) => text.slice(-2000), String)),
    );
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
