// A Python program in a process of its own, which carries out commands and reports what happens to the
// inboxes it names. Disposing of it kills exactly that process.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { within } from "../kit/deadline.ts";
import { Inbox } from "../kit/inbox.ts";
import { pythonPath } from "./python-path.ts";
import { readLine, wrapBytes } from "./python-values.ts";

type Message =
  | { readonly to: string; readonly name: string; readonly args: unknown[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: string };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A program of the folder `programs`, running. */
export class PythonProgram implements AsyncDisposable {
  readonly #name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<unknown>;
  readonly #inboxes = new Map<string, Inbox>();
  readonly #waiting = new Map<number, Waiting>();
  #commands = 0;
  #names = 0;
  #stderr = "";

  constructor(name: string) {
    if (pythonPath === undefined) throw new Error("there is no Socket.IO for Python here");
    this.#name = name;
    this.#process = spawn(pythonPath, [join(import.meta.dirname, "programs", name)]);
    this.#exit = once(this.#process, "exit").then(() => this.#abandon());
    // What was written to a process that has been killed is of no interest.
    this.#process.stdin.on("error", () => undefined);
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#take(readLine(line) as Message);
    });
  }

  /** What it has printed as errors so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** A name that nothing else in this program has. */
  newName(): string {
    this.#names += 1;
    return `${this.#name} ${this.#names}`;
  }

  /** Has a command carried out and returns its result. */
  async order(command: string, parameters: object): Promise<unknown> {
    this.#commands += 1;
    const id = this.#commands;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const line = JSON.stringify({ id, do: command, with: wrapBytes(parameters) });
    this.#process.stdin.write(`${line}\n`);
    return await within(answer, () => `"${command}" of ${this.#name} ${this.#stderr}`);
  }

  /** What has been reported under that name. */
  inbox(name: string): Inbox {
    let inbox = this.#inboxes.get(name);
    if (inbox === undefined) {
      inbox = new Inbox(`Python's ${name}`);
      this.#inboxes.set(name, inbox);
    }
    return inbox;
  }

  /** Sends it a signal, without waiting for the effect. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Ends it at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await within(this.#exit, "a Python program to end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #take(message: Message): void {
    if ("to" in message) {
      this.inbox(message.to).push(message.name, ...message.args);
      return;
    }
    const waiting = this.#waiting.get(message.answer);
    this.#waiting.delete(message.answer);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }

  #abandon(): void {
    for (const { reject } of this.#waiting.values())
      reject(new Error(`${this.#name} has ended: ${this.#stderr}`));
    this.#waiting.clear();
  }
}
