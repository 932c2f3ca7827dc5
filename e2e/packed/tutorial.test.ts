// The steps of the tutorial as its pages show them, in a folder that has the packages and nothing else of this repository:
// each starts, and what it claims happens in a browser.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findProgram, programs } from "../../scripts/browsers.mjs";
import { freePort } from "../kit/ports.ts";
import { runNode } from "./run/clean-node.ts";
import { installation } from "./run/installation.ts";

const SNIPPETS = join(import.meta.dirname, "../../docs/site/snippets");
const LIMIT_MS = 90_000;
const executablePath = findProgram(programs.chromium);
let folder = "";
let browser: Browser | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tutorial-"));
  cpSync(join(SNIPPETS, "start"), join(folder, "start"), { recursive: true });
  for (const step of readdirSync(join(SNIPPETS, "tutorial"))) {
    cpSync(join(SNIPPETS, "tutorial", step), join(folder, step), { recursive: true });
  }
  symlinkSync(join(installation(), "node_modules"), join(folder, "node_modules"), "dir");
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}, LIMIT_MS);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server of a step; gives its address. */
async function start(step: string): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, ["server.mjs"], {
    cwd: join(folder, step),
    env: { PATH: process.env["PATH"], PORT: String(await freePort()) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const exit = once(child, "exit");
    child.kill();
    await exit;
  });
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  return String(line).trim();
}

/** A tab of a user of its own, who gives this name when asked. */
async function open(url: string, name: string): Promise<Page> {
  const context = await (browser as Browser).newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.on("dialog", (dialog) => void dialog.accept(name));
  await page.goto(url);
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Waits for a line in a page. */
const reads = (page: Page, text: string): Promise<void> =>
  page.getByText(text, { exact: true }).waitFor();

test("the first step serves the page", async () => {
  const response = await fetch(await start("1-page"));
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(await response.text()).toContain('<form id="form">');
});

describe.skipIf(executablePath === undefined)("in a browser", { timeout: LIMIT_MS }, () => {
  test("the second step connects", async () => {
    const url = await start("2-connect");
    const page = await (browser as Browser).newPage();
    onTestFinished(() => page.close());
    const connected = page.waitForEvent("console", {
      predicate: (line) => line.text().startsWith("connected as "),
    });
    await page.goto(url);
    expect((await connected).text()).toMatch(/^connected as \S{20}$/);
  });

  test.each(["start", "3-messages"])("%s: what one tab sends, the other shows", async (step) => {
    const url = await start(step);
    const [ada, bob] = [await open(url, ""), await open(url, "")];
    await expect.poll(() => bob.evaluate("socket.connected")).toBe(true);
    await say(ada, "hello");
    await Promise.all([reads(ada, "hello"), reads(bob, "hello")]);
  });

  test("names: messages have a sender, refused ones a reason, and who has no name does not get in", async () => {
    const url = await start("4-names");
    const [ada, nobody] = [await open(url, "ada"), await open(url, "")];
    await say(ada, "hello");
    await reads(ada, "ada: hello");
    await say(ada, "");
    await reads(ada, "Not sent: it is empty");
    await reads(nobody, "Not connected: a name is needed");
  });

  test("rooms: who comes later reads what was said there, and only there", async () => {
    const url = await start("5-rooms");
    const ada = await open(url, "ada");
    await say(ada, "hello");
    await reads(ada, "ada: hello");
    const bob = await open(url, "bob");
    await reads(bob, "ada: hello");
    await bob.getByLabel("Room").selectOption("kitchen");
    await expect.poll(() => bob.locator("li").count()).toBe(0);
    await say(bob, "is there tea?");
    await reads(bob, "bob: is there tea?");
    expect(await ada.locator("li").allTextContents()).toEqual(["ada: hello"]);
  });

  test("lost connections: what is said meanwhile is not lost, in either direction", async () => {
    const url = await start("6-lost-connections");
    const [ada, bob] = [await open(url, "ada"), await open(url, "bob")];
    await say(ada, "hello");
    await reads(bob, "ada: hello");
    await bob.context().setOffline(true);
    await bob.evaluate("socket.io.engine.close()");
    await reads(bob, "No connection. What you send now is sent later.");
    await say(ada, "are you there?");
    await say(bob, "still here");
    await reads(ada, "ada: are you there?");
    await bob.context().setOffline(false);
    await reads(bob, "ada: are you there?");
    await Promise.all([reads(ada, "bob: still here"), reads(bob, "bob: still here")]);
    expect(await bob.locator("li").allTextContents()).toEqual([
      "ada: hello",
      "ada: are you there?",
      "bob: still here",
    ]);
  });
});

test("the last step's test passes on the chat of the step before", async () => {
  cpSync(join(folder, "7-test"), join(folder, "6-lost-connections"), { recursive: true });
  const file = join(folder, "6-lost-connections");
  const { stdout } = await runNode(["--test", "--test-reporter=tap"], { cwd: file });
  expect(stdout).toContain("# pass 1");
});
