// The brokers and proxies that tests drive, what brings them on Debian, and where to find them. Installs nothing.

import { findProgram } from "./browsers.mjs";

/** @satisfies {Record<string, import("./browsers.mjs").Program>} */
export const brokers = {
  redis: {
    name: "Redis",
    variable: "REDIS_SERVER_PATH",
    binaries: ["redis-server", "valkey-server"],
    debian: ["redis-server"],
  },
  postgres: {
    name: "PostgreSQL",
    variable: "POSTGRES_PATH",
    // Debian does not put it on PATH, but beside the folder of other programs.
    binaries: [
      "postgres",
      ...["17", "16", "15"].map((version) => `../lib/postgresql/${version}/bin/postgres`),
    ],
    debian: ["postgresql"],
  },
  haproxy: {
    name: "HAProxy",
    variable: "HAPROXY_PATH",
    binaries: ["haproxy"],
    debian: ["haproxy"],
  },
  nginx: {
    name: "nginx",
    variable: "NGINX_PATH",
    binaries: ["nginx"],
    debian: ["nginx"],
  },
  caddy: {
    name: "Caddy",
    variable: "CADDY_PATH",
    binaries: ["caddy"],
    debian: ["caddy"],
  },
  nats: {
    name: "NATS",
    variable: "NATS_SERVER_PATH",
    binaries: ["nats-server"],
    debian: ["nats-server"],
  },
};

/** The path of PostgreSQL's server; undefined where there is none. `initdb` and `pg_isready` stand beside it. */
export function findPostgres() {
  return findProgram(brokers.postgres);
}

/** The path of Redis's server; undefined where there is none. */
export function findRedis() {
  return findProgram(brokers.redis);
}

/** The path of NATS's server; undefined where there is none. */
export function findNats() {
  return findProgram(brokers.nats);
}
