// How a page looks to a program: axe finds nothing (contrast, labels, roles, keyboard) and nothing is wider than the window, dark on
// a phone and light on a desktop. SCREENSHOTS names a folder for pictures, to be looked at by people: then each is seen in
// both colours.

import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 860 };
const folder = process.env["SCREENSHOTS"];
// The last is how the page is afterwards.
const LOOKS = [
  ...(folder === undefined ? [] : [{ size: PHONE, colorScheme: "light" } as const]),
  { size: PHONE, colorScheme: "dark" },
  ...(folder === undefined ? [] : [{ size: DESKTOP, colorScheme: "dark" } as const]),
  { size: DESKTOP, colorScheme: "light" },
] as const;

interface Finding {
  readonly id: string;
  readonly where: string[];
}

// Runs in the browser, which is why it is text here.
const RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html, failureSummary }) => html + " " + failureSummary) })))`;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Looks at a page as it is now; it is wide and light afterwards. */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  await page.evaluate(axe.source);
  for (const { colorScheme, size } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const where = `${name}, ${size.width} px, ${colorScheme}`;
    const file = `${name}-${size.width}-${colorScheme}.png`;
    if (folder !== undefined) await page.screenshot({ path: join(folder, file) });
    expect(await page.evaluate<Finding[]>(RUN), where).toEqual([]);
    expect(await page.evaluate<number>(OVERFLOW), `${where}: wider than the window`).toBe(0);
  }
}
