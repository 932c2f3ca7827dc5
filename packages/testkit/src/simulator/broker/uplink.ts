// The connection of one node to the broker: requests with answers, and what the broker sends by itself. It can be lost, go
// silent in either direction, be slow, or lose answers.

import type { BusState } from "@sockeye/adapter/cluster";
import type { Milliseconds } from "@sockeye/portable";
import type { SeededRandom } from "../../seeded-random.ts";
import { Channel } from "../channel.ts";
import type { Process } from "../process.ts";
import type { Timeline } from "../timeline.ts";

// As the clients of brokers have it.
const ANSWER_TIMEOUT: Milliseconds = 350;

/** What an uplink is made of. */
export interface UplinkSetUp {
  readonly timeline: Timeline;
  readonly process: Process;
  readonly random: SeededRandom;
  /** The usual time of one way. */
  readonly latency: Milliseconds;
}

interface Asked {
  readonly reject: (error: Error) => void;
}

/** A connection to the broker. */
export class Uplink {
  readonly out: Channel;
  readonly in: Channel;
  /** What is pushed of the log, which has a connection of its own. */
  readonly entries: Channel;
  /** One answer in so many is lost; 0 for none. */
  losesAnswers = 0;
  readonly #process: Process;
  readonly #random: SeededRandom;
  readonly #asked = new Set<Asked>();
  readonly #onState = new Set<(state: BusState) => void>();
  #state: BusState = "up";

  constructor({ latency, process, random, timeline }: UplinkSetUp) {
    this.#process = process;
    this.#random = random;
    const delay = (): Milliseconds => latency + random.below(4);
    this.out = new Channel(timeline, delay);
    this.in = new Channel(timeline, delay);
    this.entries = new Channel(timeline, delay);
  }

  get state(): BusState {
    return this.#state;
  }

  /** Calls back when the connection is lost, or there again. */
  onState(call: (state: BusState) => void): void {
    this.#onState.add(call);
  }

  /** Sends something that has no answer. */
  tell(act: () => void): void {
    if (!this.#process.isDead) this.out.send(act);
  }

  /** The broker sends something. */
  push(arrive: () => void): void {
    this.in.send(() => this.#process.enter(arrive));
  }

  /** The broker sends something of the log. */
  feed(arrive: () => void): void {
    this.entries.send(() => this.#process.enter(arrive));
  }

  /** Asks the broker to do something. Rejects when the connection is lost, or no answer comes; it may be done then. */
  ask<T>(act: () => Promise<T> | T): Promise<T> {
    if (this.#process.isDead) return new Promise(() => {});
    if (this.#state === "down") return Promise.reject(new Error("the broker is away"));
    return new Promise<T>((resolve, reject) => {
      const asked: Asked = {
        reject: (error) => {
          cancel();
          this.#asked.delete(asked);
          reject(error);
        },
      };
      const overdue = (): void => asked.reject(new Error("no answer"));
      const cancel = this.#process.after(ANSWER_TIMEOUT, overdue);
      this.#asked.add(asked);
      const answered = (result: T): void => {
        if (!this.#asked.delete(asked)) return;
        cancel();
        resolve(result);
      };
      this.out.send(() => {
        // Also what fails there fails here.
        void (async () => act())().then(
          (result) => this.#answer(() => answered(result)),
          (error: Error) => this.#answer(() => this.#asked.has(asked) && asked.reject(error)),
        );
      });
    });
  }

  #answer(arrive: () => void): void {
    if (this.losesAnswers > 0 && this.#random.once(this.losesAnswers)) return;
    this.push(arrive);
  }

  /** The connection is lost, and both ends know. */
  break(): void {
    this.out.reset();
    this.in.reset();
    this.entries.reset();
    if (this.#state === "down") return;
    this.#state = "down";
    this.#process.enter(() => {
      for (const { reject } of [...this.#asked]) reject(new Error("the connection was lost"));
      for (const call of this.#onState) call("down");
    });
  }

  /** The connection is there again, without its faults. */
  mend(): void {
    this.out.isSilent = false;
    this.in.isSilent = false;
    this.entries.isSilent = false;
    this.out.extraDelay = 0;
    this.in.extraDelay = 0;
    this.entries.extraDelay = 0;
    if (this.#state === "up") return;
    this.#state = "up";
    this.#process.enter(() => {
      for (const call of this.#onState) call("up");
    });
  }
}
