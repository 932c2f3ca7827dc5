// Brings what the packed packages are tried with: compilers, Jest and releases of Node, a project of its own with a lock file.
// Kept between runs.

import { prepareToolchain } from "./toolchain.mjs";

await prepareToolchain();
console.log("Toolchain: present");
