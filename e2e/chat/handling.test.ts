// How the chat handles: by keyboard alone, on a narrow phone, with pictures good and bad.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ChatServer, startChat } from "./chat-server.ts";
import { ChatTab, newVisitor, openTab } from "./chat-tab.ts";
import { browserLimits, chromiumPath, startChromium } from "./chromium.ts";
import { plainPicture } from "./pictures.ts";

vi.setConfig(browserLimits);

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, deviceScaleFactor: 2 };

describe.skipIf(chromiumPath === undefined)("handling", () => {
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

  test("everything can be done by keyboard, and the focus can always be seen", async () => {
    const visitor = await newVisitor(browser, "Kay");
    const page = await visitor.context.newPage();
    const tab = new ChatTab(page);
    const { keyboard } = page;
    /** Walks through the page until the focus is on this element. */
    const walkTo = async (selector: string, key: "Tab" | "Shift+Tab"): Promise<void> => {
      const target = page.locator(`${selector}:focus`);
      for (let step = 0; step < 40 && (await target.count()) === 0; step += 1) {
        await keyboard.press(key);
      }
      expect(await target.count(), `${selector} can be reached`).toBe(1);
      if (selector !== "#message") {
        const outline = await target.evaluate(
          (element) => element.ownerDocument.defaultView?.getComputedStyle(element).outlineStyle,
        );
        expect(outline, `the focus on ${selector}`).toBe("solid");
      }
    };

    await page.goto(server.url);
    await page.locator("#name-input:focus").waitFor();
    expect(await page.locator("#people-count").textContent()).toBe("");
    const ring = async (): Promise<string> =>
      await page.locator("#composer").evaluate((form) => {
        const { defaultView } = form.ownerDocument;
        return defaultView?.getComputedStyle(form).boxShadow ?? "";
      });
    expect(await ring()).toBe("none");
    await keyboard.press("Escape");
    await keyboard.type("Kay");
    await keyboard.press("Enter");
    await tab.isOnline();
    await page.locator("#message:focus").waitFor();
    expect(await page.locator("#people-count").textContent()).toBe("1");
    expect(await ring()).not.toBe("none");
    await walkTo("#picture-pick", "Shift+Tab");
    expect(await ring()).toBe("none");
    await walkTo("#message", "Tab");
    await keyboard.type("first line");
    await keyboard.press("Shift+Enter");
    await keyboard.type("second line");
    await keyboard.press("Enter");
    await tab.shows("first line\nsecond line");
    await keyboard.type("See https://example.com/river.");
    await keyboard.press("Enter");
    const link = page.locator('.text a[href="https://example.com/river"]');
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
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
    for (const [event, target] of [
      ["paste", "#message"],
      ["drop", "#log"],
    ] as const) {
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
    const visitor = await newVisitor(browser, "Phoebe", phone);
    const tab = await openTab(visitor, server.url);
    const { page } = tab;
    await tab.say(`a long word: ${"w".repeat(120)}`);
    await tab.shows("a long word");
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
    const small = await page
      .locator("button:visible, .room:visible")
      .evaluateAll((all) =>
        all.filter((one) => one.getBoundingClientRect().height < 38).map((one) => one.outerHTML),
      );
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
});
