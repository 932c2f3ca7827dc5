// @sockeye/node/kit: Node's services, for hosts that run on Node over another network than Node's own.

export { presetOptions } from "@sockeye/server";
export { nodeBytes } from "../bytes.ts";
export {
  clientFiles,
  compressBytes,
  debug,
  exits,
  listenerLimits,
  nodePlatform,
  services,
} from "../runtime.ts";
