// The class of transport failures, for code that asks `instanceof` or makes one.

/** A failure of a transport. Those that sessions raise are instances as well, however they were made. */
export class TransportError extends Error {
  readonly type = "TransportError";
  /** HTTP status, or what the platform gave as the cause. */
  readonly description: unknown;
  /** What the platform said. */
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
