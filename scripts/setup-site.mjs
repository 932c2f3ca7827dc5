// Brings what the documentation site is built and its pages on frameworks are compiled with: two projects of their own with lock
// files. Kept between runs.

import { prepareSite } from "./site.mjs";

await prepareSite();
console.log("Site: present");
