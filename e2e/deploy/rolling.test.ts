// A rolling replacement of three servers behind real balancers, while clients send numbers that are to be acknowledged:
// every number is answered, clients are moved at the rate, every server exits by itself. The long form has a thousand
// clients: `npm run faults:cluster`.

import { setTimeout as pause } from "node:timers/promises";
import { io, type Socket } from "@sockeye/client";
import { io as connectTheirs } from "socket.io-client";
import { afterAll, describe, expect, test } from "vitest";
import { Balanced, type Balancer } from "./balanced.ts";

const IS_LONG = process.env["FAULTS"] === "long";
const BALANCERS: readonly Balancer[] = IS_LONG ? ["haproxy", "nginx", "caddy"] : ["haproxy"];
const CLIENTS = IS_LONG ? 1000 : 12;
const RATE = IS_LONG ? 200 : 20;
const LIMIT_MS = IS_LONG ? 180_000 : 60_000;

interface Answer {
  readonly by: string;
  readonly number: number;
}

/** Sends numbers one by one, each again until it is answered. */
class Sender {
  readonly socket: Socket;
  answered = 0;
  repeated = 0;
  connections = 0;
  wrong = 0;
  readonly servers = new Set<string>();
  #isOver = false;
  readonly #done: Promise<void>;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("connect", () => {
      this.connections += 1;
    });
    this.#done = this.#run();
  }

  async #run(): Promise<void> {
    for (let number = 1; !this.#isOver; ) {
      try {
        const answer: Answer = await this.socket.timeout(10_000).emitWithAck("number", number);
        if (answer.number !== number) this.wrong += 1;
        this.servers.add(answer.by);
        this.answered = number;
        number += 1;
      } catch {
        this.repeated += 1;
      }
      await pause(IS_LONG ? 200 : 20);
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
    this.socket.disconnect();
  }
}

/**
 * Behind nginx, requests of one address go to one server, also while that is drained: polling has to begin anew there until it
 * is gone. Behind Caddy its polls go to another one at once, which does not know them. So clients of one address use WebSockets, which need no stickiness.
 */
function sender(url: string, at: number, balancer: Balancer): Sender {
  const transports = balancer !== "haproxy" || at % 2 === 0 ? ["websocket"] : ["polling"];
  const make = (at % 4 < 2 ? io : connectTheirs) as typeof io;
  const options = { transports, forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 500 };
  return new Sender(make(url, options));
}

const rows: string[] = [];
afterAll(() => {
  const head =
    "| balancer | clients | answered | sent again | wrong | moved | cut | slowest server |";
  console.log([head, "|---|---:|---:|---:|---:|---:|---:|---:|", ...rows].join("\n"));
});

describe.each(BALANCERS)("behind %s", (balancer) => {
  test(
    "DR1 to DR3 three servers are replaced one after the other",
    async () => {
      await using balanced = await Balanced.start(balancer, { rate: RATE });
      const senders = Array.from({ length: CLIENTS }, (_, at) =>
        sender(balanced.url, at, balancer),
      );
      await expect
        .poll(() => senders.every(({ answered }) => answered > 0), { timeout: 30_000 })
        .toBe(true);
      let moved = 0;
      let cut = 0;
      let slowest = 0;
      for (const name of balanced.names) {
        const { code, report } = await balanced.drain(name);
        expect(code).toBe(0);
        moved += report.moved;
        cut += report.forced;
        slowest = Math.max(slowest, report.milliseconds);
        // At the rate, but for the first connection, which is closed at once, and the time of a portion.
        expect(report.milliseconds).toBeGreaterThanOrEqual(((report.moved - 2) / RATE) * 1000);
        await balanced.startServer(name);
        if (balancer === "haproxy") await balanced.isBack(name);
      }
      const before = senders.map(({ answered }) => answered);
      await expect
        .poll(() => senders.every(({ answered }, at) => answered > (before[at] as number)), {
          timeout: 30_000,
        })
        .toBe(true);
      await Promise.all(senders.map((each) => each.end()));
      const sum = (of: (each: Sender) => number): number =>
        senders.reduce((total, each) => total + of(each), 0);
      const wrong = sum((each) => each.wrong);
      const again = sum(({ repeated }) => repeated);
      const answered = sum((each) => each.answered);
      rows.push(
        `| ${balancer} | ${CLIENTS} | ${answered} | ${again} | ${wrong} | ${moved} | ${cut} | ${slowest.toFixed(0)} ms |`,
      );
      expect({ cut, wrong }).toEqual({ cut: 0, wrong: 0 });
      expect(moved).toBeGreaterThanOrEqual(CLIENTS);
    },
    LIMIT_MS,
  );
});
