// The chat with accounts: who is refused, what a token's end does to a connection, and what is still there after a crash.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { io as connect } from "socket.io-client";
import { afterAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { within } from "../kit/deadline.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "accounts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(chromiumPath === undefined)("the example accounts", () => {
  const pages = usePages();

  async function fillIn(
    page: Page,
    [name, password, button]: [string, string, string],
  ): Promise<void> {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: button }).click();
  }
  async function say(page: Page, text: string): Promise<void> {
    await page.getByLabel("Message", { exact: true }).fill(text);
    await page.keyboard.press("Enter");
  }

  test("people with accounts talk; messages and sessions survive a crash, tokens are renewed", async () => {
    const settings = { DATABASE: join(folder, "chat.db"), TOKEN_SECONDS: "4" };
    await using example = await Example.start("accounts", settings);
    const ada = await pages.open(example.url);
    await ada.getByLabel("Name").waitFor();
    await expectGoodLooks(ada, "accounts-entrance");
    await fillIn(ada, ["Ada", "correct horse", "Make an account"]);
    await ada.getByText("Online").waitFor();
    await say(ada, "Is anybody here?");

    const bo = await pages.open(example.url);
    await fillIn(bo, ["ada", "something else", "Make an account"]);
    await bo.getByText("The name is taken.").waitFor();
    await fillIn(bo, ["Ada", "wrong password", "Log in"]);
    await bo.getByText("Name or password is wrong.").waitFor();
    await fillIn(bo, ["Bo", "battery staple", "Make an account"]);
    await bo.locator("li", { hasText: "Is anybody here?" }).waitFor();
    await say(bo, "I am.");
    await ada.locator("li", { hasText: "I am." }).waitFor();
    // A renewed token leaves the connection as it is: both have been here for longer than a token holds.
    await ada.waitForFunction("performance.now() > 5000");
    expect(await ada.locator("#connection").textContent()).toBe("Online");

    await example.kill();
    await ada.getByText("Offline, trying again").waitFor();
    await say(ada, "Written without a server.");
    await example.restart();
    await bo.locator("li", { hasText: "Written without a server." }).waitFor();
    await bo.reload();
    await bo.getByText("You are Bo").waitFor();
    for (const page of [ada, bo]) {
      const texts = page.locator("li p");
      await expect.poll(() => texts.count(), { timeout: 30_000 }).toBe(3);
      expect(await texts.allTextContents()).toEqual([
        "Is anybody here?",
        "I am.",
        "Written without a server.",
      ]);
    }
    await expectGoodLooks(ada, "accounts");

    await bo.getByRole("button", { name: "Log out" }).click();
    await bo.getByLabel("Password").waitFor();
    expect(await bo.context().cookies()).toEqual([]);
  });

  test("a client without a token, or with a made-up one, does not get in; scripts cannot read the cookie", async () => {
    await using example = await Example.start("accounts", { DATABASE: join(folder, "other.db") });
    for (const auth of [{}, { token: "e30.e30.e30" }]) {
      const socket = connect(example.url, { auth, forceNew: true, reconnection: false });
      const refusal = new Promise<Error>((resolve) => socket.on("connect_error", resolve));
      const { data } = (await within(refusal, "a refusal")) as Error & { data?: { code: string } };
      expect(data?.code).toMatch(/CREDENTIALS$/);
      socket.close();
    }
    const form = await fetch(`${example.url}/session`, { method: "POST", body: "name=Ada" });
    expect(form.status).toBe(415);
    const page = await pages.open(example.url);
    await fillIn(page, ["Mira", "staple battery", "Make an account"]);
    await page.getByText("Online").waitFor();
    expect(await page.evaluate("document.cookie")).toBe("");
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  });
});
