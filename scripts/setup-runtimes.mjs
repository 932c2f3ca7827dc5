// Brings the runtimes that hosts are tested on, Bun, Deno, uWebSockets.js and workerd, and the frameworks of the examples: projects
// of their own with lock files. Kept between runs.

import { prepareFrameworks } from "./frameworks.mjs";
import { prepareRuntimes } from "./runtimes.mjs";

await prepareRuntimes();
await prepareFrameworks();
console.log("Runtimes and frameworks: present");
