// express-status-monitor: its page's events, over a server that it makes itself on the HTTP server of the first request.

const assert = require("node:assert/strict");
const express = require("express");
const monitor = require("express-status-monitor");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const app = express();
  app.use(monitor());
  app.get("/", (_request, response) => response.send("ok"));
  const server = app.listen(0);
  const url = `http://127.0.0.1:${server.address().port}`;
  assert.match(await (await fetch(`${url}/status`)).text(), /socket\.io/);
  const client = open(url);
  const [spans] = await next(client, "esm_start");
  assert.equal(spans.length, 3);
  const again = next(client, "esm_start");
  client.emit("esm_change");
  await again;
  const [stats] = await next(client, "esm_stats");
  assert.ok(spans.some(({ interval }) => interval === stats.interval));
  client.disconnect();
  report(["start", "change", "statistics"]);
  process.exit();
}

void main();
