// browser-sync 3 with its own script in Chromium: it gives `attach` the path of its server, connects in a namespace of its
// own, and reloads the page when told to.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import browserSync from "browser-sync";
import { report } from "./conversation.mjs";
import { freePort, openPage } from "./page.mjs";

const folder = await mkdtemp(join(tmpdir(), "browser-sync-"));
await writeFile(
  join(folder, "index.html"),
  "<!doctype html><title>one</title><body><p>page</p></body>",
);
const bs = browserSync.create();
const port = await freePort();
await new Promise((resolve, reject) => {
  const options = {
    server: folder,
    open: false,
    ui: false,
    notify: false,
    logLevel: "silent",
    online: false,
  };
  bs.init({ ...options, port }, (error) => (error ? reject(error) : resolve()));
});
const connected = new Promise((resolve) => bs.emitter.on("client:connected", resolve));
const page = await openPage(`http://localhost:${port}/`);
const { ua } = await connected;
assert.match(ua, /Chrome/);
const reloaded = page.next("load");
await writeFile(
  join(folder, "index.html"),
  "<!doctype html><title>two</title><body><p>page</p></body>",
);
const back = new Promise((resolve) => bs.emitter.once("client:connected", resolve));
bs.reload();
await reloaded;
await back;
assert.equal(await page.evaluate("document.title"), "two");
await page.close();
bs.exit();
await rm(folder, { recursive: true });
report(["connected", "reload"]);
process.exit(0);
