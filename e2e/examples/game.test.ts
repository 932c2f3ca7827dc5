// The game: fish of all pages swim on each page, food is eaten once, and a fish leaves with its page.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

// Runs in the browser: how many pixels of the river are no water.
const PAINTED = `(() => {
  const { data, width } = document.querySelector("#river").getContext("2d").getImageData(0, 0, 400, 300);
  return [...data].some((value, at) => at % 4 === 0 && value !== data[0]);
})()`;

describe.skipIf(chromiumPath === undefined)("the example game", () => {
  const pages = usePages();
  const pointsOf = async (page: Page): Promise<number> => {
    const line = await page.locator("#score li", { hasText: "(you)" }).textContent();
    return Number(/\d+$/.exec(line ?? "")?.[0] ?? Number.NaN);
  };

  /** Swims up and down at the right edge, where food drifts by. */
  async function swimUntilFed(page: Page): Promise<void> {
    let way = "ArrowDown";
    const before = await pointsOf(page);
    await page.keyboard.down("ArrowRight");
    const turn = async (): Promise<number> => {
      await page.keyboard.up(way);
      way = way === "ArrowDown" ? "ArrowUp" : "ArrowDown";
      await page.keyboard.down(way);
      return await pointsOf(page);
    };
    await expect.poll(turn, { timeout: 45_000, interval: 2000 }).toBeGreaterThan(before);
    for (const key of [way, "ArrowRight"]) await page.keyboard.up(key);
  }

  test("two players swim by keys and by pointing; scores are the same for both", async () => {
    await using example = await Example.start("game");
    const [one, two] = [await pages.open(example.url), await pages.open(example.url)];
    // Food drifts past fish that rest, so that a score may not be 0 any more.
    await one.getByText(/^Char \(you\): \d/).waitFor();
    await one.getByText(/^Dace: \d/).waitFor();
    await two.getByText(/^Dace \(you\): \d/).waitFor();
    expect(await one.evaluate(PAINTED)).toBe(true);
    await one.locator("#river").focus();
    await swimUntilFed(one);
    const points = await pointsOf(one);
    await two
      .getByText(`Char: ${points}`)
      .or(two.getByText(`Char: ${points + 1}`))
      .waitFor();

    const box = await two.locator("#river").boundingBox();
    if (box === null) throw new Error("there is no river");
    // A place that the fish swims to, and past its food on the way.
    const fishOf = (): Promise<string | null> => two.locator("#river").getAttribute("data-at");
    const before = await fishOf();
    await two.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.5);
    await two.mouse.down();
    await expect.poll(fishOf, { timeout: 30_000 }).not.toBe(before);
    await two.mouse.up();
    await expectGoodLooks(one, "game");
    await two.close();
    await one.getByText(/^Dace/).waitFor({ state: "detached" });
  });
});
