// @sockeye/node/engine: the engine on its own, with the names of the package `engine.io`.

import { ConnectionFace, type SendOptions, type SentCallback, TransportFace } from "@sockeye/core";
import * as engineParser from "@sockeye/engine/parser";

export type { EngineServerDiagnostics } from "../diagnostics.ts";

export type { ServerOptions } from "../typed.ts";
export {
  type AttachOptions,
  type EngineMiddleware,
  EngineServer as Server,
} from "./engine-server.ts";
export { attach, listen } from "./listen.ts";
export {
  ConnectionFace as Socket,
  type SendOptions,
  type SentCallback,
  TransportFace as Transport,
};

/** The transports that a server may use, with the upgrades of each. */
export const transports = {
  polling: { upgradesTo: ["websocket"] },
  websocket: { upgradesTo: [] },
} as const;

/** The codec of Engine.IO, with the names of `engine.io-parser`. */
export const parser: typeof engineParser = engineParser;

/** The revision of the protocol. */
export const protocol: number = engineParser.protocol;
