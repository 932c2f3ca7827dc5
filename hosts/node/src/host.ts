// Node as a host, and the classes composed with it.

import { type Composed, checkPort, compose, type Host, isPort } from "@sockeye/server";
import { nodeError } from "./errors.ts";
import { joinEventEmitters } from "./event-emitters.ts";
import { showSockets } from "./inspection.ts";
import { NodeEngine } from "./node-engine.ts";
import { refuseOldNode } from "./node-release.ts";
import { type NodeHostOptions, nodeOptionRules, type ServerOptions } from "./options.ts";
import { clientFiles, compressBytes, debug, listenerLimits, nodePlatform } from "./runtime.ts";

showSockets();
joinEventEmitters();

const nodeHost: Host<NodeHostOptions> = {
  name: "node",
  platform: nodePlatform,
  rules: nodeOptionRules,
  files: clientFiles(),
  compress: compressBytes,
  debug,
  listenerLimits,
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
