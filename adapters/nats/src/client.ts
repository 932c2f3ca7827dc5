// The part of a connection to NATS that the bus uses. A connection of `@nats-io/nats-core` has it.

/** A subscription. */
export interface NatsSubscription {
  unsubscribe(): void;
}

/** A connection to NATS that the application has made: that of `connect()` of `@nats-io/transport-node`. */
export interface NatsClient {
  /** What the server has said of itself; absent while there is no connection. */
  readonly info?: { readonly max_payload: number } | undefined;
  publish(subject: string, payload: Uint8Array): void;
  subscribe(
    subject: string,
    options: {
      callback: (error: Error | null, message: { readonly data: Uint8Array }) => void;
    },
  ): NatsSubscription;
  /** Resolves when the server has handled everything before; rejects when the connection is lost. */
  flush(): Promise<void>;
  status(): AsyncIterable<{ readonly type: string }>;
  isClosed(): boolean;
  /** Drops the connection and makes it anew. */
  reconnect(): Promise<void>;
}

const METHODS = ["publish", "subscribe", "flush", "status", "isClosed", "reconnect"] as const;

/** @throws TypeError for anything else than a connection, and for one that does not hear itself */
export function checkClient(client: NatsClient): void {
  const given = Object(client) as Partial<Record<string, unknown>>;
  if (METHODS.some((name) => typeof given[name] !== "function")) {
    throw new TypeError("createAdapter takes a connection of @nats-io/transport-node");
  }
  // A node finds out that it is deaf by messages of its own.
  const { options } = client as { readonly options?: { readonly noEcho?: boolean } };
  if (options?.noEcho === true) {
    throw new TypeError("the connection to NATS must not have the option noEcho");
  }
}
