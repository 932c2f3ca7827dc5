// The web's platform as a host, and the classes composed with it.

import { debug, webPlatform } from "@sockeye/hosting";
import { type Composed, compose, type Host } from "@sockeye/server";
import { fetchError } from "./errors.ts";
import { FetchEngine } from "./fetch-engine.ts";
import { type FetchOptions, fetchOptionRules, type ServerOptions } from "./options.ts";

const fetchHost: Host<FetchOptions> = {
  name: "fetch",
  platform: webPlatform,
  rules: fetchOptionRules,
  // No clients are offered an upgrade that cannot be.
  complete: (given) => ("upgradeWebSocket" in given ? {} : { transports: ["polling"] }),
  files: null,
  compress: null,
  debug,
  isSource: () => false,
  checkSource() {
    throw fetchError("ERR_LISTEN_TARGET");
  },
  open: (gateway, options) => new FetchEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines over Request and Response. */
export const web: Composed = compose(fetchHost);
