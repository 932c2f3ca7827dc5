// The dependencies of an engine server: the engine underneath, and services shared with a Socket.IO server above it.

import type { UserCode } from "@sockeye/core";
import type { Connection, Engine } from "@sockeye/engine";
import type { EngineServerDiagnostics } from "../diagnostics.ts";
import type { ServerOptions } from "../options.ts";
import type { RequestHooks } from "./engine-hooks.ts";

/** Receives each connection that has been opened. */
export interface ConnectionListener {
  onOpened(connection: Connection): void;
}

/** The owner of an engine: a Socket.IO server, or the engine server itself. */
export interface EngineOwner {
  readonly options: ServerOptions;
  readonly userCode: UserCode;
  readonly diagnostics: EngineServerDiagnostics;
  /** Creates the engine underneath; `onOpened` of the server is called with its connections. */
  makeEngine(hooks: RequestHooks, server: ConnectionListener): Engine;
  makeSessionId(): string;
}
