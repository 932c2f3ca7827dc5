// Errors of transports, with the properties that Socket.IO's errors have.

/** Messages of polling errors; they are Socket.IO's. Those of WebSockets are the host's. */
export type PollingFault =
  /** The client disconnected before its request was admitted. */
  | "request closed prematurely"
  /** The client sent a poll while another one was pending. */
  | "overlap from client"
  /** The client disconnected during a poll. */
  | "poll connection closed prematurely"
  /** The client sent a POST while another one was pending. */
  | "data request overlap from client"
  /** The client of revision 4 sent a binary body. */
  | "invalid content"
  /** The client disconnected during a POST. */
  | "data request connection closed prematurely";

/** The failure of a transport. */
export class TransportError extends Error {
  readonly type = "TransportError";
  readonly description: unknown = undefined;

  /** `cause` is the platform's error. */
  constructor(message: string, cause?: Error) {
    super(message, cause && { cause });
    // Printed as a plain error, as Socket.IO's are.
    this.name = "Error";
  }
}
