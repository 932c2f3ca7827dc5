// The assistant: text streams in, a reload goes on where it was, and a question that was asked without a server is sent when there
// is one. Made with the React binding, under StrictMode.

import { describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

const END = "its id stays the same.";

describe.skipIf(chromiumPath === undefined)("the example assistant", () => {
  const pages = usePages();

  test("an answer streams in, survives a reload, and is whole; another tab sees it", async () => {
    await using example = await Example.start("assistant", { PAUSE_MS: "12" });
    const page = await pages.open(example.url);
    await page.getByText("Online").waitFor();
    await expectGoodLooks(page, "assistant-empty");
    await page.getByLabel("Your question").fill("Why?");
    await page.keyboard.press("Enter");
    const answer = page.locator(".is-assistant");
    await answer.filter({ hasText: "You asked: “Why?”" }).waitFor();
    expect(await answer.getAttribute("aria-busy")).toBe("true");

    await page.reload();
    await answer.filter({ hasText: "You asked: “Why?”" }).waitFor();
    expect(await answer.getAttribute("aria-busy")).toBe("true");
    const other = await pages.open(page.url(), page);
    for (const tab of [page, other]) {
      await tab.locator('.is-assistant[aria-busy="false"]').waitFor();
      const text = (await tab.locator(".is-assistant").textContent()) ?? "";
      expect(text.endsWith(END)).toBe(true);
      expect(text.split(/\s+/)).toHaveLength(124);
      expect(await tab.locator(".turn").count()).toBe(2);
    }
    await expectGoodLooks(page, "assistant");
  });

  test("stopped, an answer ends; asked without a server, a question waits, also over a reload", async () => {
    await using example = await Example.start("assistant", { PAUSE_MS: "12" });
    const page = await pages.open(example.url);
    await page.getByLabel("Your question").fill("First?");
    await page.keyboard.press("Enter");
    await page.locator(".is-assistant", { hasText: "You asked" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator('.is-assistant[aria-busy="false"]').waitFor();
    expect(await page.locator(".is-assistant").textContent()).not.toContain(END);

    await example.kill();
    await page.getByText("Offline, trying again").waitFor();
    await page.getByLabel("Your question").fill("Are you there?");
    await page.keyboard.press("Enter");
    await page.locator(".is-waiting", { hasText: "Are you there?" }).waitFor();
    await example.restart();
    // What was said is in memory alone; the question was in the browser.
    await page.locator(".is-person:not(.is-waiting)", { hasText: "Are you there?" }).waitFor();
    await page.locator(".is-assistant", { hasText: "You asked: “Are you there?”" }).waitFor();
    expect(await page.locator(".is-person").count()).toBe(1);
  });
});
