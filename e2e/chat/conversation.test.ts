// Two people chat in Chromium: one over WebSocket, the other over WebSocket, over polling because
// the browser has no WebSocket, or over polling because a proxy swallows upgrade requests.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isWhole } from "../kit/extent.ts";
import { type BadNetwork, startBadNetwork } from "./bad-network.ts";
import { type ChatServer, startChat } from "./chat-server.ts";
import { type ChatTab, newVisitor, openTab, type Visitor } from "./chat-tab.ts";
import { browserLimits, chromiumPath, startChromium } from "./chromium.ts";
import { plainPicture } from "./pictures.ts";

vi.setConfig(browserLimits);

const all = [
  { way: "over WebSocket", blocked: "nowhere", transport: "WebSocket" },
  { way: "with WebSocket blocked in the browser", blocked: "in the browser", transport: "Polling" },
  { way: "with upgrades swallowed on the way", blocked: "on the way", transport: "Polling" },
] as const;
// Polling takes its time only with SOCKEYE_MATRIX; the pages that recover are connected both ways.
const ways = isWhole ? all : all.slice(0, 1);

const brokenWebSocket = `window.WebSocket = class {
  constructor() { throw new Error("WebSocket is blocked on this page"); }
};`;

describe.skipIf(chromiumPath === undefined).each(ways)("$way", ({ blocked, transport }) => {
  let server: ChatServer;
  let network: BadNetwork;
  let browser: Browser;
  let bob: Visitor;
  let bobUrl: string;
  let ada: ChatTab;
  let bobTab: ChatTab;

  beforeAll(async () => {
    server = await startChat();
    network = await startBadNetwork(server.port, blocked === "on the way" ? "swallow" : "pass");
    browser = await startChromium();
    ada = await openTab(await newVisitor(browser, "Ada"), server.url);
    bob = await newVisitor(browser, "Bob");
    if (blocked === "in the browser") await bob.context.addInitScript({ content: brokenWebSocket });
    bobUrl = blocked === "on the way" ? network.url : server.url;
    bobTab = await openTab(bob, bobUrl);
  });

  afterAll(async () => {
    await browser?.close();
    await network?.[Symbol.asyncDispose]();
    await server?.kill();
  });

  test("the transport in use is shown, with the time to the server and back", async () => {
    await ada.showsTransport("WebSocket");
    await bobTab.showsTransport(transport);
    if (blocked === "on the way") expect(network.swallowed).toBeGreaterThan(0);
  });

  test("a message is seen by the other person, as text", async () => {
    await ada.say("Good morning, <b>Bob</b> & friends");
    await bobTab.shows("Good morning, <b>Bob</b> & friends");
    await bobTab.say("Good morning!\nIs it raining?");
    await ada.shows("Good morning!");
    expect(await bobTab.page.locator(".text b").count()).toBe(0);
  });

  test("a picture is seen by the other person, both ways", async () => {
    await ada.sendPicture(plainPicture(320, 200), "from Ada");
    expect(await bobTab.showsPicture("from Ada")).toEqual({ width: 320, height: 200 });
    await bobTab.sendPicture(plainPicture(64, 96), "from Bob");
    expect(await ada.showsPicture("from Bob")).toEqual({ width: 64, height: 96 });
    expect(await bobTab.showsPicture("from Bob")).toEqual({ width: 64, height: 96 });
  });

  test("that somebody types is seen, until the message is there", async () => {
    await bobTab.box.pressSequentially("It st");
    await ada.showsTyping("Bob is typing");
    await bobTab.box.press("Enter");
    await ada.shows("It st");
    await ada.showsTyping("");
    await ada.box.pressSequentially("Let me");
    await bobTab.showsTyping("Ada is typing");
    await ada.box.fill("");
    await bobTab.showsTyping("");
  });

  test("a second tab of one person counts once, and has the history", async () => {
    await ada.showsPeople(["Ada", "Bob"]);
    const second = await openTab(bob, bobUrl);
    await second.shows("Good morning!");
    await second.showsPicture("from Ada");
    await second.showsPeople(["Ada", "Bob"]);
    await second.say("Written in the second tab");
    await bobTab.shows("Written in the second tab");
    await ada.shows("Written in the second tab");
    await ada.showsPeople(["Ada", "Bob"]);
    await second.page.close();
    await ada.say("Still there, Bob?");
    await bobTab.shows("Still there, Bob?");
    await ada.showsPeople(["Ada", "Bob"]);
  });

  test("rooms keep conversations apart, and count what was not read", async () => {
    await bobTab.createRoom("upstream");
    await ada.showsPeople(["Ada"], ["Bob"]);
    await bobTab.say("Only for those up here");
    await bobTab.say("Really");
    await ada.roomLink("upstream").getByText("2 unread", { exact: true }).waitFor();
    expect(await ada.messages("Really").count()).toBe(0);
    await ada.goTo("upstream");
    await ada.shows("Really");
    await ada.roomLink("upstream").getByText("unread").waitFor({ state: "hidden" });
    await ada.showsPeople(["Ada", "Bob"]);
    expect(await ada.messages("Good morning!").count()).toBe(0);
    await ada.goTo("lobby");
    await bobTab.goTo("lobby");
    await ada.showsPeople(["Ada", "Bob"]);
  });

  test("a third person who comes late sees what was said and shown", async () => {
    const late = await openTab(await newVisitor(browser, "Cleo"), bobUrl);
    await late.shows("Good morning!");
    expect(await late.showsPicture("from Bob")).toEqual({ width: 64, height: 96 });
    await bobTab.showsPeople(["Ada", "Bob", "Cleo"]);
    await late.page.context().close();
    await ada.showsPeople(["Ada", "Bob"]);
  });

  test("another name is seen by everybody", async () => {
    await bobTab.page.getByRole("button", { name: "Change your name" }).click();
    await bobTab.page.getByRole("textbox", { name: "Your name" }).fill("Robert");
    await bobTab.page.getByRole("textbox", { name: "Your name" }).press("Enter");
    await ada.showsPeople(["Ada", "Robert"]);
    // Ada may hear of it before Bob's own page has closed the dialog, which would take the next key.
    await bobTab.page.getByRole("textbox", { name: "Your name" }).waitFor({ state: "hidden" });
    await bobTab.say("That is what my mother calls me");
    await ada.page.locator(".message.starts-group .author").getByText("Robert").waitFor();
  });

  test("nothing went wrong that nobody noticed", async () => {
    await ada.showsTransport("WebSocket");
    await bobTab.showsTransport(transport);
    expect([...ada.errors, ...bobTab.errors]).toEqual([]);
    expect(server.output.trim().split("\n")).toEqual([`Chat is running: ${server.url}`]);
  });
});
