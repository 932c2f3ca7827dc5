// The part of a connection to NATS that is used here. A connection of `@nats-io/nats-core` has it.

/** A subscription. */
export interface NatsSubscription {
  unsubscribe(): void;
}

/** A message. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Where an answer is expected; JetStream puts the position of a message here. */
  readonly reply?: string | undefined;
  /** What the server says of itself has a code; 0 elsewhere. */
  readonly headers?: { readonly code: number; get(name: string): string } | undefined;
}

/** A connection to NATS that the application has made: that of `connect()` of `@nats-io/transport-node`. */
export interface NatsClient {
  /** What the server has said of itself; absent while there is no connection. */
  readonly info?: { readonly max_payload: number } | undefined;
  publish(
    subject: string,
    payload: Uint8Array,
    options?: { reply?: string; headers?: unknown },
  ): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  /** Resolves when the server has handled everything before; rejects when the connection is lost. */
  flush(): Promise<void>;
  status(): AsyncIterable<{ readonly type: string }>;
  isClosed(): boolean;
  /** Drops the connection and makes it anew. */
  reconnect(): Promise<void>;
}

const METHODS = ["publish", "subscribe", "flush", "status", "isClosed", "reconnect"] as const;
/** The limit of a server that has not said its own: NATS's default. */
const USUAL_PAYLOAD = 1024 * 1024;

/** @throws TypeError for anything else than a connection, and for one that does not hear itself */
export function checkClient(client: NatsClient): void {
  const given = Object(client) as Partial<Record<string, unknown>>;
  if (METHODS.some((name) => typeof given[name] !== "function")) {
    throw new TypeError("expected a connection of @nats-io/transport-node");
  }
  // A node finds out that it is deaf by messages of its own.
  const { options } = client as { readonly options?: { readonly noEcho?: boolean } };
  if (options?.noEcho === true) {
    throw new TypeError("the connection to NATS must not have the option noEcho");
  }
}

/** The longest message that the server takes. Another server of a NATS cluster may have another limit: ask each time. */
export function payloadLimit(client: NatsClient, last: number = USUAL_PAYLOAD): number {
  return client.info?.max_payload ?? last;
}

/** What happens to a connection. Never throws. */
export interface ConnectionWatcher {
  /** The connection is there again, with its subscriptions. */
  onReady(): void;
  /** It was lost, or closed for good. */
  onLost(): void;
}

/** Watches a connection; the returned function ends that. */
export function watchConnection(client: NatsClient, watcher: ConnectionWatcher): () => void {
  const statuses = client.status() as AsyncIterable<{ type: string }> & { stop?(): void };
  let isWatching = true;
  const follow = async (): Promise<void> => {
    // The iterator fails with the connection, whose failure the application hears of.
    try {
      for await (const { type } of statuses) {
        if (!isWatching) return;
        if (type === "reconnect") watcher.onReady();
        else if (type === "disconnect" || type === "close") watcher.onLost();
      }
    } catch {}
    if (isWatching && client.isClosed()) watcher.onLost();
  };
  void follow();
  return () => {
    isWatching = false;
    statuses.stop?.();
  };
}
