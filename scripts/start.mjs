// `npm start`: from a fresh clone to the chat on a page. Installs and builds what is missing or old.

import { run, runScript } from "./run-program.mjs";
import { installPackages } from "./set-up.mjs";

await installPackages();
const built = await runScript("build.mjs");
process.exitCode = built || (await run(process.execPath, ["examples/chat/dist/server/main.js"]));
