// The pages of the seeds, opened in Chromium as they stand: the script tag, the minimal example, the chat.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, startChromium } from "../chat/chromium.ts";
import { WAIT_MS } from "../kit/deadline.ts";
import { Inbox } from "../kit/inbox.ts";
import type { ServerName } from "../kit/server-kinds.ts";
import { flavours, SeedRun } from "./seed-run.ts";

const require = createRequire(import.meta.url);

/** Where a user finds the script for a page that is not served by the server itself. */
const scripts: Readonly<Record<ServerName, string>> = {
  sockeye: join(require.resolve("@sockeye/client/package.json"), "../dist"),
  "socket.io": join(require.resolve("socket.io-client/package.json"), "../dist"),
};

/** The page of a seed on an origin of its own, as its text asks the reader to arrange. */
class PageServer implements AsyncDisposable {
  folder = "";
  readonly #http;

  constructor(flavour: ServerName) {
    this.#http = createServer((request, response) => {
      const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
      const script = name.startsWith("socket.io/");
      try {
        const content = readFileSync(
          script
            ? join(scripts[flavour], name.slice("socket.io/".length))
            : join(this.folder, name),
        );
        response
          .writeHead(200, {
            "content-type": name.endsWith(".html") ? "text/html" : "text/javascript",
          })
          .end(content);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return (this.#http.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

/** Opens a page and keeps what its console prints from the start: "log" (text), and "error" (text). */
async function visit(
  browser: Browser,
  url: string,
): Promise<{ readonly page: Page; readonly inbox: Inbox }> {
  const page = await browser.newPage();
  const inbox = new Inbox(`page ${url}`);
  page.on("console", (message) =>
    inbox.push(message.type() === "log" ? "log" : "error", message.text()),
  );
  page.on("pageerror", (error) => inbox.push("error", error.message));
  await page.goto(url);
  return { page, inbox };
}

const item = (page: Page, text: string) =>
  page
    .locator("li", { hasText: new RegExp(`^${text}$`) })
    .first()
    .waitFor({ timeout: WAIT_MS });

for (const flavour of flavours) {
  describe.skipIf(chromiumPath === undefined)(`seeds in Chromium, ${flavour}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startChromium();
    });
    afterAll(() => browser.close());

    test("000: the minimal example", async () => {
      await using run = SeedRun.open("minimal", flavour);
      const server = await run.server("index.cjs");
      const { page } = await visit(browser, `http://127.0.0.1:${run.port}/`);
      await item(page, "connect");
      await server.printed("connect");
      await page.close();
    });

    test("000: from the server to the client", async () => {
      await using run = SeedRun.open("server-to-client", flavour);
      await run.server("index.cjs");
      const { page } = await visit(browser, `http://127.0.0.1:${run.port}/`);
      await item(page, "hello - 1");
      await item(page, "hello - 2");
      await page.close();
    });

    test("000: from the client to the server", async () => {
      await using run = SeedRun.open("client-to-server", flavour);
      const server = await run.server("index.cjs");
      const { page } = await visit(browser, `http://127.0.0.1:${run.port}/`);
      await server.printed("hey { counter: 1 }");
      await server.printed("hey { counter: 2 }");
      await page.close();
    });

    test.each(["index.html", "module.html"])(
      "001: a page of another origin, allowed by cors (%s)",
      async (file) => {
        await using pages = new PageServer(flavour);
        const origin = await pages.listen();
        await using run = SeedRun.open("connection-setup", flavour, origin);
        pages.folder = run.folder;
        const server = await run.server("server.cjs");
        await server.printed("Socket.IO server listening on port 3000");
        const { page, inbox } = await visit(browser, `http://127.0.0.1:${origin}/${file}`);
        expect(await inbox.take("log")).toEqual(["Connected to server"]);
        await server.printed("A user connected");
        await page.close();
      },
    );

    test("001: both sides of a page's connection see its end", async () => {
      await using pages = new PageServer(flavour);
      const origin = await pages.listen();
      await using run = SeedRun.open("connection-setup", flavour, origin);
      pages.folder = run.folder;
      const server = await run.server("server.cjs");
      const { page, inbox } = await visit(browser, `http://127.0.0.1:${origin}/index.html`);
      await inbox.take("log");
      await page.evaluate("socket.disconnect()");
      expect(await inbox.take("log")).toEqual(["Disconnected from server"]);
      await server.printed("A user disconnected");
      await page.close();
    });

    // The page's own words ask for no transport; ours then comes by WebSocket, which CORS does not govern.
    test("001: a page of an origin that cors does not name is kept out of polling", async () => {
      await using pages = new PageServer(flavour);
      await using strangers = new PageServer(flavour);
      const [origin, strange] = [await pages.listen(), await strangers.listen()];
      await using run = SeedRun.open("connection-setup", flavour, origin);
      strangers.folder = run.folder;
      await run.server("server.cjs");
      const { page, inbox } = await visit(browser, `http://127.0.0.1:${strange}/index.html`);
      if (flavour === "sockeye") {
        await inbox.take("log");
        expect(await page.evaluate("socket.io.engine.transport.name")).toBe("websocket");
        await page.evaluate(
          "socket.disconnect().io.opts.transports = ['polling']; socket.connect()",
        );
      }
      let [error] = await inbox.take("error");
      while (!String(error).includes("CORS")) [error] = await inbox.take("error");
      if (flavour !== "sockeye") expect(inbox.kept("log")).toEqual([]);
      await page.close();
    });

    test("001: the chat, in two pages", async () => {
      await using pages = new PageServer(flavour);
      const origin = await pages.listen();
      await using run = SeedRun.open("chat", flavour, origin);
      pages.folder = run.folder;
      const server = await run.server("server.cjs");
      const ada = await visit(browser, `http://127.0.0.1:${origin}/`);
      await server.printed("A user connected");
      const bob = await visit(browser, `http://127.0.0.1:${origin}/`);
      await server.printed("A user connected");
      await ada.page.fill("#input", "Hello Bob");
      await ada.page.click("button");
      await item(bob.page, "Hello Bob");
      await item(ada.page, "Hello Bob");
      await bob.page.fill("#input", "Hello Ada");
      await bob.page.press("#input", "Enter");
      await item(ada.page, "Hello Ada");
      await ada.page.evaluate("socket.disconnect()");
      await server.printed("User disconnected");
      await ada.page.close();
      await bob.page.close();
    });

    test("002: io('/chat') in a page, with the minified script", async () => {
      await using run = SeedRun.open("chat-namespace", flavour);
      const server = await run.server("index.cjs");
      const { page, inbox } = await visit(browser, `http://127.0.0.1:${run.port}/`);
      expect(await inbox.take("log")).toEqual(["in the namespace /chat"]);
      await server.printed("a user connected to the chat namespace");
      await page.close();
    });
  });
}
