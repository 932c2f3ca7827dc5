// Runs sessions of a surface and counts what became of the inputs.

import { SeededRandom } from "../../packages/testkit/src/seeded-random.ts";
import {
  type FuzzSession,
  type Input,
  SESSION_INPUTS,
  type Stage,
  type Surface,
} from "./surface.ts";

/** An input that did not end as it should. */
export interface Finding {
  readonly kind: "crash" | "hang";
  readonly surface: string;
  readonly session: number;
  /** The number of the input in its session. */
  readonly at: number;
  readonly input: Input;
  readonly error: string;
}

/** What became of inputs. */
export interface Counts {
  inputs: number;
  accepted: number;
  refused: number;
  slowestMs: number;
}

/** What observes a run. */
export interface Watch {
  /** Before each input, for a watchdog. */
  onInput?(session: number, at: number): void;
  /** An input was made. */
  onMade?(at: number, input: Input): void;
  onFinding(finding: Finding): void;
  /** Ends a turn of the event loop, so that what was put off happens within its session. */
  turn(): Promise<void>;
  /** What was thrown where no caller was, since the last call. */
  uncaught(): readonly unknown[];
}

/** An input that takes longer, twice, is a hang. */
const HANG_MS = 1000;
// Slower ones are tried again: most often the machine was busy with something else.
const SLOW_MS = 5;

/** Sessions have seeds of their own, so that each can be repeated alone. */
export function sessionSeed(seed: number, session: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(session + 1, 0xc2b2ae35)) >>> 0;
}

/** An input by its place. */
interface Where {
  readonly number: number;
  readonly at: number;
  readonly input: Input;
}

/** One surface, with the code under test. */
export class SurfaceRun {
  readonly surface: Surface;
  readonly counts: Counts = { inputs: 0, accepted: 0, refused: 0, slowestMs: 0 };
  readonly #seed: number;
  readonly #watch: Watch;
  #stage: Stage | null = null;

  constructor(surface: Surface, seed: number, watch: Watch) {
    this.surface = surface;
    this.#seed = seed;
    this.#watch = watch;
  }

  /** Runs a session of so many inputs. */
  async session(number: number, inputs: number = SESSION_INPUTS): Promise<void> {
    const random = new SeededRandom(sessionSeed(this.#seed, number));
    this.#stage ??= await this.surface.open();
    const stage = this.#stage;
    const session = await stage.begin(random);
    let input: Input = [];
    let at = 0;
    try {
      for (; at < inputs; at++) {
        input = session.make(random);
        this.#watch.onInput?.(number, at);
        this.#watch.onMade?.(at, input);
        const began = performance.now();
        const fed = session.feed(input);
        // A promise for each input would cost more than most of them.
        const outcome = typeof fed === "string" ? fed : await fed;
        const took = performance.now() - began;
        this.counts[outcome] += 1;
        if (took > SLOW_MS && took > this.counts.slowestMs)
          await this.#slow({ number, at, input }, took);
        else if (took > this.counts.slowestMs) this.counts.slowestMs = took;
      }
    } catch (error) {
      this.#report("crash", { number, at, input }, error);
    } finally {
      this.counts.inputs += at;
    }
    await this.#end(session, { number, at, input });
  }

  /** The shorter of two times: the rest is what the machine did besides. */
  async #slow({ at, input, number }: Where, first: number): Promise<void> {
    const stage = await this.surface.open();
    const random = new SeededRandom(sessionSeed(this.#seed, number));
    const session = await stage.begin(random);
    for (let before = 0; before < at; before++) await session.feed(session.make(random));
    const again = session.make(random);
    const began = performance.now();
    await session.feed(again);
    const took = Math.min(first, performance.now() - began);
    await session.end();
    await stage.end?.();
    this.counts.slowestMs = Math.max(this.counts.slowestMs, took);
    if (took > HANG_MS) this.#report("hang", { number, at, input }, `${took.toFixed(0)} ms`);
  }

  async #end(session: FuzzSession, where: Where): Promise<void> {
    try {
      await session.end();
      await this.#watch.turn();
      for (const error of [...this.#watch.uncaught(), ...(this.#stage?.faults?.() ?? [])]) {
        this.#report("crash", where, error);
      }
    } catch (error) {
      this.#report("crash", where, error);
    }
  }

  #report(kind: Finding["kind"], { at, input, number }: Where, error: unknown): void {
    const text = error instanceof Error ? String(error.stack) : String(error);
    this.#watch.onFinding({
      kind,
      surface: this.surface.name,
      session: number,
      at,
      input,
      error: text,
    });
    // Whatever is broken now shall not be what the next session finds.
    this.#stage = null;
  }

  /** Ends the code under test. */
  async close(): Promise<void> {
    await this.#stage?.end?.();
    this.#stage = null;
  }
}
