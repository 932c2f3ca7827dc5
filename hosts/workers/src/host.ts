// Cloudflare Workers as a host, and the classes composed with it.

import { debug, webPlatform } from "@sockeye/hosting";
import { type Composed, compose, type Host } from "@sockeye/server";
import { cloudflare, type ObjectState } from "./cloudflare.ts";
import { workersError } from "./errors.ts";
import { type ServerOptions, type WorkersOptions, workersOptionRules } from "./options.ts";
import { servicesOf, WorkersEngine } from "./workers-engine.ts";

function isState(value: unknown): value is ObjectState {
  return typeof value === "object" && value !== null && "acceptWebSocket" in value;
}

const workersHost: Host<WorkersOptions> = {
  name: "workers",
  platform: webPlatform,
  platformFor: (ctx) => servicesOf(ctx as ObjectState).platform,
  rules: workersOptionRules,
  files: null,
  compress: null,
  debug,
  checkRuntime() {
    if (cloudflare.WebSocketPair === undefined) throw workersError("ERR_NOT_WORKERS");
  },
  isSource: isState,
  checkSource(value) {
    if (!isState(value)) throw workersError("ERR_LISTEN_TARGET");
  },
  open: (gateway, options) => new WorkersEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Cloudflare Workers. */
export const workers: Composed = compose(workersHost);
