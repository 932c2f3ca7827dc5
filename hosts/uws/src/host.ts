// uWebSockets.js as a host, and the classes composed with it.

import { clientFiles, compressBytes, debug, listenerLimits } from "@sockeye/node/kit";
import { type Composed, checkPort, compose, type Host, isPort } from "@sockeye/server";
import { uwsError } from "./errors.ts";
import { type ServerOptions, type UwsOptions, uwsOptionRules } from "./options.ts";
import { runtime, uwsPlatform } from "./runtime.ts";
import type { UwsApp } from "./uws.ts";
import { UwsEngine } from "./uws-engine.ts";

function isApp(value: unknown): boolean {
  const app = value as UwsApp | null | undefined;
  return typeof app?.ws === "function" && typeof app.any === "function";
}

const uwsHost: Host<UwsOptions> = {
  name: "uws",
  platform: uwsPlatform,
  rules: uwsOptionRules,
  files: clientFiles(),
  compress: compressBytes,
  debug,
  listenerLimits,
  isSource: (value) => isPort(value) || isApp(value),
  checkSource(value) {
    if (isPort(value)) checkPort(value);
    else if (!isApp(value)) throw uwsError("ERR_LISTEN_TARGET");
  },
  open: (gateway, options) => new UwsEngine(gateway, options as unknown as ServerOptions, runtime),
};

const { Engine, Server }: Composed = compose(uwsHost);

/** The classes of servers and engines on uWebSockets.js. */
export const uws: Composed = {
  Engine,
  Server: class extends Server {
    /** The same as `attach`, under Socket.IO's name for it. */
    attachApp(app: UwsApp, options: object = {}): this {
      return this.attach(app, options);
    }
  },
};
