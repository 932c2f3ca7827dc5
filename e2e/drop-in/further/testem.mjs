// testem: its own page in Chromium runs a test, reports it by the socket, and testem ends as it should.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { report } from "./conversation.mjs";

const folder = mkdtempSync(join(tmpdir(), "testem-"));
const profile = join(folder, "profile");
mkdirSync(profile);
writeFileSync(
  join(folder, "page.html"),
  `<!doctype html><script src="/testem.js"></script><script>
    Testem.useCustomAdapter((socket) => {
      socket.emit("tests-start");
      socket.emit("test-result", { passed: 1, failed: 0, total: 1, id: 1, name: "in the page", items: [] });
      socket.emit("all-test-results", { passed: 1, failed: 0, total: 1, tests: [] });
    });
  </script>`,
);
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  `--user-data-dir=${profile}`,
];
writeFileSync(
  join(folder, "testem.json"),
  JSON.stringify({
    test_page: "page.html",
    launch_in_ci: ["Tried"],
    launchers: { Tried: { exe: process.env.CHROMIUM_PATH, args, protocol: "browser" } },
    browser_start_timeout: 60,
  }),
);
const command = join(import.meta.dirname, "node_modules/testem/testem.js");
const { stdout } = await promisify(execFile)(process.execPath, [command, "ci", "--port", "0"], {
  cwd: folder,
  timeout: 100_000,
});
assert.match(stdout, /^ok 1 .*in the page/m);
assert.match(stdout, /# pass {2}1/);
report(["passed"]);
