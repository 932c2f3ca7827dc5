// @sockeye/hosting/node: what hosts on runtimes with Node's modules share, for authors of hosts.

export { bufferBytes, compressBytes } from "./bytes.ts";
export { ClientBundles } from "./client-files.ts";
export { clock, debug, services, surface } from "./services.ts";
