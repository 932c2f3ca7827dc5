// Measures this process.

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Sample } from "./events.ts";

const MEGABYTE = 1024 * 1024;
const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

/** Takes samples; each is of the time since the one before. */
export class Meter {
  /** Counted by the server. */
  events = 0;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #cpu = process.cpuUsage();
  #at = performance.now();

  constructor() {
    this.#delay.enable();
  }

  sample(clients: number): Sample {
    const elapsed = performance.now() - this.#at;
    const { user, system } = process.cpuUsage(this.#cpu);
    const sample = {
      at: Date.now(),
      cpu: oneDecimal(((user + system) / 1000 / elapsed) * 100),
      memory: oneDecimal(process.memoryUsage.rss() / MEGABYTE),
      // The histogram counts the ten milliseconds between its own looks as well.
      delay: oneDecimal(Math.max(0, this.#delay.percentile(99) / 1e6 - 10)),
      clients,
      events: this.events,
    };
    this.#cpu = process.cpuUsage();
    this.#at = performance.now();
    this.#delay.reset();
    this.events = 0;
    return sample;
  }
}
