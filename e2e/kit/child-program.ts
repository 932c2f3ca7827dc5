// A program in a process of its own, which reports what happens to it over IPC and whose output is kept.
// Disposing of it kills exactly that process.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { within } from "./deadline.ts";
import { type Entry, Inbox } from "./inbox.ts";

/** How a program ended: its exit code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child process; its reports arrive in `inbox`. */
export class ChildProgram implements AsyncDisposable {
  readonly inbox: Inbox;
  readonly #process: ChildProcess;
  readonly #exit: Promise<Exit>;
  #stderr = "";

  constructor(name: string, child: ChildProcess) {
    this.inbox = new Inbox(name);
    this.#process = child;
    this.#exit = once(child, "exit").then(([code, signal]) => ({ code, signal }) as Exit);
    child.on("message", (entry) => {
      const { name: event, args } = entry as Entry;
      this.inbox.push(event, ...args);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  /** What it has printed as errors so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Whether it still runs. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Sends it a message. */
  tell(message: object): void {
    this.#process.send(message);
  }

  /** Sends it a signal, without waiting for the effect. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Ends it at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<Exit> {
    if (this.isAlive) this.#process.kill("SIGKILL");
    return await within(this.#exit, "a child process to end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Starts a program of the folder `programs` with a plan it receives as JSON, and waits for its "ready". */
export async function startProgram(name: string, plan: object): Promise<{ program: ChildProgram; ready: unknown[] }> {
  const child = fork(join(import.meta.dirname, "programs", name), [JSON.stringify(plan)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  const program = new ChildProgram(name, child);
  try {
    return { program, ready: await program.inbox.take("ready") };
  } catch (error) {
    await program.kill();
    throw new Error(`${name} did not start: ${program.stderr}`, { cause: error });
  }
}
