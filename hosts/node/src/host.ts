// Node as a host, and the classes composed with it.

import { EventEmitter } from "node:events";
import { describe } from "@sockeye/portable";
import { type Composed, compose, type Gateway, type Host } from "@sockeye/server";
import { NodeFiles } from "./client-files.ts";
import { compressBytes } from "./compression.ts";
import { nodeError } from "./errors.ts";
import { joinEventEmitters } from "./event-emitters.ts";
import { showSockets } from "./inspection.ts";
import { NodeEngine } from "./node-engine.ts";
import { refuseOldNode } from "./node-release.ts";
import { type NodeHostOptions, nodeOptionRules, type ServerOptions } from "./options.ts";
import { nodeDebug, nodePlatform } from "./runtime.ts";

showSockets();
joinEventEmitters();

const nodeHost: Host<NodeHostOptions> = {
  name: "node",
  platform: nodePlatform,
  rules: nodeOptionRules,
  files: new NodeFiles(),
  compress: compressBytes,
  debug: nodeDebug,
  listenerLimits: {
    usual: () => EventEmitter.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  },
  checkRuntime: () => refuseOldNode(process.versions.node),
  isSource(value) {
    if (typeof value === "number" || typeof value === "string") return true;
    return typeof (value as { listen?: unknown } | null | undefined)?.listen === "function";
  },
  checkSource(value) {
    if (typeof value === "function") throw nodeError("ERR_LISTEN_TARGET");
    const port = typeof value === "string" ? Number(value) : value;
    if (typeof port === "number" && !Number.isInteger(port)) {
      throw nodeError("ERR_LISTEN_PORT", describe(value));
    }
  },
  open: (gateway: Gateway, options) => new NodeEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Node. */
export const node: Composed = compose(nodeHost);
