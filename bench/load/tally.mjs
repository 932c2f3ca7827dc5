// What a generator has seen: counts, the first thing that was wrong, and the CPU spent on both sides during
// the measured time.

import { cpuSeconds, ownCpuSeconds } from "../kit/process-figures.mjs";
import { median, quantile } from "../kit/statistics.mjs";

const SATURATED = 0.9;

/**
 * @typedef {object} Measured
 * @property {number} count units in the measured time: messages, deliveries, connections or heartbeats
 * @property {number} seconds
 * @property {number} perSecond
 * @property {number} serverMicros CPU of the server per unit, all threads
 * @property {number} serverShare of one core
 * @property {number} generatorShare of one core
 * @property {boolean} isSaturated whether the generator may have held the server up
 * @property {number} [medianMicros] of the time from request to reply, sampled
 * @property {number} [p99Micros]
 * @property {number} expected replies over the whole run
 * @property {number} received
 */

/** Counts of one run. */
export class Tally {
  sent = 0;
  received = 0;
  /** Replies due for each message sent. */
  repliesEach = 1;
  /** @type {string | undefined} */
  firstError;
  /** @type {number[]} */
  samples = [];
  #pid;
  #begun = { count: 0, at: 0, server: 0, own: 0 };
  /** @type {"idle" | "running" | "done"} */
  #phase = "idle";

  /** @param {number} pid of the server */
  constructor(pid) {
    this.#pid = pid;
  }

  get isMeasuring() {
    return this.#phase === "running";
  }

  /** @param {string} what */
  wrong(what) {
    this.firstError ??= what;
  }

  /** @param {number} count units so far */
  begin(count) {
    this.#phase = "running";
    const server = cpuSeconds(this.#pid);
    this.#begun = { count, at: performance.now(), server, own: ownCpuSeconds() };
  }

  /**
   * @param {number} count units so far
   * @returns {Omit<Measured, "expected" | "received">}
   */
  finish(count) {
    this.#phase = "done";
    const { at, own, server } = this.#begun;
    const units = count - this.#begun.count;
    const seconds = (performance.now() - at) / 1000;
    const serverSeconds = cpuSeconds(this.#pid) - server;
    const generatorShare = (ownCpuSeconds() - own) / seconds;
    return {
      count: units,
      seconds,
      perSecond: units / seconds,
      serverMicros: (serverSeconds / units) * 1e6,
      serverShare: serverSeconds / seconds,
      generatorShare,
      isSaturated: generatorShare > SATURATED,
      ...(this.samples.length === 0
        ? {}
        : {
            medianMicros: median(this.samples) * 1000,
            p99Micros: quantile(this.samples, 0.99) * 1000,
          }),
    };
  }
}
