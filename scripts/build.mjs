// Builds everything: the packages with the compiler, their CommonJS, the client's bundles, then the chat.
// Quick when nothing has changed: the compiler remembers, and bundling takes milliseconds.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { forms } from "./packaging/entries.mjs";
import { facades } from "./packaging/facades.mjs";
import { root } from "./repository.mjs";
import { run, runModule } from "./run-program.mjs";

const CLIENT = "packages/client";
const FORMS = "scripts/packaging/package-forms.mjs";
// From the bottom up: names of exports are found by loading them.
const BELOW = Object.keys(forms).filter((folder) => folder !== CLIENT);

const PARTS = [
  [FORMS, ...BELOW],
  [`${CLIENT}/bundle.mjs`],
  [FORMS, CLIENT, ...Object.keys(facades)],
  ["examples/chat/build.mjs"],
];

let code = await runModule("typescript/bin/tsc", ["-b"]);
for (const [part = "", ...args] of PARTS) {
  if (code === 0 && existsSync(join(root, part)))
    code = await run(process.execPath, [part, ...args]);
}
process.exitCode = code;
