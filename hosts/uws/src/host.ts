// uWebSockets.js as a host, and the classes composed with it.

import { EventEmitter } from "node:events";
import { compressBytes, NodeFiles, nodeDebug } from "@sockeye/node/kit";
import { describe } from "@sockeye/portable";
import { type Composed, compose, type Host } from "@sockeye/server";
import { uwsError } from "./errors.ts";
import { type ServerOptions, type UwsOptions, uwsOptionRules } from "./options.ts";
import { uwsPlatform } from "./runtime.ts";
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
  files: new NodeFiles(),
  compress: compressBytes,
  debug: nodeDebug,
  listenerLimits: {
    usual: () => EventEmitter.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  },
  isSource: (value) => typeof value === "number" || typeof value === "string" || isApp(value),
  checkSource(value) {
    if (isApp(value)) return;
    const port = typeof value === "string" ? Number(value) : value;
    if (typeof port !== "number") throw uwsError("ERR_LISTEN_TARGET");
    if (!Number.isInteger(port)) throw uwsError("ERR_LISTEN_PORT", describe(value));
  },
  open: (gateway, options) => new UwsEngine(gateway, options as unknown as ServerOptions),
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
