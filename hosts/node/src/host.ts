// Node as a host, and the classes composed with it.

<<<<<<< HEAD
import { type Composed, checkPort, compose, type Host, isPort } from "@sockeye/server";
=======
import { EventEmitter } from "node:events";
import { describe } from "@sockeye/portable";
import { type Composed, compose, type Gateway, type Host } from "@sockeye/server";
import { NodeFiles } from "./client-files.ts";
import { compressBytes } from "./compression.ts";
>>>>>>> main
import { nodeError } from "./errors.ts";
import { joinEventEmitters } from "./event-emitters.ts";
import { showSockets } from "./inspection.ts";
import { NodeEngine } from "./node-engine.ts";
import { refuseOldNode } from "./node-release.ts";
import { type NodeHostOptions, nodeOptionRules, type ServerOptions } from "./options.ts";
import { clientFiles, compressBytes, debug, nodePlatform } from "./runtime.ts";

showSockets();
joinEventEmitters();

const nodeHost: Host<NodeHostOptions> = {
  name: "node",
  platform: nodePlatform,
  rules: nodeOptionRules,
  files: clientFiles(),
  compress: compressBytes,
<<<<<<< HEAD
  debug,
=======
  debug: nodeDebug,
  listenerLimits: {
    usual: () => EventEmitter.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  },
>>>>>>> main
  checkRuntime: () => refuseOldNode(process.versions.node),
  isSource: (value) =>
    isPort(value) ||
    typeof (value as { listen?: unknown } | null | undefined)?.listen === "function",
  checkSource(value) {
    if (typeof value === "function") throw nodeError("ERR_LISTEN_TARGET");
    if (isPort(value)) checkPort(value);
  },
  open: (gateway, options) => new NodeEngine(gateway, options as unknown as ServerOptions),
};

/** The classes of servers and engines on Node. */
export const node: Composed = compose(nodeHost);
