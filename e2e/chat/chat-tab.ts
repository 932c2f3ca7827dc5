// The chat as a person sees it in one tab: what can be done there, and what can be read there.
// Waits are conditions on the page, each with one time limit; nothing here sleeps.
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from "playwright-core";
import { expect } from "vitest";

// Longer than the server takes to notice a page that is gone without a word.
const patienceMs = 30_000;
const withPatience = { timeout: patienceMs, interval: 25 };

/** The part of an image element that is read here; this project knows no DOM. */
interface Natural {
  readonly naturalWidth?: number;
  readonly naturalHeight?: number;
}

/** A person's browser: its tabs share what the person is. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly name: string;
}

/** A new browser profile for a person who has never been here. */
export async function newVisitor(
  browser: Browser,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  return { context, name };
}

/** Opens the chat in a new tab, introduces the person if asked to, and waits for the connection. */
export async function openTab(visitor: Visitor, url: string): Promise<ChatTab> {
  const page = await visitor.context.newPage();
  const tab = new ChatTab(page);
  await page.goto(url);
  const nameBox = page.getByRole("textbox", { name: "Your name" });
  await nameBox.or(page.locator("#connection[data-state=open]")).first().waitFor();
  if (await nameBox.isVisible()) {
    await nameBox.fill(visitor.name);
    await nameBox.press("Enter");
  }
  await tab.isOnline();
  return tab;
}

/** One tab. */
export class ChatTab {
  readonly page: Page;
  /** Errors that the page's script did not catch. */
  readonly errors: Error[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error));
  }

  get box(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  /** Writes a message and sends it. */
  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Attaches a picture and sends it with these words. */
  async sendPicture(picture: Uint8Array, caption: string): Promise<void> {
    await this.attach(picture);
    await this.page.getByAltText("What will be sent").waitFor();
    await this.say(caption);
  }

  /** Picks a file in the file dialog. */
  async attach(bytes: Uint8Array): Promise<void> {
    await this.page
      .locator("#picture-file")
      .setInputFiles({ name: "a file", mimeType: "", buffer: Buffer.from(bytes) });
  }

  /** Creates a room, or goes to it if it exists. */
  async createRoom(name: string): Promise<void> {
    await this.page.getByLabel("Name of a new room").fill(name);
    await this.page.getByRole("button", { name: "Create the room" }).click();
    await this.showsRoom(name);
  }

  async goTo(room: string): Promise<void> {
    await this.roomLink(room).click();
    await this.showsRoom(room);
  }

  /** The room's entry in the list; its text ends with the number of unread messages. */
  roomLink(room: string): Locator {
    return this.page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: room });
  }

  /** The messages with exactly this text, sent or not. */
  messages(text: string): Locator {
    return this.page.locator(".message .text").getByText(text, { exact: true });
  }

  /** Waits until a message is there and was accepted by the server. */
  async shows(text: string): Promise<void> {
    await this.page
      .locator(".message:not(.is-sending)")
      .filter({ hasText: text })
      .first()
      .waitFor();
  }

  /** Waits until the picture of a message can be seen, and gives its size in pixels. */
  async showsPicture(caption: string): Promise<{ width: number; height: number }> {
    const image = this.page.locator(".message").filter({ hasText: caption }).locator("img");
    const size = (): Promise<{ width: number; height: number }> =>
      image.evaluate((found) => {
        const { naturalWidth: width = 0, naturalHeight: height = 0 } = found as unknown as Natural;
        return { width, height };
      });
    await image.waitFor();
    await expect.poll(async () => (await size()).width, withPatience).toBeGreaterThan(0);
    return await size();
  }

  async showsRoom(name: string): Promise<void> {
    await this.page.locator("#room-title").getByText(name, { exact: true }).waitFor();
    await this.page.getByPlaceholder(`Message #${name}`).waitFor();
  }

  /** Waits until this text stands where typing notices stand; `""` for none. */
  async showsTyping(text: string): Promise<void> {
    await expect
      .poll(() => this.page.locator("#typing-text").textContent(), withPatience)
      .toBe(text);
  }

  /** Waits until exactly these people are listed as being in the room and elsewhere. */
  async showsPeople(here: readonly string[], elsewhere: readonly string[] = []): Promise<void> {
    const names = async (list: string): Promise<string[]> =>
      (await this.page.locator(`${list} .person-name`).allTextContents()).sort();
    await expect
      .poll(
        async () => [await names("#people-here"), await names("#people-elsewhere")],
        withPatience,
      )
      .toEqual([[...here].sort(), [...elsewhere].sort()]);
    const count = String(here.length + elsewhere.length);
    expect(await this.page.locator("#people-count").textContent()).toBe(count);
  }

  async isOnline(): Promise<void> {
    await this.page.locator("#connection[data-state=open]").waitFor();
  }

  async isReconnecting(): Promise<void> {
    await this.page
      .locator("#connection:is([data-state=waiting], [data-state=connecting])")
      .waitFor();
  }

  /** Waits until the label says that this transport is in use, and how long the way takes. */
  async showsTransport(label: "WebSocket" | "Polling"): Promise<void> {
    await this.page.locator("#connection").getByText(label, { exact: true }).waitFor();
    await this.page
      .locator("#connection-figure")
      .getByText(/^\d+ ms$/)
      .waitFor();
  }
}
