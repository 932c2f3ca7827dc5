// A program in a process of its own, which reports what happens to it over IPC and whose output is kept.
// Disposing of it kills exactly that process.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { within } from "./deadline.ts";
import { type Entry, Inbox } from "./inbox.ts";

/** The folder of the programs that tests start. */
export const PROGRAMS: string = join(import.meta.dirname, "programs");

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
    for (const output of [child.stdout, child.stderr]) {
      if (output)
        createInterface({ input: output }).on("line", (line) => this.inbox.push("line", line));
    }
  }

  /** Waits until it has printed a line that contains `text`, and returns that line; others are skipped. */
  async printed(text: string): Promise<string> {
    for (;;) {
      const line = String((await this.inbox.take("line"))[0]);
      if (line.includes(text)) return line;
    }
  }

  /** What it has printed as errors so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Whether it still runs. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Sends it a message, which it gets as "message" of its process. */
  say(message: string): void {
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

/** How a program is started. */
export interface ProgramPlan {
  /** Path of the file that Node is to run. */
  readonly path: string;
  readonly args?: readonly string[];
  /** Options for Node itself. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program without waiting for anything. */
export function launch({ path, args = [], node = [], env = {} }: ProgramPlan): ChildProgram {
  const child = fork(path, [...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [...node],
    env: { ...process.env, ...env },
  });
  return new ChildProgram(basename(path), child);
}

/** Starts a program of the folder `programs` with a plan it receives as JSON, and waits for its "ready". */
export async function startProgram(
  name: string,
  plan: object,
): Promise<{ program: ChildProgram; ready: unknown[] }> {
  const program = launch({ path: join(PROGRAMS, name), args: [JSON.stringify(plan)] });
  try {
    return { program, ready: await program.inbox.take("ready") };
  } catch (error) {
    await program.kill();
    throw new Error(`${name} did not start: ${program.stderr}`, { cause: error });
  }
}
