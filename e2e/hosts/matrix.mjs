// `npm run matrix:hosts`: the black-box suite and every client on every host and runtime, and Socket.IO as the control. Writes
// docs/hosts-matrix.md. Names of tests may follow: `npm run matrix:hosts -- -t Deno` prints and writes nothing.

import { join } from "node:path";
import { runModule } from "../../scripts/run-program.mjs";
import { prepareRuntimes } from "../../scripts/runtimes.mjs";
import { prepareToolchain } from "../../scripts/toolchain.mjs";

const chosen = process.argv.slice(2);
await prepareRuntimes();
await prepareToolchain();
const files = ["hosts.test.ts", "clients.test.ts"].map((file) => join("hosts", file));
process.exitCode = await runModule(
  "vitest/vitest.mjs",
  ["run", "--project", "e2e", ...files, ...chosen],
  { env: { HOSTS: "all", ...(chosen.length === 0 ? { UPDATE_DOCS: "1" } : {}) } },
);
