// Builds everything: the packages with the compiler, then the client's bundles, then the chat.
// Quick when nothing has changed: the compiler remembers, and bundling takes milliseconds.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository.mjs";
import { run, runModule } from "./run-program.mjs";

const PARTS = ["packages/client/bundle.mjs", "examples/chat/build.mjs"];

let code = await runModule("typescript/bin/tsc", ["-b"]);
for (const part of PARTS) {
  if (code === 0 && existsSync(join(root, part))) code = await run(process.execPath, [part]);
}
process.exitCode = code;
