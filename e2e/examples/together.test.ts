// The shared text: what one types the others see, at the same time and at the same place, and what was typed offline is merged.

import { describe, expect, test } from "vitest";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

describe.skipIf(chromiumPath === undefined)("the example together", () => {
  const pages = usePages();

  test("two pages write one text, also while one of them has no connection", async () => {
    await using example = await Example.start("together");
    const [ada, bo] = [await pages.open(example.url), await pages.open(example.url)];
    const texts = [ada, bo].map((page) => page.getByLabel("The text"));
    const [adaText, boText] = texts as [(typeof texts)[0], (typeof texts)[0]];
    const has = async (area: typeof adaText, text: string): Promise<void> => {
      await expect.poll(() => area.inputValue(), { timeout: 15_000 }).toBe(text);
    };
    await ada.getByText("Dace, line 1").waitFor();
    await adaText.pressSequentially("The river");
    await has(boText, "The river");
    await boText.press("End");
    await boText.pressSequentially(" is cold.\nVery");
    await has(adaText, "The river is cold.\nVery");
    await ada.getByText("Dace, line 2").waitFor();
    // Before the cursor of the other, who goes on where it was.
    await adaText.press("ControlOrMeta+Home");
    await adaText.pressSequentially("Look! ");
    await has(boText, "Look! The river is cold.\nVery");
    await boText.pressSequentially(" cold.");
    await has(adaText, "Look! The river is cold.\nVery cold.");

    await bo.context().setOffline(true);
    await example.kill();
    await ada.getByText("Offline, trying again").waitFor();
    await bo.getByText("Offline, trying again").waitFor();
    await adaText.press("ControlOrMeta+End");
    await adaText.pressSequentially("\nFrom Ada");
    await boText.press("ControlOrMeta+Home");
    await boText.pressSequentially("From Bo: ");
    await bo.context().setOffline(false);
    // The server comes back empty: the pages bring the text.
    await example.restart();
    const merged = "From Bo: Look! The river is cold.\nVery cold.\nFrom Ada";
    await has(adaText, merged);
    await has(boText, merged);
    await ada.getByText("11 words").waitFor();
    await expectGoodLooks(ada, "together");
  });
});
