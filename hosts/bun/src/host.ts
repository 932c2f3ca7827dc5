// Bun as a host, and the classes composed with it.

import { checkListenable, keptFrames } from "@sockeye/hosting";
import { clientFiles, compressBytes, debug, listenerLimits, services } from "@sockeye/hosting/node";
import { type Composed, compose, type Host, isPort } from "@sockeye/server";
import { bunRuntime } from "./bun.ts";
import { BunEngine, turn } from "./bun-engine.ts";
import { bunError } from "./errors.ts";
import { type BunOptions, bunOptionRules, type ServerOptions } from "./options.ts";

const bunHost: Host<BunOptions> = {
  name: "bun",
  platform: {
    ...services,
    ...turn,
    framer: keptFrames,
  },
  rules: bunOptionRules,
  files: clientFiles(import.meta.url),
  compress: compressBytes,
  debug,
  listenerLimits,
  checkRuntime() {
    if (bunRuntime() === undefined) throw bunError("ERR_NOT_BUN");
  },
  isSource: isPort,
  checkSource: (value) => checkListenable(value, "reload", () => bunError("ERR_LISTEN_TARGET")),
  open: (gateway, options) => new BunEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Bun. */
export const bun: Composed = compose(bunHost);
