// A standalone engine: the application uses its connections directly.

import { UserCode } from "@sockeye/core";
import { type ConnectionHandler, createEngineDiagnostics, Engine } from "@sockeye/engine";
import { Deadlines, IdGenerator, type PointsSetUp } from "@sockeye/portable";
import { nodeClock } from "../clock.ts";
import { debugServer } from "../debug.ts";
import { createNodeDiagnostics, nodeChannel } from "../diagnostics.ts";
import { nodeFramer } from "../frame.ts";
import { resolveEngineServerOptions } from "../options.ts";
import { warnOfTaken, warnOfUnknown } from "../warnings.ts";
import { surface } from "./engine-hooks.ts";
import type { ConnectionListener, EngineOwner } from "./engine-owner.ts";

// The application's connection object observes messages and the end.
const handler: ConnectionHandler = { onMessage: () => {}, onClose: () => {} };

/** Creates the owner of a standalone engine. @throws OptionError when options are wrong */
export function ownEngine(given: object): EngineOwner {
  const { options, remarks, unknown } = resolveEngineServerOptions(given);
  warnOfUnknown(unknown, given);
  warnOfTaken(remarks);
  const ids = new IdGenerator();
  const userCode = new UserCode(undefined, surface);
  const points: PointsSetUp = { channel: nodeChannel, onFault: ({ error }) => surface(error) };
  const deadlines = new Deadlines(nodeClock, { ...points, onFailed: surface });
  const diagnostics = {
    engine: createEngineDiagnostics(points),
    deadlines: deadlines.points,
    node: createNodeDiagnostics(points),
  };
  debugServer(diagnostics);
  return {
    options,
    userCode,
    diagnostics,
    makeSessionId: () => ids.next(),
    makeEngine(hooks, server: ConnectionListener): Engine {
      const platform = {
        ...{ clock: nodeClock, framer: nodeFramer, afterTurn: setImmediate },
        ...{ deadlines, diagnostics: diagnostics.engine },
      };
      return new Engine(options, platform, {
        ...hooks,
        onConnection(connection) {
          server.onOpened(connection);
          return handler;
        },
      });
    },
  };
}
