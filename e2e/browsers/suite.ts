// Registers every scenario for one browser, which is started once. Without the browser, they skip and say why.

import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { findProgram, programs } from "../../scripts/browsers.mjs";
import { isWhole } from "../kit/extent.ts";
import { Bench, MEANS, type Scenario } from "./bench.ts";
import type { BrowserName, DrivenBrowser } from "./drivers/driver.ts";
import { background } from "./scenarios/background.ts";
import { binary } from "./scenarios/binary.ts";
import { hints } from "./scenarios/hints.ts";
import { history } from "./scenarios/history.ts";
import { machine, SLEEP_MS } from "./scenarios/machine.ts";
import { mini } from "./scenarios/mini.ts";
import { network } from "./scenarios/network.ts";
import { options } from "./scenarios/options.ts";
import { origins } from "./scenarios/origins.ts";
import { outbox } from "./scenarios/outbox.ts";
import { places } from "./scenarios/places.ts";
import { race } from "./scenarios/race.ts";
import { reconnection } from "./scenarios/reconnection.ts";
import { sleep } from "./scenarios/sleep.ts";
import { status } from "./scenarios/status.ts";
import { transports } from "./scenarios/transports.ts";

/** Everything that is shown in every browser, by topic. */
const topics: Readonly<Record<string, readonly Scenario[]>> = {
  transports,
  race,
  binary,
  options,
  origins,
  reconnection,
  places,
  status,
  background,
  sleep,
  machine,
  network,
  history,
  outbox,
  mini,
  hints,
};

/** What every browser shows in the short form, and what one of them shows; all the rest takes its time with SOCKEYE_MATRIX. */
const EVERYWHERE: ReadonlySet<string> = new Set(["transports", "race"]);
const ONCE: ReadonlySet<string> = new Set([
  ...["outbox", "reconnection", "history", "status", "mini", "hints"],
]);
const isChosen = (topic: string, browser: BrowserName): boolean =>
  isWhole || EVERYWHERE.has(topic) || (browser === "chromium" && ONCE.has(topic));
/** How a browser is started, given the paths of its programs. */
export interface Suite {
  readonly browser: BrowserName;
  /** The rows of the table of programs that the browser needs. */
  readonly needs: readonly (keyof typeof programs)[];
  start(paths: string[]): Promise<DrivenBrowser>;
}

/** Makes the tests of one browser. */
export function registerSuite({ browser: name, needs, start }: Suite): void {
  const paths = needs.map((need) => findProgram(programs[need]));
  const missing = needs.filter((_, index) => paths[index] === undefined);
  if (missing.length > 0) {
    const names = missing.map((need) => `${programs[need].name} (${programs[need].variable})`);
    console.warn(`Not found on PATH: ${names.join(", ")}. The tests of ${name} skip.`);
  }
  vi.setConfig({ testTimeout: 60_000 + SLEEP_MS, hookTimeout: 60_000 });

  describe.skipIf(missing.length > 0)(name, () => {
    let browser: DrivenBrowser | undefined;
    beforeAll(async () => {
      browser = await start(paths as string[]);
    });
    afterAll(async () => {
      await browser?.[Symbol.asyncDispose]();
    });
    for (const [topic, scenarios] of Object.entries(topics)) {
      if (!isChosen(topic, name)) continue;
      describe(topic, () => {
        for (const scenario of scenarios) {
          const { means, title } = scenario;
          test(means ? `${title} (${MEANS[means][name]})` : title, async () => {
            await using bench = new Bench(browser as DrivenBrowser);
            await scenario.run(bench);
          });
        }
      });
    }
  });
}
