// The program of a host in a process of its own, as a channel for the suite: commands go in and reports come out as
// lines of JSON. Disposing of it ends exactly that process.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BlackBoxHost, type Command, type Plain, type Report } from "@sockeye/testkit/black-box";
import { within } from "../kit/deadline.ts";
import { clients } from "./clients.ts";
import { type HostRow, PROGRAMS } from "./hosts-table.ts";
import { lineOf } from "./programs/lines.mjs";

type Answer =
  | { readonly id: number; readonly value: Plain }
  | { readonly id: number; readonly error: string };
type Line = { readonly report: Report } | Answer;

interface Waiting {
  resolve(value: Plain): void;
  reject(error: Error): void;
}

/** A runtime that bundles first takes its time when the machine has much to do. */
const START_MS = 25_000;

/** A running host. */
export class HostProcess implements AsyncDisposable {
  readonly host: BlackBoxHost;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  readonly #ready: Promise<Plain>;
  #last = 0;
  #stderr = "";

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.host = new BlackBoxHost({ send: (command) => this.#send(command) }, clients);
    // The first line is an answer like any other.
    this.#ready = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    this.#ended = once(child, "close").then(() => {
      const error = new Error(`the host's process ended: ${this.#stderr.slice(-2000)}`);
      for (const { reject } of this.#waiting.values()) reject(error);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      if ("report" in line) this.host.receive(line.report);
      else this.#settle(line);
    });
  }

  /** Starts the program of a row, and waits until it takes commands. */
  static async start({ runtime, program }: HostRow): Promise<HostProcess> {
    if (runtime.path === undefined) throw new Error(`${runtime.name} is not installed`);
    const args = [...runtime.args, join(PROGRAMS, program)];
    const made = new HostProcess(spawn(runtime.path, args, { stdio: "pipe" }));
    try {
      await within(made.#ready, () => `the program ${program} (${made.#stderr})`, START_MS);
    } catch (error) {
      made.#child.kill("SIGKILL");
      throw error;
    }
    return made;
  }

  /** What the process has printed as errors, warnings included. */
  get stderr(): string {
    return this.#stderr;
  }

  #send(command: Command): Promise<Plain> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(lineOf({ id, command }));
    });
  }

  #settle(line: Answer): void {
    const waiting = this.#waiting.get(line.id);
    this.#waiting.delete(line.id);
    if ("error" in line) waiting?.reject(new Error(line.error));
    else waiting?.resolve(line.value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await within(this.#ended, "the host's process to end").catch(() => this.#child.kill("SIGKILL"));
  }
}
