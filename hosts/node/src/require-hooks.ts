// Lets tracing packages that hook `require` patch the classes: they wait until the files of Socket.IO's classes are
// required, which imports of an ES module never do. Does not know those packages.

import { createRequire } from "node:module";

const FILES = ["./socket.js", "./broadcast-operator.js"];

/** Loads the classes by `require` once more. Only for an installed package: hooks know no other. */
export function passThroughRequire(): void {
  const { url } = import.meta;
  if (!url.includes("/node_modules/")) return;
  const require = createRequire(url);
  for (const file of FILES) require(file);
}
