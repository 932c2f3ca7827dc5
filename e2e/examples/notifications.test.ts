// Notifications: unread counts on all devices of a person, and none missed or doubled by a lost connection. Made with the Svelte
// binding.

import { describe, expect, test } from "vitest";
import { startBadNetwork } from "../chat/bad-network.ts";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

describe.skipIf(chromiumPath === undefined)("the example notifications", () => {
  const pages = usePages();

  test("what one person sends is unread on both devices of another, until it is read on one", async () => {
    await using example = await Example.start("notifications");
    await using network = await startBadNetwork(Number(new URL(example.url).port), "pass");
    const ada = await pages.open(example.url);
    const bo = await pages.open(`${network.url}/?name=Bo`);
    const phone = await pages.open(`${example.url}/?name=Bo`);
    for (const page of [ada, bo, phone]) await page.getByText("Online").waitFor();
    const send = async (text: string): Promise<void> => {
      await ada.getByLabel("Whom").selectOption("Bo");
      await ada.getByLabel("What").fill(text);
      await ada.keyboard.press("Enter");
      await ada.locator("li, form p").filter({ hasText: "Bo has been notified." }).waitFor();
    };
    const hasUnread = async (page: typeof bo, count: number): Promise<void> => {
      await page.locator(".badge", { hasText: `${count} unread` }).waitFor();
      const title = count > 0 ? `(${count}) Notifications` : "Notifications";
      await expect.poll(() => page.title(), { timeout: 15_000 }).toBe(title);
    };
    await send("The river is rising.");
    await hasUnread(bo, 1);
    await hasUnread(phone, 1);

    network.cut();
    await bo.getByText("Offline, trying again").waitFor();
    await ada.getByLabel("What").fill("Come and see.");
    await ada.keyboard.press("Enter");
    await hasUnread(phone, 2);
    network.mend();
    await hasUnread(bo, 2);
    expect(await bo.locator("li b").allTextContents()).toEqual(["Ada", "Ada"]);
    await expectGoodLooks(phone, "notifications");

    await phone.getByRole("button", { name: /Come and see/ }).click();
    await hasUnread(bo, 1);
    await bo.getByRole("button", { name: "Mark all as read" }).click();
    await hasUnread(phone, 0);
    expect(await phone.locator(".is-unread").count()).toBe(0);
  });
});
