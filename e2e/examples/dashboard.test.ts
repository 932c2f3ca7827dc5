// The dashboard: figures arrive each second, can be stopped, and count what pages send. Made with the Vue binding.

import { describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

describe.skipIf(chromiumPath === undefined)("the example dashboard", () => {
  const pages = usePages();

  test("charts grow, stop and go on; a second page gets what was before it", async () => {
    await using example = await Example.start("dashboard", { INTERVAL_MS: "100" });
    const page = await pages.open(example.url);
    await page.getByText("1 page connected").waitFor();
    const points = async (): Promise<number> => {
      const line = (await page.locator("polyline").first().getAttribute("points")) ?? "";
      return line.split(" ").length;
    };
    await expect.poll(points, { timeout: 15_000 }).toBeGreaterThan(5);
    await page.getByRole("button", { name: "Send 500 events" }).click();
    await page.getByText("500 events answered in").waitFor();
    const events = page.getByRole("img", { name: /^Events/ });
    await expect(events.getAttribute("aria-label")).resolves.toMatch(/now \d+ per second/);

    const pause = page.getByRole("button", { name: "Pause" });
    await pause.click();
    expect(await pause.getAttribute("aria-pressed")).toBe("true");
    const other = await pages.open(example.url);
    await other.getByText("2 pages connected").waitFor();
    await page.getByText("1 page connected").waitFor();
    const history = await other.locator("polyline").first().getAttribute("points");
    expect(history?.split(" ").length).toBeGreaterThan(5);
    await pause.click();
    await page.getByText("2 pages connected").waitFor();
    await expectGoodLooks(page, "dashboard");
  });
});
