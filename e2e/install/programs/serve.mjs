// `node serve.mjs PATH...`: a server of a framework's pages and of ours in one HTTP server. Asks for each path what is
// rendered, opens it in Chromium, and prints what the page says it was answered. `handler.mjs` of the project has the pages.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "@sockeye/node";

const FLAGS = [
  "--headless=new",
  ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
];

const { handler } = await import("./handler.mjs");
const http = createServer(handler);
const io = new Server(http);
let seen = () => {};
for (const name of ["/", "/news"]) {
  io.of(name).on("connection", (socket) => {
    socket.on("echo", (value, answer) => answer(`${name} ${value}`));
    socket.on("seen", (answers) => seen(answers));
  });
}
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${http.address().port}`;

for (const path of process.argv.slice(2)) {
  const rendered = await (await fetch(url + path)).text();
  if (!rendered.includes("connected: false")) throw new Error(`${path} renders ${rendered}`);
  const answers = new Promise((resolve) => {
    seen = resolve;
  });
  const profile = mkdtempSync(join(tmpdir(), "matrix-chromium-"));
  const args = [...FLAGS, `--user-data-dir=${profile}`, url + path];
  const chromium = spawn(process.env.CHROMIUM_PATH, args, { stdio: "ignore" });
  const ended = new Promise((resolve) => chromium.once("exit", resolve));
  console.log(JSON.stringify(await answers));
  chromium.kill();
  await ended;
  for (let left = 50; left > 0; left--) {
    try {
      rmSync(profile, { recursive: true, force: true });
      break;
    } catch {
      // Processes of the browser, which are not ours to wait for, still write for a moment.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
process.exit(0);
