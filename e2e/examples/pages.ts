// Pages of one Chromium for a test file, with the faults that they have reported.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { browserLimits, startChromium } from "../chat/chromium.ts";

/** What a test file opens pages with. */
export interface Pages {
  /** Opens an address in a context of its own, or in that of another page. */
  open(url: string, beside?: Page): Promise<Page>;
}

/** Starts Chromium for the tests around the call; each test ends with its pages closed and no fault reported. */
export function usePages(): Pages {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  vi.setConfig(browserLimits);
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (url, beside) => {
      const context = beside?.context() ?? (await browser.newContext());
      if (beside === undefined) contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on("pageerror", (error) => faults.push(error.message));
      // Failed requests are printed as errors as well: they are part of what is tested.
      page.on("console", (message) => {
        const isFault = message.type() === "error" && !/ERR_|Failed to load/.test(message.text());
        if (isFault) faults.push(message.text());
      });
      await page.goto(url);
      return page;
    },
  };
}
