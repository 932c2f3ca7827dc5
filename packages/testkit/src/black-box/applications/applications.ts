// The applications that black-box cases run against, by name. Each is a recorder with something added to it: options
// with functions in them, middleware, listeners. Plain ES modules: they run on every runtime.

import type { Io, IoSocket } from "../faces.ts";
import type { Application, Desk, Setting } from "./application.ts";
import { cors } from "./cors.ts";
import { engine } from "./engine.ts";
import { gate } from "./gate.ts";
import { middleware } from "./middleware.ts";
import { recordSocket } from "./recorder.ts";

/** The name of an application. */
export type ApplicationName = "recorder" | "gate" | "cors" | "engine" | "middleware";

const applications: Readonly<Record<ApplicationName, Application>> = {
  recorder: {},
  gate,
  cors,
  engine,
  middleware,
};

/** An application that is ready for its server. */
export interface Prepared {
  readonly options: object;
  prepare(io: Io): Desk;
}

/** Sets an application up. */
export function setUp(name: ApplicationName, setting: Setting): Prepared {
  const application = applications[name];
  return {
    options: application.options?.(setting) ?? {},
    prepare(io) {
      const desk: Desk = {
        ...setting,
        record: (namespace) =>
          void io
            .of(namespace)
            .on("connection", (socket: IoSocket) => recordSocket(socket, setting)),
      };
      desk.record("/");
      io.engine.on("connection_error", (error: ConnectionError) =>
        setting.report("server", "connection_error", [
          { code: error.code, message: error.message, context: error.context },
        ]),
      );
      application.prepare?.(io, desk);
      return desk;
    },
  };
}

interface ConnectionError {
  readonly code: number;
  readonly message: string;
  readonly context: unknown;
}
