// How the chat looks: a conversation in two rooms, on a desktop in light and on a phone in dark; all
// text can be read, and axe finds nothing. Keeps the two pictures for the documentation when UPDATE_SCREENSHOTS=1, and pictures
// of each width in both colours in the folder that SCREENSHOTS names.
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expectGoodLooks } from "../examples/appearance.ts";
import { type ChatServer, startChat } from "./chat-server.ts";
import { newVisitor, openTab, type Visitor } from "./chat-tab.ts";
import { browserLimits, chromiumPath, startChromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";
import { riverPicture } from "./pictures.ts";

vi.setConfig(browserLimits);

const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const keepsImages = process.env.UPDATE_SCREENSHOTS === "1";
const desktop = { viewport: { width: 1280, height: 904 }, deviceScaleFactor: 2 };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, deviceScaleFactor: 2 };

describe.skipIf(chromiumPath === undefined)("appearance", () => {
  let server: ChatServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startChat();
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.kill();
  });

  /** The key decides the colour, so the same picture comes out each time. */
  async function knownVisitor(visitor: Visitor, key: string): Promise<Visitor> {
    const entry = `localStorage.getItem("sockeye-chat.key") ??
      localStorage.setItem("sockeye-chat.key", "${key.repeat(32)}")`;
    await visitor.context.addInitScript({ content: entry });
    return visitor;
  }

  test("the picture in the documentation: two rooms, messages, a picture; text can be read", async () => {
    const ada = await knownVisitor(await newVisitor(browser, "Ada Lind", desktop), "a");
    const bo = await knownVisitor(
      await newVisitor(browser, "Bo", { ...phone, colorScheme: "dark" }),
      "5",
    );
    const mira = await knownVisitor(await newVisitor(browser, "Mira Sol"), "c");
    const room = `${server.url}/#river-watch`;
    const adaTab = await openTab(ada, room);
    const boTab = await openTab(bo, room);
    const miraTab = await openTab(mira, server.url);
    await adaTab.say("Morning! Has anyone been to the counting station yet?");
    await boTab.shows("Morning!");
    await boTab.say("Just came back from it.");
    await boTab.say("The water is at 11.4 °C, and they are early this year: 312 before noon.");
    await adaTab.shows("312 before noon");
    await adaTab.say("Twice as many as last week! Any pictures?");
    await boTab.shows("Any pictures?");
    await boTab.sendPicture(await riverPicture(browser), "From the bridge, half past six");
    await adaTab.showsPicture("From the bridge");
    await boTab.showsPicture("From the bridge");
    await adaTab.say("Oh, that light. It goes on the front page.");
    await boTab.shows("front page");
    await miraTab.say("Who has the key to the boat?");
    await miraTab.say("Found it.");
    await adaTab.roomLink("lobby").getByText("2 unread").waitFor();
    await boTab.box.pressSequentially("Be");
    await adaTab.showsTyping("Bo is typing");
    await adaTab.showsTransport("WebSocket");
    await boTab.showsTransport("WebSocket");
    if (keepsImages) {
      await adaTab.page.screenshot({ path: `${images}chat.png` });
      await boTab.page.screenshot({ path: `${images}chat-phone.png` });
    }

    const texts = [
      ".message:not(.is-mine) .text",
      ".message.is-mine .text",
      ".byline time",
      ".author",
      ".avatar",
      ".divider",
      ".badge",
      ".room[aria-current]",
      ".room:not([aria-current])",
      ".you",
      ".subheading",
      "#connection-state",
      "#connection-figure",
      "#typing-text",
      "#composer-help",
      ".send",
    ];
    for (const colorScheme of ["light", "dark"] as const) {
      await adaTab.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const text of texts) {
        const contrast = await contrastOf(adaTab.page, text);
        expect(contrast, `${text} when it is ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    await expectGoodLooks(adaTab.page, "chat");
    for (const { context } of [ada, bo, mira]) await context.close();
  });

  test("the dialog that asks for a name", async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.locator("#name-input:focus").waitFor();
    await expectGoodLooks(page, "chat-name");
    await page.close();
  });
});
