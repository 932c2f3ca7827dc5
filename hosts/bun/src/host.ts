// Bun as a host, and the classes composed with it.

import { setImmediate } from "node:timers";
import { keptFrames } from "@sockeye/hosting";
import { ClientBundles, compressBytes, debug, services } from "@sockeye/hosting/node";
import { type Composed, checkListenable, compose, type Host, isPort } from "@sockeye/server";
import { bunRuntime } from "./bun.ts";
import { BunEngine, batch } from "./bun-engine.ts";
import { bunError } from "./errors.ts";
import { type BunOptions, bunOptionRules, type ServerOptions } from "./options.ts";

const bunHost: Host<BunOptions> = {
  name: "bun",
  platform: {
    ...services,
    framer: keptFrames,
    copiesFrames: true,
    collect: (flushable) => batch.add(flushable),
    // The batch may have been scheduled after this.
    afterTurn: (callback) => void setImmediate(() => void setImmediate(callback)),
  },
  rules: bunOptionRules,
  files: new ClientBundles(import.meta.url),
  compress: compressBytes,
  debug,
  checkRuntime() {
    if (bunRuntime() === undefined) throw bunError("ERR_NOT_BUN");
  },
  isSource: isPort,
  checkSource: (value) => checkListenable(value, "reload", bunError),
  open: (gateway, options) => new BunEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Bun. */
export const bun: Composed = compose(bunHost);
