// The engines that have a log, each with a broker of the test's own.

import { NatsServer } from "./nats-server.ts";
import { PostgresServer } from "./postgres-server.ts";
import { RedisServer } from "./redis-server.ts";

/** A running broker. */
export interface LogBroker extends AsyncDisposable {
  readonly port: number;
  kill(): Promise<void>;
  resume(): Promise<void>;
}

/** An engine: which adapter, with which client. */
export interface LogEngine {
  readonly name: string;
  /** As in `programs/adapters.mjs`. */
  readonly kind: string;
  readonly client: string;
  /** Part of every test run. */
  readonly isShort: boolean;
  isThere(): boolean;
  /** Starts a broker that keeps its data while it is away, or has lost them when it comes back. */
  start(isKept: boolean): Promise<LogBroker>;
  /** How a client reaches it, on a port of this machine. */
  url(port: number): string;
}

const redis = {
  kind: "redis streams",
  isThere: () => RedisServer.isThere,
  start: (isKept: boolean) => RedisServer.start(isKept),
  url: (port: number) => `redis://127.0.0.1:${port}`,
};

const postgres = {
  kind: "postgres log",
  isThere: () => PostgresServer.isThere,
  async start(isKept: boolean) {
    const server = await PostgresServer.start();
    server.isKept = isKept;
    return server;
  },
  url: (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres`,
};

const jetStream = {
  kind: "jetstream",
  isThere: () => NatsServer.isThere,
  start: (isKept: boolean) => NatsServer.start("", isKept ? "kept" : "lost"),
  url: (port: number) => `nats://127.0.0.1:${port}`,
};

/** All of them. */
export const LOG_ENGINES: readonly LogEngine[] = [
  { ...redis, name: "streams, ioredis", client: "ioredis", isShort: true },
  { ...redis, name: "streams, redis", client: "redis", isShort: false },
  { ...postgres, name: "postgres, pg", client: "pg", isShort: true },
  { ...postgres, name: "postgres, postgres", client: "postgres", isShort: false },
  { ...jetStream, name: "jetstream", client: "", isShort: true },
];
