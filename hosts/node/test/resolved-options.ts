// The options of a server on Node, as it resolves them.

import type { Resolved, Rules } from "@sockeye/portable";
import { resolveOptionsFor, serverOptionRules as rulesOfEveryHost } from "@sockeye/server";
import { type NodeHostOptions, nodeOptionRules, type ServerOptions } from "../src/options.ts";

/** The rule of every option. */
export const serverOptionRules: Omit<typeof rulesOfEveryHost, "httpCompression"> &
  Rules<NodeHostOptions> = { ...rulesOfEveryHost, ...nodeOptionRules };

/** Checks options and fills in defaults. @throws OptionError with every problem */
export function resolveServerOptions(input: object): Resolved<ServerOptions> {
  return resolveOptionsFor(input, nodeOptionRules) as Resolved<ServerOptions>;
}
