// WebTransport for real: a server on Deno, both browsers that have it, our client and Socket.IO's. A short form in Chromium;
// `npm run matrix:webtransport` runs everything.

import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { findProgram, programs } from "../../scripts/browsers.mjs";
import type { DrivenBrowser } from "../browsers/drivers/driver.ts";
import { startChromium, startFirefox } from "../browsers/drivers/puppeteer.ts";
import { deno } from "../hosts/runtimes.ts";
import { within } from "../kit/deadline.ts";
import { type Scenario, scenarios, type Visit } from "./scenarios.ts";
import { type ClientName, Served } from "./served.ts";

const isWhole = process.env.WEBTRANSPORT === "all";
const chosen = scenarios.filter(({ isShort }) => isWhole || isShort === true);
const starters = { chromium: startChromium, firefox: startFirefox } as const;
const browsers = isWhole ? (["chromium", "firefox"] as const) : (["chromium"] as const);

// A browser starts slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

async function play(
  scenario: Scenario,
  { browser, client, served }: { browser: DrivenBrowser; client: ClientName; served: Served },
): Promise<void> {
  const tab = await browser.newTab();
  try {
    await tab.goto(served.page(client));
    const run: Visit["run"] = async (task, argument) => {
      const call = `(${task})(globalThis.world, ${JSON.stringify(argument)})`;
      return (await within(tab.evaluate(call), () => `the page to run ${task}`, 30_000)) as never;
    };
    await scenario.run({ client, served, run });
  } finally {
    await tab.close();
  }
}

for (const name of browsers) {
  const path = findProgram(programs[name]);
  const missing = [path === undefined ? name : [], deno.path === undefined ? "Deno" : []].flat();
  if (missing.length > 0) console.warn(`Without ${missing.join(", ")} WebTransport is not tested`);

  describe.skipIf(missing.length > 0)(name, () => {
    let browser: DrivenBrowser;
    let shared: Served;
    beforeAll(async () => {
      browser = await starters[name](path as string, { acceptInsecureCerts: true });
      shared = await Served.start();
    });
    afterAll(async () => {
      await shared?.[Symbol.asyncDispose]();
      await browser?.[Symbol.asyncDispose]();
    });
    describe.each(["ours", "stock"] as const)("%s", (client) => {
      for (const scenario of chosen) {
        test(`WT10 ${scenario.title}`, async () => {
          if (scenario.options === undefined) {
            await play(scenario, { browser, client, served: shared });
            return;
          }
          await using served = await Served.start(scenario.options);
          await play(scenario, { browser, client, served });
        });
      }
    });
  });
}
