// @sockeye/node: the Socket.IO server on Node.

export { Namespace, Socket } from "@sockeye/core";
export { callable as "module.exports" } from "./callable.ts";
export type { ServerOptions } from "./options.ts";
export { NodeServer as Server } from "./server.ts";
