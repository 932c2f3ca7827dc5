// An example in a process of its own, started by its own program: on a free port, killed, and started again on the same port.
// Disposing of it ends exactly that process.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { within } from "../kit/deadline.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const START = join(EXAMPLES, "site/start.mjs");
/** It bundles its page first. */
const START_MS = 60_000;

/** One run after the other of an example. */
export class Example implements AsyncDisposable {
  /** What it has printed, on both outputs. */
  output = "";
  #port = "0";
  #child: ChildProcess | undefined;
  readonly #name: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(name: string, env: NodeJS.ProcessEnv) {
    this.#name = name;
    this.#env = env;
  }

  /** @param env variables of the example beside those of this process */
  static async start(name: string, env: NodeJS.ProcessEnv = {}): Promise<Example> {
    const example = new Example(name, env);
    await example.restart();
    return example;
  }

  /** The address to open. */
  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Starts the next run. */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [START], {
      cwd: join(EXAMPLES, this.#name),
      env: { ...process.env, NODE_ENV: undefined, ...this.#env, PORT: this.#port },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const listening = new Promise<string>((resolve, reject) => {
      const keep = (text: string): void => {
        this.output += text;
        const port = /^http:\/\/localhost:(\d+)$/m.exec(text)?.[1];
        if (port !== undefined) resolve(port);
      };
      child.stdout?.setEncoding("utf8").on("data", keep);
      child.stderr?.setEncoding("utf8").on("data", keep);
      child.once("exit", () => reject(new Error(`${this.#name} has ended: ${this.output}`)));
    });
    this.#port = await within(listening, () => `${this.#name} to start: ${this.output}`, START_MS);
  }

  /** Ends the run as a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
