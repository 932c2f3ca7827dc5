// How a page looks to a program: in light and dark, wide and narrow, axe finds nothing (contrast, labels, roles, keyboard) and
// nothing is wider than the window. SCREENSHOTS names a folder for pictures, to be looked at by people.

import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const SIZES = [
  { width: 1280, height: 860 },
  { width: 390, height: 844 },
] as const;

interface Finding {
  readonly id: string;
  readonly where: string[];
}

// Runs in the browser, which is why it is text here.
const RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html, failureSummary }) => html + " " + failureSummary) })))`;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Looks at a page as it is now, in four ways; it is wide and light afterwards. */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  await page.evaluate(axe.source);
  for (const size of [...SIZES].reverse()) {
    await page.setViewportSize(size);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const where = `${name}, ${size.width} px, ${colorScheme}`;
      const file = `${name}-${size.width}-${colorScheme}.png`;
      if (folder !== undefined) await page.screenshot({ path: join(folder, file) });
      expect(await page.evaluate<Finding[]>(RUN), where).toEqual([]);
      expect(await page.evaluate<number>(OVERFLOW), `${where}: wider than the window`).toBe(0);
    }
  }
}
