// @sockeye/node/kit: Node's services, for hosts that run on Node over another network than Node's own.

export { nodeBytes } from "../bytes.ts";
export { NodeFiles } from "../client-files.ts";
export { compressBytes } from "../compression.ts";
export { flushAtExit, forgetAtExit } from "../exit-flush.ts";
export { nodeDebug, nodePlatform, surface } from "../runtime.ts";
