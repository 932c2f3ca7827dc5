// Errors of transports, with the marks by which applications of Socket.IO know them.

/** Why a transport failed. */
export class TransportError extends Error {
  readonly type = "TransportError";
  readonly description: unknown = undefined;

  /** `cause` is what the platform said. */
  constructor(message: string, cause?: Error) {
    super(message, cause && { cause });
    // Shown as any other error, as Socket.IO's are.
    this.name = "Error";
  }
}
