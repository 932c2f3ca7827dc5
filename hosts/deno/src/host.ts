// Deno as a host, and the classes composed with it.

import { plainFrames } from "@sockeye/hosting";
import { ClientBundles, compressBytes, debug, services } from "@sockeye/hosting/node";
import { type Composed, checkListenable, compose, type Host, isPort } from "@sockeye/server";
import { denoRuntime } from "./deno.ts";
import { DenoEngine } from "./deno-engine.ts";
import { denoError } from "./errors.ts";
import { type DenoOptions, denoOptionRules, type ServerOptions } from "./options.ts";

const denoHost: Host<DenoOptions> = {
  name: "deno",
  platform: { ...services, framer: plainFrames },
  rules: denoOptionRules,
  files: new ClientBundles(import.meta.url),
  compress: compressBytes,
  debug,
  checkRuntime() {
    if (denoRuntime() === undefined) throw denoError("ERR_NOT_DENO");
  },
  isSource: isPort,
  checkSource: (value) => checkListenable(value, "shutdown", denoError),
  open: (gateway, options) => new DenoEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Deno. */
export const deno: Composed = compose(denoHost);
