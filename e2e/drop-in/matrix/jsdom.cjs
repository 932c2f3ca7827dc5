// The script for pages in jsdom, which has XMLHttpRequest and no `fetch`: by polling alone, and with an upgrade.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { JSDOM } = require("jsdom");
const { Server } = require("socket.io");

async function main() {
  const { answer, departures, next, report } = await import("./conversation.mjs");
  const io = new Server(0);
  const { onGone } = departures();
  io.on("connection", (socket) => answer(socket, onGone));
  const url = `http://127.0.0.1:${io.httpServer.address().port}`;
  const { window } = new JSDOM("<p>page</p>", { url, runScripts: "outside-only" });
  assert.equal(window.fetch, undefined);
  window.eval(
    readFileSync(join(__dirname, "node_modules/socket.io-client/dist/socket.io.min.js"), "utf8"),
  );
  const checks = [];
  for (const [name, options] of [
    ["polling", { transports: ["polling"] }],
    ["upgrade", { transports: ["polling", "websocket"] }],
  ]) {
    const client = window.io({ forceNew: true, ...options });
    await next(client, "connect");
    const echoed = next(client, "echo");
    client.emit("echo", "hello");
    assert.deepEqual([...(await echoed)], ["hello"]);
    if (name === "upgrade" && client.io.engine.transport.name !== "websocket")
      await next(client.io.engine, "upgrade");
    assert.equal(client.io.engine.transport.name, name === "upgrade" ? "websocket" : "polling");
    const left = next(client, "disconnect");
    client.disconnect();
    await left;
    checks.push(name);
  }
  await io.close();
  window.close();
  report(checks);
}

void main();
