// The client of Socket.IO 2.5 in a browser, polling with scripts, with the page on another origin.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Server } from "@sockeye/node";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { browserLimits, chromiumPath, startChromium } from "../chat/chromium.ts";
import { within } from "../kit/deadline.ts";

const require = createRequire(import.meta.url);
const CLIENT = join(require.resolve("socket.io-client-2/package.json"), "../dist/socket.io.js");

/** In the page: connects, says everything, and tells what came back. */
const PROGRAM = `(url) => new Promise((resolve, reject) => {
  const socket = io(url, { transports: ["polling"], forceJSONP: true, reconnection: false });
  const texts = ["plain", "a line\\nbreak", "escaped \\\\n", "\\\\", "\\u2028 \\u20ac", "</script>"];
  const heard = [];
  socket.on("connect_error", (error) => reject(error));
  socket.on("connect", () => {
    for (const text of texts) socket.emit("echo", text);
    socket.emit("echo", { bytes: new Uint8Array([0, 128, 255]).buffer });
  });
  socket.on("echo", (value) => {
    heard.push(value.bytes ? Array.from(new Uint8Array(value.bytes)) : value);
    if (heard.length > texts.length) {
      socket.emit("ask", (answer) => {
        const scripts = Array.from(performance.getEntriesByType("resource"))
          .filter(({ initiatorType, name }) => initiatorType === "script" && name.includes("j="));
        resolve({ texts, heard, answer, isScripted: scripts.length > 0 });
        socket.disconnect();
      });
    }
  });
})`;

vi.setConfig(browserLimits);

describe.skipIf(chromiumPath === undefined)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  test("LE14 a client of Socket.IO 2.5 polls with scripts", async () => {
    const http = createServer((_request, response) => {
      const script = readFileSync(CLIENT, "utf8");
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!doctype html><body><script>${script}</script>`);
    });
    const io = new Server(http, { allowEIO3: true });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    const left = new Promise((resolve) => {
      io.on("connection", (socket) => {
        socket.on("echo", (value) => socket.emit("echo", value));
        socket.on("ask", (answer) => answer("answered"));
        socket.on("disconnect", resolve);
      });
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const run = page.evaluate(`(${PROGRAM})("http://localhost:${port}")`) as Promise<{
      texts: string[];
      heard: unknown[];
      answer: string;
      isScripted: boolean;
    }>;
    const { answer, heard, isScripted, texts } = await within(run, "the page", 60_000);
    expect([heard, answer, isScripted]).toEqual([[...texts, [0, 128, 255]], "answered", true]);
    await within(left, "the client to leave");
    await page.close();
    const closed = io.close();
    http.closeAllConnections();
    await closed;
  });
});
