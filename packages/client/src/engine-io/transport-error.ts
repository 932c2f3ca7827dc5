// The class of transport errors, for code that uses `instanceof` or creates one.

/** The failure of a transport. Errors that sessions raise are instances too: `instanceof` goes by their `type`. */
export class TransportError extends Error {
  readonly type = "TransportError";
  /** HTTP status, or the cause as the platform reported it. */
  readonly description: unknown;
  /** The platform's own object: an HTTP reply, or an event. */
  readonly context: unknown;

  constructor(reason: string, description: unknown, context: unknown) {
    super(reason);
    this.description = description;
    this.context = context;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && (value as { type?: unknown }).type === "TransportError";
  }
}
