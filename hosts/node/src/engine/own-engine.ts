// An engine without a Socket.IO server above it: its connections are the application's.

import { faceOf, UserCode } from "@sockeye/core";
import { type Connection, type ConnectionHandler, Engine } from "@sockeye/engine";
import { IdGenerator } from "@sockeye/portable";
import { nodeClock } from "../clock.ts";
import { nodeFramer } from "../frame.ts";
import { resolveEngineServerOptions } from "../options.ts";
import { warnOfUnknown } from "../warnings.ts";
import { surface } from "./engine-hooks.ts";
import type { EngineOwner, EngineServer } from "./engine-server.ts";

function handlerOf(connection: Connection, userCode: UserCode): ConnectionHandler {
  // Messages are seen by the face, which watches the connection once somebody listens.
  return {
    onMessage: () => {},
    onClose: (closing) => faceOf(connection, userCode).onClose(closing),
  };
}

/** The owner of an engine that stands alone. @throws OptionError when options are wrong */
export function ownEngine(given: object): EngineOwner {
  const { options, unknown } = resolveEngineServerOptions(given);
  warnOfUnknown(unknown, given);
  const ids = new IdGenerator();
  const userCode = new UserCode(undefined, surface);
  return {
    options,
    userCode,
    makeSessionId: () => ids.next(),
    makeEngine(hooks, server: EngineServer): Engine {
      const platform = { clock: nodeClock, framer: nodeFramer, afterTurn: setImmediate };
      return new Engine(options, platform, {
        ...hooks,
        onConnection(connection) {
          server.onOpened(connection);
          return handlerOf(connection, userCode);
        },
      });
    },
  };
}
