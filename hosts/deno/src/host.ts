// Deno as a host, and the classes composed with it.

import { EventEmitter } from "node:events";
import process from "node:process";
import { describe } from "@sockeye/portable";
import { type Composed, compose, type Host } from "@sockeye/server";
import { DenoFiles } from "./client-files.ts";
import { denoRuntime } from "./deno.ts";
import { DenoEngine } from "./deno-engine.ts";
import { denoError } from "./errors.ts";
import { type DenoOptions, denoOptionRules, type ServerOptions } from "./options.ts";
import { compressBytes } from "./response.ts";
import { denoPlatform } from "./runtime.ts";

/** `DEBUG`; without the permission to read it, nothing is printed. */
function debugWanted(): string | undefined {
  try {
    return process.env["DEBUG"];
  } catch {
    return undefined;
  }
}

const denoHost: Host<DenoOptions> = {
  name: "deno",
  platform: denoPlatform,
  rules: denoOptionRules,
  files: new DenoFiles(),
  compress: compressBytes,
  debug: {
    wanted: debugWanted(),
    print: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
  },
  listenerLimits: {
    usual: () => EventEmitter.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  },
  checkRuntime() {
    if (denoRuntime() === undefined) throw denoError("ERR_NOT_DENO");
  },
  isSource: (value) => typeof value === "number" || typeof value === "string",
  checkSource(value) {
    if (typeof value === "object" && value !== null) {
      if ("shutdown" in value) throw denoError("ERR_LISTEN_TARGET");
      return;
    }
    const port = typeof value === "string" ? Number(value) : value;
    if (typeof port !== "number") throw denoError("ERR_LISTEN_TARGET");
    if (!Number.isInteger(port)) throw denoError("ERR_LISTEN_PORT", describe(value));
  },
  open: (gateway, options) => new DenoEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Deno. */
export const deno: Composed = compose(denoHost);
