// A program in a process of its own that answers questions.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ANSWER_MS = 60_000;

/** A process that answers. */
export class Child {
  #process;
  #last = 0;
  #waiting = new Map();
  /** What ended it, when nobody has asked for that. */
  fault = null;
  stderr = "";
  first;

  constructor(program, plan, { execArgv = [], descriptors } = {}) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    const args = [...execArgv, path, JSON.stringify(plan)];
    const stdio = ["ignore", "inherit", "pipe", "ipc"];
    this.#process =
      descriptors === undefined
        ? spawn(process.execPath, args, { stdio })
        : spawn(
            "sh",
            ["-c", `ulimit -n ${descriptors}; exec "$0" "$@"`, process.execPath, ...args],
            { stdio },
          );
    this.#process.stderr.on("data", (text) => {
      this.stderr = (this.stderr + text).slice(-4000);
    });
    this.first = new Promise((resolve, reject) => {
      this.#process.once("message", resolve);
      this.#process.once("exit", (code, signal) => {
        this.fault ??= `ended by ${signal ?? `code ${code}`}`;
        reject(new Error(`${program} ${this.fault}: ${this.stderr}`));
        for (const { reject: fail } of this.#waiting.values()) fail(new Error(this.fault));
        this.#waiting.clear();
      });
    });
    this.first.catch(() => {});
    this.#process.on("message", ({ died, id, value }) => {
      if (died !== undefined) this.fault = died;
      this.#waiting.get(id)?.resolve(value);
      this.#waiting.delete(id);
    });
  }

  get isAlive() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  ask(op, more = {}) {
    const id = ++this.#last;
    if (!this.isAlive) return Promise.reject(new Error(this.fault ?? "ended"));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${op}`)), ANSWER_MS);
      this.#waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#process.send({ id, op, ...more });
    });
  }

  async end() {
    if (!this.isAlive) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}
