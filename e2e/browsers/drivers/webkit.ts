// WebKit over WebDriver's classic protocol. It has one current window and does one thing at a time, so
// commands wait for each other here. It cannot be told to be offline or to freeze a page.
import { remote } from "webdriverio";
import type { DrivenBrowser, DrivenTab } from "./driver.ts";
import { startScreen, startWebDriver } from "./webkit-processes.ts";

type Session = Awaited<ReturnType<typeof remote>>;

/** What a script hands back: an error would otherwise arrive without its text. */
type Outcome = { readonly value: unknown } | { readonly error: string };

/** Runs commands one after the other, each in the window it is meant for. */
class Turns {
  readonly session: Session;
  #last: Promise<unknown> = Promise.resolve();
  #current: string | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  take<T>(handle: string | undefined, command: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (handle !== undefined && handle !== this.#current) {
        await this.session.switchToWindow(handle);
        this.#current = handle;
      }
      return await command();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}

class WebKitTab implements DrivenTab {
  readonly #turns: Turns;
  readonly #handle: string;

  constructor(turns: Turns, handle: string) {
    this.#turns = turns;
    this.#handle = handle;
  }

  async evaluate(expression: string): Promise<unknown> {
    const script = `const done = arguments[0];
      Promise.resolve().then(() => (${expression}))
        .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
    const { session } = this.#turns;
    const outcome = await this.#turns.take(
      this.#handle,
      async () => (await session.executeAsyncScript(script, [])) as Outcome,
    );
    if ("error" in outcome) throw new Error(outcome.error);
    // What is undefined in the page has no place in JSON.
    return outcome.value ?? undefined;
  }

  async goto(url: string): Promise<void> {
    await this.#turns.take(this.#handle, () => this.#turns.session.navigateTo(url));
  }

  async bringToFront(): Promise<void> {
    await this.#turns.take(this.#handle, async () => {});
  }

  async close(): Promise<void> {
    await this.#turns.take(this.#handle, () => this.#turns.session.closeWindow());
  }
}

class WebKitBrowser implements DrivenBrowser {
  readonly name = "webkit";
  readonly #turns: Turns;
  readonly #processes: readonly AsyncDisposable[];

  /** The processes are ended in their order. */
  constructor(turns: Turns, processes: readonly AsyncDisposable[]) {
    this.#turns = turns;
    this.#processes = processes;
  }

  async newTab(): Promise<DrivenTab> {
    const { handle } = await this.#turns.take(undefined, () =>
      this.#turns.session.createWindow("tab"),
    );
    return new WebKitTab(this.#turns, handle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.take(undefined, () => this.#turns.session.deleteSession());
    for (const running of this.#processes) await running[Symbol.asyncDispose]();
  }
}

/** Where WebKit's programs are. */
export interface WebKitPaths {
  readonly driver: string;
  readonly screen: string;
}

/** Starts WebKit, in the small browser that comes with its driver, on a screen of its own. */
export async function startWebKit(paths: WebKitPaths): Promise<DrivenBrowser> {
  const screen = await startScreen(paths.screen);
  const driver = await startWebDriver(paths.driver, screen.display);
  const session = await remote({
    hostname: "127.0.0.1",
    port: driver.port,
    logLevel: "error",
    capabilities: { browserName: "MiniBrowser", "wdio:enforceWebDriverClassic": true },
  });
  // Longer than any wait of the tests, which say what they have waited for.
  await session.setTimeouts(undefined, undefined, 30_000);
  return new WebKitBrowser(new Turns(session), [driver, screen]);
}
