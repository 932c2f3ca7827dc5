// The dependencies of an engine server: the engine underneath, the host, and services shared with a Socket.IO server
// above it. And the owner of an engine on its own, whose connections the application uses directly.

import { Patience, SLOW_MIDDLEWARE, UserCode } from "@sockeye/core";
import {
  type Connection,
  type ConnectionHandler,
  createEngineDiagnostics,
  Engine,
} from "@sockeye/engine";
import { Deadlines, IdGenerator, type PointsSetUp } from "@sockeye/portable";
import { debugServer } from "./debug.ts";
import {
  createHostDiagnostics,
  type EngineServerDiagnostics,
  type HostDiagnostics,
} from "./diagnostics.ts";
import type { Forwarder } from "./forward/forwarder.ts";
import type { Gateway } from "./gateway.ts";
import type { Host, HostEngine } from "./host.ts";
import { resolveEngineOptionsFor, type ServerOptions } from "./options.ts";
import type { RequestHooks } from "./request-hooks.ts";
import { type Warn, warnOfOptions } from "./warnings.ts";

/** Receives each connection that has been opened. */
interface ConnectionListener {
  onOpened(connection: Connection, isRevived?: boolean): void;
}

/** The owner of an engine: a Socket.IO server, or the engine server itself. */
export interface EngineOwner {
  readonly options: ServerOptions;
  readonly userCode: UserCode;
  readonly diagnostics: EngineServerDiagnostics;
  /** The points of the host. */
  readonly points: HostDiagnostics;
  /** Creates the engine underneath; `onOpened` of the server is called with its connections. */
  makeEngine(hooks: RequestHooks, server: ConnectionListener): Engine;
  /** Makes the host's part of the engine. */
  openHost(gateway: Gateway): HostEngine;
  makeSessionId(): string;
  readonly warn: Warn;
  /** How long middleware may take. */
  readonly patience: Patience;
  /** Passes on what belongs to other servers; `null`: it is refused. */
  readonly forwarder: Forwarder | null;
}

// The application's connection object observes messages and the end.
const handler: ConnectionHandler = { onMessage: () => {}, onClose: () => {} };

/** Creates the owner of a standalone engine. @throws OptionError when options are wrong */
export function ownEngine<HostOptions extends object>(
  host: Host<HostOptions>,
  given: object,
): EngineOwner {
  // An engine on its own knows no users: what it is part of decides about them.
  const defaults = { foreignOrigins: "warn", ...host.complete?.(given) };
  const resolved = resolveEngineOptionsFor({ ...defaults, ...given }, host.rules);
  const { options } = resolved;
  const { platform } = host;
  const surface = (error: unknown): void => platform.surface(error);
  warnOfOptions(resolved, given, (text) => platform.warn(text));
  const ids = new IdGenerator();
  const userCode = new UserCode(undefined, surface);
  const setUp: PointsSetUp = { channel: platform.channel, onFault: ({ error }) => surface(error) };
  const deadlines = new Deadlines(platform.clock, { ...setUp, onFailed: surface });
  const points = createHostDiagnostics(host.name, setUp);
  const diagnostics = {
    engine: createEngineDiagnostics(setUp),
    deadlines: deadlines.points,
    [host.name]: points,
  };
  debugServer(diagnostics, host.debug);
  return {
    options,
    userCode,
    diagnostics,
    points,
    // The option is the core's, and an engine on its own has none of those.
    patience: new Patience(
      new Deadlines(platform.idleClock ?? platform.clock, { onFailed: surface }),
      SLOW_MIDDLEWARE,
    ),
    forwarder: null,
    makeSessionId: () => ids.next(),
    warn: (text) => platform.warn(text),
    openHost: (gateway) => host.open(gateway, options),
    makeEngine(hooks, server: ConnectionListener): Engine {
      const own = { ...platform, deadlines, diagnostics: diagnostics.engine };
      return new Engine(options, own, {
        ...hooks,
        onConnection(connection) {
          server.onOpened(connection);
          return handler;
        },
        onRevived(connection) {
          server.onOpened(connection, true);
          return handler;
        },
      });
    },
  };
}
