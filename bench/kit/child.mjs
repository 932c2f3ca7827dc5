// A Node (or Bun) program in a process of its own, on a core of its own where the system can pin it.
// It talks over IPC in objects with a `kind`. Knows nothing of servers and generators.

import { spawn, spawnSync } from "node:child_process";

const ANSWER_LIMIT_MS = 120_000;
const END_LIMIT_MS = 10_000;

/** @typedef {{ kind: string, [key: string]: unknown }} Report */

/**
 * @typedef {object} Program
 * @property {string} file what to run
 * @property {object} [plan] handed over as JSON, as the first argument
 * @property {string} [runtime] default: this Node
 * @property {string[]} [flags] for the runtime
 * @property {number} [core] default: any
 * @property {Record<string, string>} [env]
 */

/** Whether processes can be pinned to cores here. */
export const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** A running program. */
export class Child {
  #process;
  #name;
  /** @type {Report[]} */
  #reports = [];
  /** @type {(() => void)[]} */
  #waiting = [];
  #stderr = "";
  /** @type {string | undefined} */
  #ended;

  /** @param {Program} program */
  constructor({ file, plan = {}, runtime = process.execPath, flags = [], core, env = {} }) {
    this.#name = file.split("/").slice(-2).join("/");
    const command = [runtime, ...flags, file, JSON.stringify(plan)];
    const pinned = core !== undefined && canPin ? ["taskset", "-c", String(core)] : [];
    const [first = runtime, ...rest] = [...pinned, ...command];
    this.#process = spawn(first, rest, {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      env: { ...process.env, NODE_ENV: "production", ...env },
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text) => {
      if (this.#stderr.length < 4000) this.#stderr += text;
    });
    this.#process.on("message", (report) => this.#arrived(/** @type {Report} */ (report)));
    this.#process.once("error", (error) => this.#gone(error.message));
    this.#process.once("exit", (code, signal) => this.#gone(`ended (${signal ?? code})`));
  }

  /** The id of its process. */
  get pid() {
    return this.#process.pid ?? 0;
  }

  /** How it ended, with what it printed as errors; undefined while it runs. */
  get failure() {
    if (this.#ended === undefined) return undefined;
    return `${this.#name} ${this.#ended}\n${this.#stderr}`.trim();
  }

  /** @param {Report} report */
  say(report) {
    if (this.#process.connected) this.#process.send(report, () => {});
  }

  /**
   * Waits for its next report of one of these kinds; others that come first are kept.
   * @param {...string} kinds
   * @returns {Promise<Report>}
   */
  async reported(...kinds) {
    const deadline = performance.now() + ANSWER_LIMIT_MS;
    for (;;) {
      const at = this.#reports.findIndex((report) => kinds.includes(report.kind));
      const [found] = at === -1 ? [] : this.#reports.splice(at, 1);
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (this.failure !== undefined) throw new Error(this.failure);
      if (left <= 0) {
        throw new Error(`${this.#name} has not reported "${kinds.join(" or ")}" in time`);
      }
      await this.#change(left);
    }
  }

  /**
   * Asks something, and waits for the report of the same kind.
   * @param {Report} question
   */
  async ask(question) {
    this.say(question);
    return await this.reported(question.kind);
  }

  /** Asks it to end, and waits until it is gone; kills it when it does not listen. */
  async end() {
    if (this.#ended !== undefined) return;
    this.say({ kind: "end" });
    const limit = setTimeout(() => this.#process.kill("SIGKILL"), END_LIMIT_MS);
    while (this.#ended === undefined) await this.#change(END_LIMIT_MS * 2);
    clearTimeout(limit);
  }

  /** @param {Report} report */
  #arrived(report) {
    this.#reports.push(report);
    this.#wake();
  }

  /** @param {string} how */
  #gone(how) {
    this.#ended ??= how;
    this.#wake();
  }

  #wake() {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** @param {number} limitMs */
  #change(limitMs) {
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
