// Errors of transports, with the properties that Socket.IO's errors have.

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
