// Cross-site WebSocket hijacking, as a browser carries it out: a user with a cookie of this server visits a page of another
// origin, which opens a connection. NH120 to NH122 on what Chromium sends.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type ServerOptions } from "@sockeye/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startChromium } from "../chat/chromium.ts";

let browser: Browser;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
  await browser.close();
});

async function listen(http: HttpServer): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return `127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** A page, which logs its visitor in. */
function site(): HttpServer {
  return createServer(({ url }, response) => {
    if (url === "/") response.setHeader("set-cookie", "user=ada; Path=/");
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!doctype html><title>page</title>");
  });
}

/** What a WebSocket that the page opens gets: the open packet, or nothing. */
function dial(page: Page, host: string): Promise<string> {
  return page.evaluate((address) => {
    return new Promise<string>((resolve) => {
      const ws = new WebSocket(`ws://${address}/socket.io/?EIO=4&transport=websocket`);
      ws.onmessage = ({ data }) => {
        ws.close();
        resolve(String(data).slice(0, 1));
      };
      ws.onerror = () => resolve("refused");
    });
  }, host);
}

/** What the pages of the server itself and of another origin get, the visitor logged in or not. */
async function visited(options: (foreign: string) => Partial<ServerOptions>) {
  const own = site();
  const host = await listen(own);
  const foreign = await listen(site());
  const io = new Server(own, options(`http://${foreign}`));
  closing.push(() => io.close());
  const context = await browser.newContext();
  const open = async (address: string, isLoggedIn: boolean): Promise<string> => {
    const page = await context.newPage();
    await page.goto(`http://${address}/`);
    if (!isLoggedIn) await context.clearCookies();
    return dial(page, host);
  };
  const answers = {
    own: await open(host, true),
    foreign: await open(foreign, true),
    anonymous: await open(foreign, false),
  };
  await context.close();
  return answers;
}

test("NH120 a page of another origin cannot connect as its visitor; the server's own page can", async () => {
  expect(await visited(() => ({}))).toEqual({ own: "0", foreign: "refused", anonymous: "0" });
});

test("NH121 it can when cors allows its origin", async () => {
  const answers = await visited((origin) => ({ cors: { origin: [origin], credentials: true } }));
  expect(answers).toEqual({ own: "0", foreign: "0", anonymous: "0" });
});
