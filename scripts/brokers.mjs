// The brokers that tests drive, what brings them on Debian, and where to find them. Installs nothing.

import { findProgram } from "./browsers.mjs";

/** @satisfies {Record<string, import("./browsers.mjs").Program>} */
export const brokers = {
  redis: {
    name: "Redis",
    variable: "REDIS_SERVER_PATH",
    binaries: ["redis-server", "valkey-server"],
    debian: ["redis-server"],
  },
  nats: {
    name: "NATS",
    variable: "NATS_SERVER_PATH",
    binaries: ["nats-server"],
    debian: ["nats-server"],
  },
};

/** The path of Redis's server; undefined where there is none. */
export function findRedis() {
  return findProgram(brokers.redis);
}

/** The path of NATS's server; undefined where there is none. */
export function findNats() {
  return findProgram(brokers.nats);
}
