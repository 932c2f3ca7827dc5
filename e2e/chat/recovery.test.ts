// The server dies and comes back, or the network does: pages find their way back by themselves,
// lose nothing that was written, and show nothing twice.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type BadNetwork, startBadNetwork } from "./bad-network.ts";
import { type ChatServer, startChat } from "./chat-server.ts";
import { type ChatTab, newVisitor, openTab } from "./chat-tab.ts";
import { browserLimits, chromiumPath, startChromium } from "./chromium.ts";
import { plainPicture } from "./pictures.ts";

vi.setConfig(browserLimits);

describe.skipIf(chromiumPath === undefined)("recovery", () => {
  let browser: Browser;
  let server: ChatServer;
  let network: BadNetwork;
  /** Over WebSocket, straight. */
  let ada: ChatTab;
  /** Over polling, through a network that swallows upgrades. */
  let bob: ChatTab;

  beforeAll(async () => {
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    server = await startChat();
    network = await startBadNetwork(server.port, "swallow");
    ada = await openTab(await newVisitor(browser, "Ada"), server.url);
    bob = await openTab(await newVisitor(browser, "Bob"), network.url);
    await ada.showsTransport("WebSocket");
    await bob.showsTransport("Polling");
  });

  afterEach(async () => {
    await ada?.page.context().close();
    await bob?.page.context().close();
    await network?.[Symbol.asyncDispose]();
    await server?.kill();
  });

  test("after the server was killed and started again, both pages go on where they were", async () => {
    await bob.createRoom("upstream");
    await ada.goTo("upstream");
    await ada.say("before the crash");
    await bob.shows("before the crash");

    await server.kill();
    await ada.isReconnecting();
    await bob.isReconnecting();
    await ada.say("written by Ada meanwhile");
    await ada.say("and one more");
    await bob.sendPicture(plainPicture(40, 30), "shown by Bob meanwhile");
    await ada.page.getByText("The server is out of reach").waitFor();
    expect(await ada.page.locator(".message.is-sending").count()).toBe(2);

    await server.start();
    await ada.showsTransport("WebSocket");
    await bob.showsTransport("Polling");
    await bob.shows("and one more");
    await ada.showsPicture("shown by Bob meanwhile");
    await ada.say("after the crash");
    await bob.shows("after the crash");
    await bob.say("indeed");
    await ada.shows("indeed");

    for (const tab of [ada, bob]) {
      await tab.showsRoom("upstream");
      await tab.showsPeople(["Ada", "Bob"]);
      expect(await tab.page.locator(".message.is-sending").count()).toBe(0);
      expect((await tab.page.locator(".message .text").allTextContents()).sort()).toEqual([
        "after the crash",
        "and one more",
        "before the crash",
        "indeed",
        "shown by Bob meanwhile",
        "written by Ada meanwhile",
      ]);
      await tab.page.getByText("The server was restarted").waitFor();
      expect(await tab.page.locator("#banner").isVisible()).toBe(false);
      expect(tab.errors).toEqual([]);
    }
    const order = await ada.page.locator(".message.is-mine .text").allTextContents();
    expect(order).toEqual([
      "before the crash",
      "written by Ada meanwhile",
      "and one more",
      "after the crash",
    ]);
  });

  test("after the network was away, a page has what it missed, and sends what it kept", async () => {
    await bob.say("before the tunnel");
    await ada.shows("before the tunnel");
    network.cut();
    await bob.isReconnecting();
    await ada.showsPeople(["Ada"]);
    await ada.say("missed by Bob");
    await ada.sendPicture(plainPicture(50, 20), "also missed");
    await ada.shows("also missed");
    await bob.say("kept by Bob");

    network.mend();
    await bob.isOnline();
    await ada.shows("kept by Bob");
    expect(await bob.showsPicture("also missed")).toEqual({ width: 50, height: 20 });
    await ada.say("all there?");
    await bob.shows("all there?");
    const texts = await bob.page.locator(".message .text").allTextContents();
    expect(texts).toEqual([
      "before the tunnel",
      "missed by Bob",
      "also missed",
      "kept by Bob",
      "all there?",
    ]);
    expect(await ada.page.locator(".message .text").allTextContents()).toEqual(texts);
    await ada.showsPeople(["Ada", "Bob"]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "asked to end with %s, it does, with pages open",
    async (signal) => {
      expect(await server.stop(signal)).toEqual({ code: 0, signal: null });
      await ada.isReconnecting();
      await bob.isReconnecting();
      await server.start();
      await ada.isOnline();
      await bob.isOnline();
      await ada.say("back again");
      await bob.shows("back again");
    },
  );
});
