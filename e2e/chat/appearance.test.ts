// How the chat looks and handles: by keyboard alone, on a phone, in light and dark. Keeps the two
// pictures for the documentation when UPDATE_SCREENSHOTS=1.
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChatServer, startChat } from "./chat-server.ts";
import { ChatTab, newVisitor, openTab, type Visitor } from "./chat-tab.ts";
import { chromiumPath, startChromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";
import { plainPicture, riverPicture } from "./pictures.ts";

const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const keepsImages = process.env.UPDATE_SCREENSHOTS === "1";
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

  test("everything can be done by keyboard, and the focus can always be seen", async () => {
    const visitor = await newVisitor(browser, "Kay");
    const page = await visitor.context.newPage();
    const tab = new ChatTab(page);
    const { keyboard } = page;
    const focused = page.locator(":focus");
    /** Walks through the page until the focus is on this element. */
    const walkTo = async (selector: string, key: "Tab" | "Shift+Tab"): Promise<void> => {
      const target = page.locator(`${selector}:focus`);
      for (let step = 0; step < 40 && (await target.count()) === 0; step += 1) {
        await keyboard.press(key);
      }
      expect(await target.count(), `${selector} can be reached`).toBe(1);
      if (selector !== "#message") {
        expect(await focused.evaluate("(element) => getComputedStyle(element).outlineStyle")).not.toBe("none");
      }
    };

    await page.goto(server.url);
    await page.locator("#name-input:focus").waitFor();
    await keyboard.press("Escape");
    await keyboard.type("Kay");
    await keyboard.press("Enter");
    await tab.isOnline();
    await page.locator("#message:focus").waitFor();
    await keyboard.type("first line");
    await keyboard.press("Shift+Enter");
    await keyboard.type("second line");
    await keyboard.press("Enter");
    await tab.shows("first line\nsecond line");
    await tab.sendPicture(plainPicture(300, 200), "a picture");
    await tab.shows("a picture");

    await walkTo(".picture", "Shift+Tab");
    await keyboard.press("Enter");
    await page.locator("#lightbox[open] img").waitFor();
    await keyboard.press("Escape");
    await page.locator(".picture:focus").waitFor();

    await walkTo("#new-room-name", "Shift+Tab");
    await keyboard.type("no/slash");
    await keyboard.press("Enter");
    await page.getByRole("alert").getByText("letters, digits").waitFor();
    await keyboard.press("Control+A");
    await keyboard.type("By Keyboard");
    await keyboard.press("Enter");
    await tab.showsRoom("by-keyboard");
    await page.locator("#message:focus").waitFor();
    await walkTo('.room[href="#lobby"]', "Shift+Tab");
    await keyboard.press("Enter");
    await tab.showsRoom("lobby");
    await tab.shows("a picture");

    await walkTo("#me-rename", "Shift+Tab");
    await keyboard.press("Enter");
    await page.locator("#name-input:focus").waitFor();
    await keyboard.press("Escape");
    await page.locator("#me-rename:focus").waitFor();
    expect(tab.errors).toEqual([]);
    await visitor.context.close();
  });

  test("a file that is no picture, or too large a one, gets a clear answer", async () => {
    const visitor = await newVisitor(browser, "Petra");
    const tab = await openTab(visitor, server.url);
    const notice = tab.page.locator("#notice");
    await tab.attach(new TextEncoder().encode("<svg onload=alert(1)>"));
    await notice.getByText("Only PNG, JPEG, GIF and WebP pictures can be sent.").waitFor();
    await tab.attach(Buffer.concat([plainPicture(4, 4), Buffer.alloc(3 * 1024 * 1024)]));
    await notice.getByText("This picture has 3 MB. The most is 2 MB.").waitFor();
    await tab.attach(plainPicture(4, 4).subarray(0, 20));
    await notice.getByText("This picture seems to be damaged.").waitFor();
    expect(await tab.page.locator("#preview").isVisible()).toBe(false);
    await visitor.context.close();
  });

  test("pictures can be pasted and dropped", async () => {
    const visitor = await newVisitor(browser, "Petra");
    const tab = await openTab(visitor, server.url);
    for (const [event, target] of [["paste", "#message"], ["drop", "#log"]] as const) {
      const bytes = JSON.stringify([...plainPicture(30, 20)]);
      await tab.page.evaluate(`{
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(${bytes})], "x", { type: "image/png" }));
        const options = { bubbles: true, cancelable: true };
        document.querySelector("${target}").dispatchEvent("${event}" === "paste"
          ? new ClipboardEvent("paste", { ...options, clipboardData: data })
          : new DragEvent("drop", { ...options, dataTransfer: data }));
      }`);
      await tab.page.getByAltText("What will be sent").waitFor();
      await tab.say(`came by ${event}`);
      expect(await tab.showsPicture(`came by ${event}`)).toEqual({ width: 30, height: 20 });
    }
    await visitor.context.close();
  });

  test("on a narrow phone nothing sticks out, and the side panels are drawers", async () => {
    const visitor = await newVisitor(browser, "Phoebe", { ...phone, viewport: { width: 320, height: 640 } });
    const tab = await openTab(visitor, server.url);
    const { page } = tab;
    await tab.say(`a long word: ${"w".repeat(120)}`);
    await tab.shows("a long word");
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
    const small = await page
      .locator("button:visible, .room:visible")
      .evaluateAll("(all) => all.filter((one) => one.offsetHeight < 40).map((one) => one.outerHTML)");
    expect(small).toEqual([]);

    const rooms = page.getByRole("navigation", { name: "Rooms" });
    expect(await rooms.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Show the rooms" }).click();
    await rooms.getByRole("link", { name: "lobby" }).waitFor();
    await page.keyboard.press("Escape");
    await rooms.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Show who is online" }).click();
    await tab.showsPeople(["Phoebe"]);
    await page.getByRole("button", { name: "Close the people" }).click();
    await page.getByRole("complementary", { name: "Who is online" }).waitFor({ state: "hidden" });
    await visitor.context.close();
  });

  test("the picture in the documentation: two rooms, messages, a picture; text can be read", async () => {
    const ada = await knownVisitor(await newVisitor(browser, "Ada Lind", { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 2 }), "a");
    const bo = await knownVisitor(await newVisitor(browser, "Bo", { ...phone, colorScheme: "dark" }), "5");
    const mira = await knownVisitor(await newVisitor(browser, "Mira Sol"), "c");
    const room = `${server.url}/#river-watch`;
    const adaTab = await openTab(ada, room);
    const boTab = await openTab(bo, room);
    const miraTab = await openTab(mira, server.url);
    await adaTab.say("Morning! Has anyone been to the counting station yet?");
    await boTab.shows("Morning!");
    await boTab.say("Just came back from it.");
    await boTab.say("The water is at 11.4 °C and they are early this year:\n312 before noon, twice as many as last week.");
    await adaTab.shows("312 before noon");
    await adaTab.say("Twice as many! Any pictures?");
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
      await adaTab.page.emulateMedia({ colorScheme });
      for (const text of texts) {
        const contrast = await contrastOf(adaTab.page, text);
        expect(contrast, `${text} when it is ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const { context } of [ada, bo, mira]) await context.close();
  });
});
