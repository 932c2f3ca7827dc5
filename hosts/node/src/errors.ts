// The table of the errors that only the Node host throws or reports, besides those of WebSocket frames (frame-error.ts).

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const NODE_ERRORS = {
  /** Thrown by `new Server()`: the release of Node is too old. */
  ERR_NODE_RELEASE: (version: string) =>
    `@sockeye/node needs Node 20.19 or later, and this is ${version}`,
  /** Thrown by `attach` and `listen`: given a request handler, such as an Express application. */
  ERR_LISTEN_TARGET: () =>
    "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
  /** Thrown by `handleUpgrade` of the engine: the handshake of this network socket was completed before. */
  ERR_HANDSHAKE_COMPLETED: () => "the handshake of this socket was completed before",
} as const;

/** Creates an error of the host; the values fill in its message. */
export const nodeError: ErrorFactory<typeof NODE_ERRORS> = errorFactory(NODE_ERRORS);
