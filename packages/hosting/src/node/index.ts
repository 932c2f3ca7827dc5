// @sockeye/hosting/node: what hosts on runtimes with Node's modules share, for authors of hosts.

export { bufferBytes, compressBytes } from "./bytes.ts";
export { clientFiles } from "./files.ts";
export { debug, listenerLimits, services } from "./services.ts";
