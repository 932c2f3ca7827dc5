// Refuses releases of Node that are too old, with a sentence instead of a function that is missing later.

import { nodeError } from "./errors.ts";

const OLDEST_MAJOR = 20;

/** @throws when `version`, as `20.19.0`, is older than what the server needs */
export function refuseOldNode(version: string): void {
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw nodeError("ERR_NODE_RELEASE", version);
}
