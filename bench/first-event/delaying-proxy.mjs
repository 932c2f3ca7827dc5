// A TCP proxy that holds everything back for half a round trip each way, in order, the end of a connection too.
// It may swallow requests to upgrade to WebSocket, as some company proxies do. Establishing a TCP connection
// itself costs nothing here: the kernel does it before the proxy hears of it.

import { connect, createServer } from "node:net";

/**
 * @typedef {object} ProxyPlan
 * @property {number} port of the server behind it
 * @property {number} delayMs in each direction
 * @property {"pass" | "swallow"} upgrades `"swallow"` reads them and never answers
 */

const UPGRADE = /^upgrade: *websocket/im;

/**
 * Hands on what one side sends to the other, later.
 * @param {import("node:net").Socket} from
 * @param {import("node:net").Socket} to
 * @param {number} delayMs
 */
function handOn(from, to, delayMs) {
  // Timers of one duration run in the order in which they were set.
  from.on("data", (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.once("end", () => setTimeout(() => to.end(), delayMs));
  from.once("close", () => setTimeout(() => to.destroy(), delayMs));
  from.on("error", () => {});
}

/**
 * Starts a proxy on a free port.
 * @param {ProxyPlan} plan
 * @returns {Promise<{ port: number, swallowed: () => number, close: () => void }>}
 */
export async function startDelayingProxy({ delayMs, port, upgrades }) {
  let swallowed = 0;
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    client.on("error", () => {});
    // Clients open a connection of its own for each WebSocket: its first bytes tell.
    client.once("data", (head) => {
      if (upgrades === "swallow" && UPGRADE.test(head.toString("latin1"))) {
        swallowed++;
        client.on("data", () => {});
        return;
      }
      const upstream = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
      handOn(client, upstream, delayMs);
      handOn(upstream, client, delayMs);
      setTimeout(() => upstream.writable && upstream.write(head), delayMs);
    });
  });
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return {
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    swallowed: () => swallowed,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
