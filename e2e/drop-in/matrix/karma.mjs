// karma 6.4 with its own page and scripts in Chromium: a run whose results come back over Socket.IO. The framework of the
// tests is three lines here, to need no other package.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import karma from "karma";
import { report } from "./conversation.mjs";
import { freePort, openPage } from "./page.mjs";

const folder = await mkdtemp(join(tmpdir(), "karma-"));
await writeFile(
  join(folder, "tests.js"),
  `window.__karma__.start = () => {
    const karma = window.__karma__;
    karma.info({ total: 2 });
    for (const [id, success] of [["first", true], ["second", true]])
      karma.result({ id, description: id, suite: [], success, skipped: false, log: [], time: 1 });
    karma.complete({});
  };`,
);
const port = await freePort();
// As in a configuration that was written for Socket.IO 2.
const transports = ["polling", "websocket", "flashsocket"];
const given = { basePath: folder, files: ["tests.js"], port, pingTimeout: 20_000, transports };
const quiet = { autoWatch: false, singleRun: false, browsers: [], reporters: [], logLevel: "OFF" };
const config = await karma.config.parseConfig(
  null,
  { ...given, ...quiet },
  { promiseConfig: true, throwErrors: true },
);
const exited = {};
exited.code = new Promise((resolve) => {
  exited.resolve = resolve;
});
const server = new karma.Server(config, (code) => exited.resolve(code));
const results = [];
server.on("spec_complete", (_browser, { id, success }) => results.push([id, success]));
const done = new Promise((resolve) =>
  server.on("run_complete", (_browsers, summary) => resolve(summary)),
);
const registered = new Promise((resolve) => server.on("browser_register", resolve));
await server.start();
const page = await openPage(`http://localhost:${port}/`);
const browser = await registered;
assert.match(browser.fullName, /Chrome/);
server.refreshFiles();
karma.runner.run(config, () => {});
const { success, failed } = await done;
assert.deepEqual([success, failed], [2, 0]);
assert.deepEqual(results, [
  ["first", true],
  ["second", true],
]);
await page.close();
await server.stop();
assert.equal(await exited.code, 0);
await rm(folder, { recursive: true });
report(["register", "results", "stop"]);
process.exit(0);
