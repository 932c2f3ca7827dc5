// The table of the engine's errors, besides those of transports (transport-error.ts) and refused requests (refusals.ts).

import { type ErrorFactory, errorFactory, withHelp } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const ENGINE_ERRORS = {
  /** Details of a disconnection: more waits for the client than a limit allows, because it does not read. */
  ERR_SEND_BUFFER: (waiting: string, limit: string, value: number) =>
    `the client does not read: ${waiting}, ${limit} is ${value}`,
  /** Details of a disconnection: the client announced a frame over WebTransport that is longer than `maxHttpBufferSize`. */
  ERR_FRAME_LENGTH: (bytes: number, limit: number) =>
    `a frame of ${bytes} bytes exceeds maxHttpBufferSize (${limit})`,
  /** Details of a disconnection: the client sent a ping where it must answer pings, or the reverse. */
  ERR_HEARTBEAT_DIRECTION: () => "invalid heartbeat direction",
  /** Thrown by `revive`: the data are those of no connection that can be set up here. */
  ERR_SAVED_CONNECTION: (why: string): string =>
    withHelp(`a connection cannot be set up again: ${why}`, "ERR_SAVED_CONNECTION"),
  /** In the context of a refusal: `generateId` returned something other than a string. */
  ERR_SESSION_ID_TYPE: () => "a session id must be a string",
  /** In the context of a refusal: `generateId` returned the id of an open connection. */
  ERR_SESSION_ID_IN_USE: () => "the session id is in use",
} as const;

/** Creates an error of the engine; the values fill in its message. */
export const engineError: ErrorFactory<typeof ENGINE_ERRORS> = errorFactory(ENGINE_ERRORS);
