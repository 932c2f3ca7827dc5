// Upload: with progress, through a lost connection, on from where it stopped; what is stored is what was chosen.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { startBadNetwork } from "../chat/bad-network.ts";
import { chromiumPath } from "../chat/chromium.ts";
import { expectGoodLooks } from "./appearance.ts";
import { Example } from "./example-program.ts";
import { usePages } from "./pages.ts";

describe.skipIf(chromiumPath === undefined)("the example upload", () => {
  const pages = usePages();

  test("a file arrives whole, although the connection is lost and the upload paused on its way", async () => {
    await using example = await Example.start("upload", { DELAY_MS: "150" });
    await using network = await startBadNetwork(Number(new URL(example.url).port), "pass");
    const page = await pages.open(network.url);
    await page.getByText("Online").waitFor();
    const large = Buffer.alloc(4 * 1024 * 1024, "The river is cold. ");
    const digestOf = (bytes: Buffer): string =>
      createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const choose = page.getByLabel(/Choose files/);
    await choose.setInputFiles({ name: "river.txt", mimeType: "text/plain", buffer: large });
    const line = page.locator("li", { hasText: "river.txt" });
    await line.getByRole("button", { name: "Pause river.txt" }).click();
    await line.getByText(/^Paused at/).waitFor();
    network.cut();
    await page.getByText("Offline, trying again").waitFor();
    await line.getByRole("button", { name: "Continue river.txt" }).click();
    await line.getByText(/^Waits for the connection/).waitFor();
    network.mend();
    await line.getByText(`Stored · SHA-256 ${digestOf(large)}…`).waitFor();

    const small = Buffer.from("small");
    await choose.setInputFiles([
      { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
      { name: "small.txt", mimeType: "text/plain", buffer: small },
    ]);
    for (const bytes of [Buffer.alloc(0), small]) {
      await page.getByText(`Stored · SHA-256 ${digestOf(bytes)}…`).waitFor();
    }
    expect(await page.locator("li b").allTextContents()).toEqual([
      "small.txt",
      "empty.txt",
      "river.txt",
    ]);
    await expectGoodLooks(page, "upload");
  });
});
