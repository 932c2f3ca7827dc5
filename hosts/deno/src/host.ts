// Deno as a host, and the classes composed with it.

import { checkListenable, plainFrames } from "@sockeye/hosting";
import { clientFiles, compressBytes, debug, listenerLimits, services } from "@sockeye/hosting/node";
import { type Composed, compose, type Host, isPort } from "@sockeye/server";
import { denoRuntime } from "./deno.ts";
import { DenoEngine } from "./deno-engine.ts";
import { denoError } from "./errors.ts";
import { type DenoOptions, denoOptionRules, type ServerOptions } from "./options.ts";

const denoHost: Host<DenoOptions> = {
  name: "deno",
  platform: { ...services, framer: plainFrames },
  rules: denoOptionRules,
  files: clientFiles(import.meta.url),
  compress: compressBytes,
  debug,
  listenerLimits,
  checkRuntime() {
    if (denoRuntime() === undefined) throw denoError("ERR_NOT_DENO");
  },
  isSource: isPort,
  checkSource: (value) => checkListenable(value, "shutdown", () => denoError("ERR_LISTEN_TARGET")),
  open: (gateway, options) => new DenoEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Deno. */
export const deno: Composed = compose(denoHost);
