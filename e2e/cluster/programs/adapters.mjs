// The adapters under test, by name: each is made in the process of its server. `kind` names the package and its way,
// `client` the client of the broker.

import { once } from "node:events";
import { createAdapter as createWorkerAdapter } from "@sockeye/cluster";
import * as natsAdapters from "@sockeye/nats";
import * as postgresAdapters from "@sockeye/postgres";
import * as redisAdapters from "@sockeye/redis";

/** Short, so that a crash is noticed soon; long enough for a machine that is busy. */
const HEARTBEATS = { heartbeatInterval: 400, heartbeatTimeout: 2000 };

/** @typedef {{ heartbeatInterval?: number, heartbeatTimeout?: number, routeByRooms?: boolean }} Settings */

/**
 * @typedef {object} Engine
 * @property {string} kind
 * @property {string} [client]
 * @property {string} [url]
 * @property {string} [key]
 * @property {Settings} [settings] default: short heartbeats
 */

/**
 * Two clients of Redis, connected.
 * @param {Engine} engine
 */
export async function redisClients({ client, url = "" }) {
  if (client === "redis") {
    const { createClient } = await import("redis");
    const pub = createClient({ url });
    const sub = pub.duplicate();
    await Promise.all([pub.connect(), sub.connect()]);
    return { pub, sub };
  }
  const { Redis } = await import(client ?? "ioredis");
  const pub = new Redis(url);
  const sub = pub.duplicate();
  // Socket.IO's adapter loses its subscriptions when it is made between connecting and being ready.
  await Promise.all([once(pub, "ready"), once(sub, "ready")]);
  return { pub, sub };
}

/**
 * A client of PostgreSQL, and what ends it.
 * @param {Engine} engine
 */
export async function postgresClient({ client, url = "" }) {
  if (client === "postgres") {
    const { default: postgres } = await import("postgres");
    // Its own back-off grows to twenty seconds.
    const sql = postgres(url, { max: 20, backoff: () => 0.2, onnotice() {} });
    return { client: sql, end: () => sql.end({ timeout: 1 }) };
  }
  const { Pool } = await import("pg");
  const pool = new Pool({ connectionString: url, max: 20 });
  return { client: pool, end: () => pool.end() };
}

/**
 * The value of the server's option `adapter`.
 * @param {Engine} engine
 */
export async function adapterOf(engine) {
  const { settings: chosen = HEARTBEATS } = engine;
  if (engine.kind === "ipc") return createWorkerAdapter(chosen);
  if (engine.kind === "nats" || engine.kind === "jetstream") {
    const { connect } = await import("@nats-io/transport-node");
    const isCore = engine.kind === "nats";
    const settings = { servers: engine.url ?? "", maxReconnectAttempts: -1 };
    // Not two seconds later than the broker is back, as it is by default.
    const connection = await connect(isCore ? settings : { ...settings, reconnectTimeWait: 250 });
    const options = { ...chosen, key: engine.key ?? "sockeye" };
    return isCore
      ? natsAdapters.createAdapter(connection, options)
      : natsAdapters.createJetStreamAdapter(connection, options);
  }
  const options = { ...chosen, ...(engine.key && { key: engine.key }) };
  if (engine.kind === "postgres" || engine.kind === "postgres log") {
    const { client } = await postgresClient(engine);
    const { createAdapter, createLogAdapter } = postgresAdapters;
    return (engine.kind === "postgres" ? createAdapter : createLogAdapter)(client, options);
  }
  if (engine.kind === "compatible postgres") {
    const { client } = await postgresClient(engine);
    return postgresAdapters.createAdapter(client, { ...chosen, wire: "socket.io" });
  }
  if (engine.kind === "official postgres") {
    const { createAdapter } = await import("@socket.io/postgres-adapter");
    const { client } = await postgresClient(engine);
    return createAdapter(/** @type {import("pg").Pool} */ (client), chosen);
  }
  const { pub, sub } = await redisClients(engine);
  if (engine.kind === "redis") return redisAdapters.createAdapter(pub, sub, options);
  if (engine.kind === "redis streams") {
    sub.disconnect();
    return redisAdapters.createStreamsAdapter(pub, options);
  }
  if (engine.kind === "compatible") {
    return redisAdapters.createAdapter(pub, sub, { ...options, wire: "socket.io" });
  }
  if (engine.kind === "compatible sharded") {
    return redisAdapters.createShardedAdapter(pub, sub, { ...options, wire: "socket.io" });
  }
  if (engine.kind === "compatible streams") {
    sub.disconnect();
    return redisAdapters.createStreamsAdapter(pub, { ...options, wire: "socket.io" });
  }
  if (engine.kind === "official streams") {
    sub.disconnect();
    return (await import("@socket.io/redis-streams-adapter")).createAdapter(pub);
  }
  if (engine.kind === "redis sharded") {
    return redisAdapters.createShardedAdapter(pub, sub, options);
  }
  const official = await import("@socket.io/redis-adapter");
  if (engine.kind === "official") return official.createAdapter(pub, sub);
  if (engine.kind === "official sharded") return official.createShardedAdapter(pub, sub);
  throw new Error(`no engine ${engine.kind}`);
}
