// One tab as the tests use it: functions that run in its page, what the page has recorded, and what befalls
// pages in a user's hands. Where a browser cannot be told to do that, what comes nearest is done, and said here.
import type { BadNetwork } from "../chat/bad-network.ts";
import { within } from "../kit/deadline.ts";
import type { DrivenTab } from "./drivers/driver.ts";
import type { Shown, Site } from "./site.ts";
import type { World } from "./world.ts";

/** A function that runs in the page. It is sent as text and can use nothing of the file it stands in. */
export type Task<Argument, Result> = (world: World, argument: Argument) => Result;

/** One tab of a browser, showing a page of a site. */
export class Tab implements AsyncDisposable {
  readonly #driven: DrivenTab;
  readonly #site: Site;
  #isClosed = false;

  constructor(driven: DrivenTab, site: Site) {
    this.#driven = driven;
    this.#site = site;
  }

  /** Runs a function in the page and returns its value, which must be plain data; a promise is awaited. */
  async run<Result, Argument = undefined>(
    task: Task<Argument, Result>,
    argument?: Argument,
  ): Promise<Awaited<Result>> {
    const call = `(${task})(globalThis.world, ${JSON.stringify(argument)})`;
    const result = await within(this.#driven.evaluate(call), () => `the page to run ${task}`);
    return result as Awaited<Result>;
  }

  /** Takes the arguments of the oldest entry of that name from the page's record, waiting if there is none yet. */
  async take(name: string): Promise<unknown[]> {
    const call = `world.inbox.take(${JSON.stringify(name)})`;
    const taken = this.#driven.evaluate(`${call}.then((args) => world.show(args))`);
    return (await within(taken, `"${name}" in the page`)) as unknown[];
  }

  /** The names of everything recorded and not taken, in order. */
  async names(): Promise<string[]> {
    return await this.run(({ inbox }) => inbox.names());
  }

  async goto(url: string): Promise<Shown> {
    await this.#driven.goto(url);
    return await this.#site.nextShown();
  }

  /** Goes back in the tab's history, and waits until that page is shown. */
  async back(): Promise<Shown> {
    await this.run(() => {
      setTimeout(() => history.back(), 0);
    });
    const shown = await this.#site.nextShown();
    // The page says so before its driver knows of it.
    while ((await this.#path()) !== shown.path);
    return shown;
  }

  /** The user turns to something else. */
  async hide(): Promise<void> {
    await this.#driven.hide();
  }

  /** The user comes back. */
  async show(): Promise<void> {
    await this.#driven.show();
  }

  /** The user turns to something else, and after a while the browser stops the page. */
  async sleep(): Promise<void> {
    await this.#driven.hide();
    await this.#driven.freeze();
  }

  /** The user comes back to a page that sleeps. */
  async wake(): Promise<void> {
    await this.#driven.unfreeze();
    await this.#driven.show();
  }

  /** The machine loses the network, which its browser notices. Where no driver can do that, the network is cut. */
  async goOffline(network: BadNetwork): Promise<void> {
    if (this.#driven.setOffline) await this.#driven.setOffline(true);
    else {
      network.cut();
      await this.announce("offline");
    }
  }

  /** The machine has a network again. */
  async goOnline(network: BadNetwork): Promise<void> {
    if (this.#driven.setOffline) await this.#driven.setOffline(false);
    else {
      network.mend();
      await this.announce("online");
    }
  }

  /** The user closes the tab. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#driven.close();
  }

  /** The page ends without any notice. Where no driver can do that, the user closes the tab. */
  async crash(): Promise<void> {
    await this.#driven.crash?.();
    await this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #path(): Promise<unknown> {
    return await this.#driven.evaluate("location.pathname").catch(() => undefined);
  }

  /** The page is notified of the network by events that are dispatched to it. */
  async announce(state: "online" | "offline"): Promise<void> {
    await this.run((_, state) => {
      Object.defineProperty(navigator, "onLine", { value: state === "online", configurable: true });
      dispatchEvent(new Event(state));
    }, state);
  }
}
