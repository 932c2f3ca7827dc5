// Admissions against rooms and a log that answer at once, and against ones that answer late, out of order, or not at all.

import { FakeClock, SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { DelayedLog, RandomDelay } from "../../test/delayed-log.ts";
import type { Missed } from "../contract.ts";
import type { LogEntry } from "../recovery/log.ts";
import { Admission, type AdmissionPort } from "./admission.ts";

const LIMITS = { maxPackets: 100, maxBytes: 1000 };
const NO_ROOMS: ReadonlySet<string> = new Set();

/** Ports that answer at once, and note what is asked of them. */
function recording(more: Partial<AdmissionPort<string>> = {}): {
  port: AdmissionPort<string>;
  done: string[];
} {
  const done: string[] = [];
  const note = (what: string) => (): void => void done.push(what);
  const port: AdmissionPort<string> = {
    resubscribe: note("resubscribe"),
    subscribe: note("subscribe"),
    unsubscribe: note("unsubscribe"),
    read: () => {
      done.push("read");
      return { packets: ["a"], last: "1" };
    },
    sendMissed: ({ packets }) => void done.push(`missed ${packets.join()}`),
    welcome: note("welcome"),
    send: (packet) => void done.push(`send ${packet}`),
    enter: note("enter"),
    giveBack: note("give back"),
    refuse: note("refuse"),
    end: note("end"),
    report: (problem) => void done.push(`report ${problem}`),
    ...more,
  };
  return { port, done };
}

test("RE21 where rooms and log answer at once, all is over when the start returns", () => {
  const { done, port } = recording();
  const admission = new Admission(port, LIMITS);
  admission.start(true);
  expect(done).toEqual(["resubscribe", "read", "missed a", "welcome", "enter"]);
  expect(admission.phase).toBe("live");
});

test("RE21 what listeners send while a socket is admitted keeps its place, and is sent once", () => {
  const { done, port } = recording({ welcome: () => admission.take("late", 1) });
  const admission: Admission<string> = new Admission(
    {
      ...port,
      send: (packet) => {
        done.push(packet);
        if (packet === "late") admission.take("later", 1);
      },
    },
    LIMITS,
  );
  admission.start(false);
  expect(done).toEqual(["subscribe", "late", "later", "enter"]);
});

test("RE21 too much to hold starts a returning socket anew, and refuses a new one", async () => {
  for (const [count, size] of [
    [101, 1],
    [3, 400],
  ] as const) {
    const { done, port } = recording({ read: () => new Promise(() => {}) });
    const returning = new Admission(port, LIMITS);
    returning.start(true);
    for (let each = 0; each < count; each++) returning.take("x", size);
    expect(done).toEqual([
      ...["resubscribe", "unsubscribe", "report more than 100 packets or 1000 bytes were held"],
      ...["subscribe", "welcome", "enter"],
    ]);
    done.length = 0;
    const fresh = new Admission({ ...port, subscribe: () => new Promise<void>(() => {}) }, LIMITS);
    fresh.start(false);
    for (let each = 0; each < count; each++) fresh.take("x", size);
    expect([done[0], done.at(-1), fresh.phase, fresh.held]).toEqual([
      ...["unsubscribe", "end", "refused", 0],
    ]);
  }
});

test("RE21 a port that throws is a port that fails", () => {
  const fail = (): never => {
    throw new Error("no");
  };
  const rooms = recording({ resubscribe: fail });
  new Admission(rooms.port, LIMITS).start(true);
  expect(rooms.done).toEqual([
    ...["unsubscribe", "give back", "report rooms could not be joined: no", "refuse", "end"],
  ]);
  const log = recording({ read: fail });
  new Admission(log.port, LIMITS).start(true);
  expect(log.done).toEqual([
    ...["resubscribe", "unsubscribe", "report missed packets could not be read: no"],
    ...["subscribe", "welcome", "enter"],
  ]);
});

/** One server with a log in a broker, other clients that send all the time, and one client that returns. */
class World {
  readonly received: string[] = [];
  readonly done: string[] = [];
  readonly log: DelayedLog;
  readonly admission: Admission<string>;
  /** The rooms of the client, as far as this server knows. */
  rooms: Set<string> = new Set();
  /** What is delivered from here on belongs to a session that began anew. */
  sessionAt = 0;
  isEntered = false;
  readonly #clock = new FakeClock();
  readonly #random: SeededRandom;
  readonly #delay: RandomDelay;
  #sent = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#delay = new RandomDelay(this.#clock, this.#random);
    this.log = new DelayedLog(this.#delay, this.#random, (entry) => this.#deliver(entry));
    this.admission = new Admission(this.#port(), {
      maxPackets: this.#random.once(4) ? 3 : 1000,
      maxBytes: 1e6,
    });
  }

  /** A packet of one of the others. */
  broadcast(): void {
    const rooms = new Set(this.#random.pick([[], ["s"], ["r"], ["others"], ["r", "s"]]));
    void this.log.append({ encoded: `${this.#sent++}`, rooms, except: NO_ROOMS });
  }

  async run(): Promise<void> {
    for (let each = this.#random.below(10); each > 0; each--) this.broadcast();
    await this.#pass(this.#random.below(20));
    if (this.#random.once(6)) this.log.first = this.#random.below(5);
    this.admission.start(!this.#random.once(5));
    const leavesAt = this.#random.once(4) ? this.#random.below(60) : -1;
    for (let at = 0; at < 60; at++) {
      if (at === leavesAt && !this.isEntered) this.admission.leave();
      if (this.#random.once(2)) this.broadcast();
      await this.#pass(1);
    }
    await this.#pass(200);
  }

  /** Packets to any of these rooms, in the order of the log, from an offset on. */
  addressed(rooms: readonly string[], from = 0): string[] {
    return this.log.entries
      .slice(from)
      .filter((entry) => entry.rooms.size === 0 || rooms.some((room) => entry.rooms.has(room)))
      .map(({ encoded }) => String(encoded));
  }

  async #pass(duration: number): Promise<void> {
    for (let at = 0; at < duration; at++) {
      this.#clock.advance(1);
      for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    }
  }

  #deliver(entry: LogEntry): void {
    if (this.rooms.size === 0) return;
    if (entry.rooms.size > 0 && ![...entry.rooms].some((room) => this.rooms.has(room))) return;
    const packet = String(entry.encoded);
    if (this.isEntered) this.received.push(packet);
    else this.admission.take(packet, packet.length);
  }

  /** Joins rooms some time after the request; the promise resolves later still. */
  #subscribe(rooms: readonly string[]): Promise<void> | void {
    if (this.#random.once(3)) {
      this.rooms = new Set(rooms);
      return;
    }
    return this.#delay.wait(10, 10).then(() => {
      this.rooms = new Set(rooms);
      return this.#random.once(2) ? undefined : this.#delay.wait(10, 10);
    });
  }

  #port(): AdmissionPort<string> {
    const note = (what: string) => (): void => void this.done.push(what);
    return {
      resubscribe: () => this.#subscribe(["s", "r"]),
      subscribe: () => {
        this.done.push("anew");
        // A new socket may be delivered what was appended before, if it was not delivered before.
        this.sessionAt = Number(this.log.lastOffset());
        return this.#subscribe(["s"]);
      },
      unsubscribe: () => this.rooms.clear(),
      read: () => this.log.missedSince("0", new Set(["s", "r"]), { until: this.log.lastOffset() }),
      sendMissed: ({ packets }: Missed) => void this.received.push(...packets.map(String)),
      welcome: note("welcome"),
      send: (packet) => void this.received.push(packet),
      enter: () => {
        this.done.push("enter");
        this.isEntered = true;
      },
      giveBack: note("give back"),
      refuse: note("refuse"),
      end: note("end"),
      report: () => {},
    };
  }
}

test("RE21 a thousand admissions with a log that is late, out of order and fails lose and double nothing", async () => {
  const outcomes = new Map<string, number>();
  for (let seed = 0; seed < 1000; seed++) {
    const world = new World(seed);
    await world.run();
    const { admission, done, received, rooms } = world;
    const outcome = `${admission.phase} ${done.join()}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const about = `seed ${seed}: ${outcome}`;
    expect(["live", "left", "refused"], about).toContain(admission.phase);
    expect(admission.held, about).toBe(0);
    if (admission.phase !== "live") {
      expect([received, [...rooms]], about).toEqual([[], []]);
    } else if (done.includes("anew")) {
      const own = world.addressed(["s"], world.sessionAt);
      // Membership begins at some moment after the session; from then on nothing is missing.
      expect(own.slice(own.length - received.length), about).toEqual(received);
      expect(received.length, about).toBeGreaterThan(0);
    } else {
      expect(received, about).toEqual(world.addressed(["s", "r"]));
    }
  }
  // Each way in and out was taken often.
  const expected = [
    ...["live welcome,enter", "live anew,welcome,enter", "left give back,end", "left anew,end"],
    ...["refused give back,refuse,end", "refused anew,refuse,end"],
  ];
  expect([...outcomes.keys()].sort()).toEqual(expected.sort());
  for (const outcome of expected) expect(outcomes.get(outcome), outcome).toBeGreaterThan(5);
});
