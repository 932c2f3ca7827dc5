// What is measured, by broker: Socket.IO's server with its own adapter first, against which the others are set.

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} server the package of the server
 * @property {string} kind as the tests of the cluster name the adapter
 * @property {{ routeByRooms?: boolean }} [settings]
 */

const SOCKET_IO = "socket.io";
const OURS = "@sockeye/node";

/**
 * @param {string} name
 * @param {string} kind
 * @returns {Target}
 */
const ours = (name, kind) => ({ name, server: OURS, kind });

/**
 * With what is sent to rooms of one server alone not published.
 * @param {string} name
 * @param {string} kind
 * @returns {Target}
 */
const byRooms = (name, kind) => ({
  ...ours(`${name}, routeByRooms`, kind),
  settings: { routeByRooms: true },
});

/** @type {Record<string, { broker: "redis" | "postgres", targets: Target[] }>} */
export const engines = {
  redis: {
    broker: "redis",
    targets: [
      { name: "@socket.io/redis-adapter", server: SOCKET_IO, kind: "official" },
      ours("createAdapter", "redis"),
      byRooms("createAdapter", "redis"),
      ours('createAdapter, wire: "socket.io"', "compatible"),
    ],
  },
  sharded: {
    broker: "redis",
    targets: [
      { name: "@socket.io/redis-adapter, sharded", server: SOCKET_IO, kind: "official sharded" },
      ours("createShardedAdapter", "redis sharded"),
      byRooms("createShardedAdapter", "redis sharded"),
      ours('createShardedAdapter, wire: "socket.io"', "compatible sharded"),
    ],
  },
  streams: {
    broker: "redis",
    targets: [
      { name: "@socket.io/redis-streams-adapter", server: SOCKET_IO, kind: "official streams" },
      ours("createStreamsAdapter", "redis streams"),
      ours('createStreamsAdapter, wire: "socket.io"', "compatible streams"),
    ],
  },
  postgres: {
    broker: "postgres",
    targets: [
      { name: "@socket.io/postgres-adapter", server: SOCKET_IO, kind: "official postgres" },
      ours("createAdapter (PostgreSQL)", "postgres"),
      ours('createAdapter (PostgreSQL), wire: "socket.io"', "compatible postgres"),
      ours("createLogAdapter", "postgres log"),
    ],
  },
};
