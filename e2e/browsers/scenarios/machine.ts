// A machine that sleeps: all processes of the browser are stopped, and go on later. `SLEEP_MS=60000` makes it a real
// sleep of a minute with the usual heartbeat; otherwise it lasts as long as the server needs to give up a quick one.
import { expect, onTestFinished } from "vitest";
import { within } from "../../kit/deadline.ts";
import type { Scenario } from "../bench.ts";
import { party } from "../party.ts";
import { QUICK_HEARTBEAT, type SitePlan } from "../site.ts";
import { untilNoticed, untilOpen } from "../truth.ts";

/** Milliseconds that the machine sleeps at least. */
export const SLEEP_MS = Number(process.env["SLEEP_MS"] ?? 0);
const plan: SitePlan = SLEEP_MS > 0 ? {} : QUICK_HEARTBEAT;

/** Scenarios. */
export const machine: readonly Scenario[] = (["polling", "websocket"] as const).flatMap((name) =>
  (["stays", "is gone"] as const).map(
    (fate): Scenario => ({
      title: `${name}: a machine wakes, and its network ${fate}: its status is soon true, and nothing is lost in silence`,
      async run(bench) {
        const { ledger, network, peer, site, tab } = await party(bench, plan, {
          transports: [name],
          // No event of the page says that the machine was asleep: a loss like any other.
          reconnectionDelay: 1000,
        });
        await ledger.pageEmits("before");
        expect((await ledger.settle()).answered).toEqual(["before"]);
        if (fate === "is gone") await bench.silence(network, peer);
        const wake = bench.sleepMachine();
        const slept = Date.now();
        ledger.serverEmits(peer, "meanwhile");
        const givenUp = new Promise((resolve) => peer.socket.once("disconnect", resolve));
        await within(givenUp, "the server to give it up", SLEEP_MS + 10_000);
        await expect
          .poll(() => Date.now() - slept, { timeout: SLEEP_MS + 1000, interval: 100 })
          .toBeGreaterThanOrEqual(SLEEP_MS);
        const woken = Date.now();
        wake();
        await ledger.pageEmits("just awake");
        const noticedMs = await untilNoticed(tab, woken);
        const { afterMs } = await untilOpen(tab, site, woken, 5000);
        const { answered } = await ledger.settle();
        const told = `noticed after ${noticedMs} ms, open after ${afterMs} ms; answered: ${answered.join(", ")}`;
        const { browserName } = bench;
        onTestFinished(() =>
          console.log(
            `${browserName}: ${name}, network ${fate}, slept ${woken - slept} ms: ${told}`,
          ),
        );
      },
    }),
  ),
);
