// The table of the errors of every host's server.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const SERVER_ERRORS = {
  /** Thrown by `attach` and `listen`: the port is not an integer. */
  ERR_LISTEN_PORT: (port: string) => `${port} is not a port`,
  /** Thrown by `attach` and `attachApp` of hosts that add routes: a server is attached to this application with the same path. */
  ERR_PATH_TAKEN: (path: string) => `a server is attached to this application at ${path}`,
  /** Given to the callback of `close`: the server has stopped listening before. */
  ERR_NOT_RUNNING: () => "the server is not running",
} as const;

/** Creates an error of the server; the values fill in its message. */
export const serverError: ErrorFactory<typeof SERVER_ERRORS> = errorFactory(SERVER_ERRORS);
