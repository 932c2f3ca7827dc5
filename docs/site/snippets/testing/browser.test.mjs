import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { Server } from "@sockeye/node";
import { chromium } from "playwright-core";
import { register } from "./app.cjs";

const PAGE = `<!doctype html><ul></ul>
<script src="/socket.io/socket.io.js"></script>
<script>
  const socket = io();
  socket.on("said", (text) => document.querySelector("ul").append(text));
  socket.emit("join", "lobby", () => socket.emit("say", "lobby", "hello"));
</script>`;

test("a page shows what was said", async (t) => {
  const http = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end(PAGE);
  });
  const server = new Server(http);
  register(server);
  http.listen(0);
  await once(http, "listening");
  t.after(() => server.close());

  const executablePath = process.env.CHROMIUM_PATH;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://localhost:${http.address().port}`);
  await page.getByText("hello").waitFor();
  assert.equal(await page.locator("ul").textContent(), "hello");
});
