// Chromium over the DevTools protocol and Firefox over WebDriver BiDi. Puppeteer speaks both, and unlike
// Playwright it leaves pages their visibility and the back-forward cache.
import puppeteer, { type Browser, type CDPSession, type Page } from "puppeteer-core";
import type { BrowserName, DrivenBrowser, DrivenTab } from "./driver.ts";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

class PuppeteerTab implements DrivenTab {
  protected readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async evaluate(expression: string): Promise<unknown> {
    return await this.page.evaluate(expression);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async bringToFront(): Promise<void> {
    await this.page.bringToFront();
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  async setOffline(isOffline: boolean): Promise<void> {
    await this.page.setOfflineMode(isOffline);
  }
}

/** Only Chromium can be told to freeze a page. */
class ChromiumTab extends PuppeteerTab {
  #session: CDPSession | undefined;

  async freeze(): Promise<void> {
    this.#session = await this.page.createCDPSession();
    await this.#session.send("Page.setWebLifecycleState", { state: "frozen" });
  }

  async unfreeze(): Promise<void> {
    await this.#session?.send("Page.setWebLifecycleState", { state: "active" });
  }
}

class PuppeteerBrowser implements DrivenBrowser {
  readonly name: BrowserName;
  readonly #browser: Browser;

  constructor(name: BrowserName, browser: Browser) {
    this.name = name;
    this.#browser = browser;
  }

  async newTab(): Promise<DrivenTab> {
    const page = await this.#browser.newPage();
    return this.name === "chromium" ? new ChromiumTab(page) : new PuppeteerTab(page);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** Starts Chromium. */
export async function startChromium(executablePath: string): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({ browser: "chrome", executablePath, args: QUIET });
  return new PuppeteerBrowser("chromium", browser);
}

/** Starts Firefox. */
export async function startFirefox(executablePath: string): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath });
  return new PuppeteerBrowser("firefox", browser);
}
