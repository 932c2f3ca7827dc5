// A page in headless Chromium, by its remote debugging over a pipe of JSON messages. As little as these programs need.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  ...["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  "--remote-debugging-pipe",
];

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Opens a page; `CHROMIUM_PATH` names the browser. */
export async function openPage(url) {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const browser = spawn(process.env.CHROMIUM_PATH, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const [, , , input, output] = browser.stdio;
  const answers = new Map();
  const waiting = [];
  let id = 0;
  let text = "";
  output.setEncoding("utf8").on("data", (chunk) => {
    const parts = (text + chunk).split("\0");
    text = parts.pop();
    for (const part of parts) hear(JSON.parse(part));
  });
  function hear(message) {
    answers.get(message.id)?.(message);
    for (const [event, resolve] of waiting.filter(([event]) => event === message.method)) {
      waiting.splice(
        waiting.findIndex(([, each]) => each === resolve && event),
        1,
      );
      resolve(message.params);
    }
  }
  function send(method, params = {}, sessionId = undefined) {
    id += 1;
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      answers.set(id, ({ error, result }) =>
        error ? reject(new Error(error.message)) : resolve(result),
      );
    });
  }
  const on = (event) => new Promise((resolve) => waiting.push([event, resolve]));
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  await send("Page.enable", {}, sessionId);
  const loaded = on("Page.loadEventFired");
  await send("Page.navigate", { url }, sessionId);
  await loaded;
  return {
    next: (name) => on(name === "load" ? "Page.loadEventFired" : name),
    async evaluate(expression) {
      const { result } = await send(
        "Runtime.evaluate",
        { expression, awaitPromise: true, returnByValue: true },
        sessionId,
      );
      return result.value;
    },
    async close() {
      const gone = new Promise((resolve) => browser.once("exit", resolve));
      browser.kill();
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
