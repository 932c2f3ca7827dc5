// Chromium over the DevTools protocol and Firefox over WebDriver BiDi. Puppeteer speaks both, and unlike
// Playwright it leaves pages their visibility and the back-forward cache.
import { once } from "node:events";
import puppeteer, { type Browser, type CDPSession, type Page } from "puppeteer-core";
import { quietFlags } from "../../../scripts/browsers.mjs";
import { within } from "../../kit/deadline.ts";
import type { BrowserName, DrivenBrowser, DrivenTab } from "./driver.ts";
import { type Resume, stopDescendants, stopTree } from "./process-tree.ts";

abstract class PuppeteerTab implements DrivenTab {
  protected readonly page: Page;
  /** A tab to put in front of this one. */
  readonly #cover: Page;

  constructor(page: Page, cover: Page) {
    this.page = page;
    this.#cover = cover;
  }

  async evaluate(expression: string): Promise<unknown> {
    return await this.page.evaluate(expression);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async hide(): Promise<void> {
    await this.#cover.bringToFront();
  }

  async show(): Promise<void> {
    await this.page.bringToFront();
  }

  abstract freeze(): Promise<void>;
  abstract unfreeze(): Promise<void>;

  async setOffline(isOffline: boolean): Promise<void> {
    await this.page.setOfflineMode(isOffline);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** Freezes as Chromium does to save power. */
class ChromiumTab extends PuppeteerTab {
  #session: CDPSession | undefined;

  async freeze(): Promise<void> {
    this.#session ??= await this.page.createCDPSession();
    await this.#session.send("Page.setWebLifecycleState", { state: "frozen" });
  }

  async unfreeze(): Promise<void> {
    await this.#session?.send("Page.setWebLifecycleState", { state: "active" });
  }

  async crash(): Promise<void> {
    const crashed = once(this.page as unknown as NodeJS.EventEmitter, "error");
    const session = await this.page.createCDPSession();
    // It is never answered.
    session.send("Page.crash").catch(() => {});
    await within(crashed, "the page to crash");
  }
}

/**
 * Firefox cannot be told to freeze a page, and one with an open dialog still hears of what its WebSocket receives. So
 * the processes that run pages are stopped.
 */
class FirefoxTab extends PuppeteerTab {
  #resume: Resume | undefined;

  async freeze(): Promise<void> {
    const pid = this.page.browser().process()?.pid as number;
    this.#resume = stopDescendants(pid, / tab$/);
  }

  async unfreeze(): Promise<void> {
    this.#resume?.();
  }

  override async close(): Promise<void> {
    this.#resume?.();
    await super.close();
  }
}

class PuppeteerBrowser implements DrivenBrowser {
  readonly name: BrowserName;
  readonly #browser: Browser;
  readonly #cover: Page;

  constructor(name: BrowserName, browser: Browser, cover: Page) {
    this.name = name;
    this.#browser = browser;
    this.#cover = cover;
  }

  async newTab(): Promise<DrivenTab> {
    const page = await this.#browser.newPage();
    const Tab = this.name === "chromium" ? ChromiumTab : FirefoxTab;
    const tab = new Tab(page, this.#cover);
    await tab.show();
    return tab;
  }

  stopProcesses(): Resume {
    return stopTree(this.#browser.process()?.pid as number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** With these, which the driver gives unasked, a hidden page runs as if it could be seen. */
const UNTRUE_FLAGS = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** How a browser may be started. */
export interface StartOptions {
  /** Whether certificates that nobody vouches for are taken. */
  readonly acceptInsecureCerts?: boolean;
}

/** Starts Chromium. */
export async function startChromium(
  executablePath: string,
  options: StartOptions = {},
): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({
    ...options,
    browser: "chrome",
    executablePath,
    args: quietFlags.chromium,
    ignoreDefaultArgs: UNTRUE_FLAGS,
  });
  return new PuppeteerBrowser("chromium", browser, await browser.newPage());
}

/** Starts Firefox. */
export async function startFirefox(
  executablePath: string,
  options: StartOptions = {},
): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({ ...options, browser: "firefox", executablePath });
  return new PuppeteerBrowser("firefox", browser, await browser.newPage());
}
