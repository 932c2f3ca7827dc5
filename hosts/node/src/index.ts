// @sockeye/node: the Socket.IO server on Node.

export type { ServerOptions } from "./options.ts";
export { NodeServer as Server } from "./server.ts";
export { Namespace, Socket } from "@sockeye/core";
export { callable as "module.exports" } from "./callable.ts";
