// Lets tracing packages that hook `require` patch the classes: they wait for the files where Socket.IO has them
// to pass through it, which the imports of an ES module never do. Knows nothing of those packages.

import { createRequire } from "node:module";

const FILES = ["./socket.js", "./broadcast-operator.js"];

/** Brings the classes through `require` once more. Does nothing but for an installed package: hooks know no other. */
export function passThroughRequire(): void {
  const { url } = import.meta;
  if (!url.includes("/node_modules/")) return;
  const require = createRequire(url);
  for (const file of FILES) require(file);
}
