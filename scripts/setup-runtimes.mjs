// Brings the runtimes that hosts are tested on, Bun, Deno, uWebSockets.js and workerd: projects of their own with lock files. Kept
// between runs.

import { prepareRuntimes } from "./runtimes.mjs";

await prepareRuntimes();
console.log("Runtimes: present");
