// WebKit over WebDriver's classic protocol. It has one current window and does one thing at a time, so commands
// wait for each other here. A new window takes half a second, so those that tests have closed are used again.
import { remote } from "webdriverio";
import type { DrivenBrowser, DrivenTab } from "./driver.ts";
import { type Resume, stopTree } from "./process-tree.ts";
import { startScreen, startWebDriver } from "./webkit-processes.ts";

type Session = Awaited<ReturnType<typeof remote>>;

/** What a script hands back: an error would otherwise arrive without its text. */
type Outcome = { readonly value?: unknown } | { readonly error: string };

/** Runs commands one after the other, each in the window it is meant for. */
class Turns {
  /** Windows that no test uses. */
  readonly spare: string[] = [];
  readonly #session: Session;
  #last: Promise<unknown> = Promise.resolve();
  #current: string | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  take<T>(handle: string | undefined, command: (session: Session) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (handle !== undefined && handle !== this.#current) {
        await this.#session.switchToWindow(handle);
        this.#current = handle;
      }
      return await command(this.#session);
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
    const outcome = (await this.#take((session) =>
      session.executeAsyncScript(script, []),
    )) as Outcome;
    if ("error" in outcome) throw new Error(outcome.error);
    return outcome.value;
  }

  async goto(url: string): Promise<void> {
    await this.#take((session) => session.navigateTo(url));
  }

  async hide(): Promise<void> {
    await this.#take((session) => session.minimizeWindow());
  }

  async show(): Promise<void> {
    await this.#take((session) => session.setWindowRect(0, 0, 1000, 700));
  }

  /** WebKit cannot be told to freeze a page; one with an open dialog stands just as still. */
  async freeze(): Promise<void> {
    // A message comes through at once, a timer of a hidden page does not.
    const script = `const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => alert("frozen");
      port2.postMessage("");`;
    await this.#take(async (session) => {
      await session.executeScript(script, []);
      while ((await session.getAlertText().catch(() => "")) === "");
    });
  }

  async unfreeze(): Promise<void> {
    await this.#take((session) => session.dismissAlert());
  }

  async close(): Promise<void> {
    await this.goto("about:blank");
    this.#turns.spare.push(this.#handle);
  }

  #take<T>(command: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.take(this.#handle, command);
  }
}

class WebKitBrowser implements DrivenBrowser {
  readonly name = "webkit";
  readonly #turns: Turns;
  readonly #processes: readonly AsyncDisposable[];
  /** Of the driver, whose children the browser's processes are. */
  readonly #pid: number;

  /** The processes are ended in their order. */
  constructor(turns: Turns, pid: number, processes: readonly AsyncDisposable[]) {
    this.#turns = turns;
    this.#pid = pid;
    this.#processes = processes;
  }

  async newTab(): Promise<DrivenTab> {
    const handle = this.#turns.spare.pop() ?? (await this.#newWindow());
    const tab = new WebKitTab(this.#turns, handle);
    await tab.show();
    return tab;
  }

  stopProcesses(): Resume {
    return stopTree(this.#pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.take(undefined, (session) => session.deleteSession());
    for (const running of this.#processes) await running[Symbol.asyncDispose]();
  }

  async #newWindow(): Promise<string> {
    // A window rather than a tab: only those can be hidden and shown.
    const created = await this.#turns.take(undefined, (session) => session.createWindow("window"));
    return created.handle;
  }
}

/** Where WebKit's programs are. */
export interface WebKitPaths {
  readonly driver: string;
  readonly screen: string;
}

/** Starts WebKit, in the small browser that comes with its driver, on a screen of its own. */
export async function startWebKit(paths: WebKitPaths): Promise<DrivenBrowser> {
  const processes: AsyncDisposable[] = [];
  try {
    const screen = await startScreen(paths.screen);
    processes.unshift(screen);
    const driver = await startWebDriver(paths.driver, screen.display);
    processes.unshift(driver);
    const session = await remote({
      hostname: "127.0.0.1",
      port: driver.port,
      logLevel: "silent",
      // A command that has failed fails again.
      connectionRetryCount: 0,
      capabilities: { browserName: "MiniBrowser", "wdio:enforceWebDriverClassic": true },
    });
    // Longer than any wait of the tests, which say what they have waited for.
    await session.setTimeouts(undefined, undefined, 12_000);
    return new WebKitBrowser(new Turns(session), driver.pid, processes);
  } catch (error) {
    for (const running of processes) await running[Symbol.asyncDispose]();
    throw error;
  }
}
