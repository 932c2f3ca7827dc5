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
};

/** The path of Redis's server; undefined where there is none. */
export function findRedis() {
  return findProgram(brokers.redis);
}
