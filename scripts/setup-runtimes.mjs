// Brings the runtimes that hosts are tested on, Bun and Deno: a project of its own with a lock file. Kept between runs.

import { prepareRuntimes } from "./runtimes.mjs";

await prepareRuntimes();
console.log("Runtimes: present");
