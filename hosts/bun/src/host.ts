// Bun as a host, and the classes composed with it.

import { EventEmitter } from "node:events";
import { describe } from "@sockeye/portable";
import { type Composed, compose, type Host } from "@sockeye/server";
import { bunRuntime } from "./bun.ts";
import { BunEngine } from "./bun-engine.ts";
import { BunFiles } from "./client-files.ts";
import { bunError } from "./errors.ts";
import { type BunOptions, bunOptionRules, type ServerOptions } from "./options.ts";
import { compressBytes } from "./response.ts";
import { bunPlatform } from "./runtime.ts";

const bunHost: Host<BunOptions> = {
  name: "bun",
  platform: bunPlatform,
  rules: bunOptionRules,
  files: new BunFiles(),
  compress: compressBytes,
  debug: {
    wanted: process.env["DEBUG"],
    print: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
  },
  listenerLimits: {
    usual: () => EventEmitter.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  },
  checkRuntime() {
    if (bunRuntime() === undefined) throw bunError("ERR_NOT_BUN");
  },
  isSource: (value) => typeof value === "number" || typeof value === "string",
  checkSource(value) {
    if (typeof value === "object" && value !== null) {
      if ("reload" in value) throw bunError("ERR_LISTEN_TARGET");
      return;
    }
    const port = typeof value === "string" ? Number(value) : value;
    if (typeof port !== "number") throw bunError("ERR_LISTEN_TARGET");
    if (!Number.isInteger(port)) throw bunError("ERR_LISTEN_PORT", describe(value));
  },
  open: (gateway, options) => new BunEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Bun. */
export const bun: Composed = compose(bunHost);
