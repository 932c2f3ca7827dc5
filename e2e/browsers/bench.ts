// What a scenario is given: a running browser, in which it opens tabs on sites of its own. Everything made here
// is closed when the scenario ends, however it ends.
import { expect } from "vitest";
import { type DelayingProxy, startDelayingProxy } from "../../bench/first-event/delaying-proxy.mjs";
import { type BadNetwork, startBadNetwork, type UpgradePolicy } from "../chat/bad-network.ts";
import type { Peer } from "../kit/running-server.ts";
import type { BrowserName, DrivenBrowser } from "./drivers/driver.ts";
import { Site, type SitePlan } from "./site.ts";
import { Tab } from "./tab.ts";
import type { ClientOptions } from "./world.ts";

/** One thing the client must do in every browser. */
export interface Scenario {
  readonly title: string;
  /** What browsers are brought to by different means, which then stand in the title. */
  readonly means?: keyof typeof MEANS;
  run(bench: Bench): Promise<void>;
}

/** How a tab is opened. */
export interface TabPlan {
  /** Name of the page. Default `"script"`, which has the bundle for a script tag. */
  readonly page?: string;
  /** Options with which the page connects by itself. Default: it does not. */
  readonly connect?: ClientOptions;
  /** The way by which the page comes. Default: from the site itself. */
  readonly through?: DelayingProxy;
}

/** A network with a distance. */
export interface Distance {
  /** What becomes of requests to upgrade to WebSocket. Default: they pass. */
  readonly upgrades?: "pass" | "swallow" | "one-way";
  /** Default 60. */
  readonly roundTripMs?: number;
}

/** By which means each browser is brought to do what its users bring about. */
export const MEANS = {
  freeze: {
    chromium: "frozen by the browser",
    firefox: "its process is stopped",
    webkit: "held by an open dialog",
  },
  hide: {
    chromium: "another tab in front",
    firefox: "another tab in front",
    webkit: "a minimised window, whose timers run on",
  },
  offline: {
    chromium: "the browser's own events",
    firefox: "the browser's own events",
    webkit: "dispatched events",
  },
  dispatch: {
    chromium: "dispatched events",
    firefox: "dispatched events",
    webkit: "dispatched events",
  },
} as const satisfies Record<string, Record<BrowserName, string>>;

/** Makes the parties of one scenario. */
export class Bench implements AsyncDisposable {
  readonly #browser: DrivenBrowser;
  readonly #kept: AsyncDisposable[] = [];

  constructor(browser: DrivenBrowser) {
    this.#browser = browser;
  }

  get browserName(): BrowserName {
    return this.#browser.name;
  }

  /** A server with sockets and pages, on a port of its own. */
  async site(plan: SitePlan = {}): Promise<Site> {
    const site = new Site(plan);
    this.#kept.push(site);
    await site.start();
    return site;
  }

  /** A network in front of a site, for its sockets; the pages come from the site itself. */
  async network(site: Site, upgrades: UpgradePolicy = "pass"): Promise<BadNetwork> {
    const network = await startBadNetwork(site.port, upgrades);
    this.#kept.push(network);
    return network;
  }

  /** Silences the network of a peer. A poll that is yet to come would get through it, so one must be waiting. */
  async silence(network: BadNetwork, { socket }: Peer): Promise<void> {
    await expect.poll(() => socket.conn.transport.writable, { interval: 5 }).toBe(true);
    network.silence();
  }

  /** A network on which a round trip to a site takes some time. */
  async distance(
    site: Site,
    { upgrades = "pass", roundTripMs = 60 }: Distance = {},
  ): Promise<DelayingProxy> {
    const delayMs = roundTripMs / 2;
    const proxy = await startDelayingProxy({ port: site.port, delayMs, upgrades });
    this.#kept.push({ [Symbol.asyncDispose]: async () => proxy.close() });
    return proxy;
  }

  /** A tab of its own with a page of the site. */
  async open(site: Site, { page = "script", connect, through }: TabPlan = {}): Promise<Tab> {
    const tab = new Tab(await this.#browser.newTab(), site);
    this.#kept.push(tab);
    const address = site.page(page, connect);
    const port = through?.port ?? site.port;
    await tab.goto(address.replace(site.origin, `http://127.0.0.1:${port}`));
    return tab;
  }

  /** The machine sleeps, and wakes when what is returned is called, or when the scenario ends. */
  sleepMachine(): () => void {
    const wake = this.#browser.stopProcesses();
    this.#kept.push({ [Symbol.asyncDispose]: async () => wake() });
    return wake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#kept.toReversed()) await each[Symbol.asyncDispose]();
  }
}
