// A TCP proxy that holds everything back for half a round trip each way, in order, the end of a connection too.
// It may swallow requests to upgrade to WebSocket, as some company proxies do, or all that clients send after them, as some
// that do not know WebSocket do. Establishing a TCP connection itself costs nothing here: the kernel does it before the
// proxy hears of it.

import { connect, createServer } from "node:net";
import { DelayLine } from "./delay-line.mjs";

/**
 * @typedef {object} ProxyPlan
 * @property {number} port of the server behind it
 * @property {number} delayMs in each direction
 * @property {"pass" | "swallow" | "one-way"} upgrades `"swallow"` reads them and never answers; `"one-way"` lets them
 *   and what the server sends pass, and nothing that the client sends later
 *
 * @typedef {object} DelayingProxy
 * @property {number} port
 * @property {readonly import("./passages.mjs").Passage[]} passages what was let through, in the order of arrival
 * @property {() => number} swallowed how many upgrades so far
 * @property {() => void} close
 */

const UPGRADE = /^upgrade: *websocket/im;

/**
 * Starts a proxy on a free port.
 * @param {ProxyPlan} plan
 * @returns {Promise<DelayingProxy>}
 */
export async function startDelayingProxy({ delayMs, port, upgrades }) {
  const line = new DelayLine(delayMs);
  /** @type {import("./passages.mjs").Passage[]} */
  const passages = [];
  let swallowed = 0;
  let connections = 0;
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();

  /**
   * Hands on what one side sends to the other, later.
   * @param {import("node:net").Socket} from
   * @param {import("node:net").Socket} to
   * @param {(chunk: Buffer) => void} note
   */
  const handOn = (from, to, note) => {
    from.on("data", (chunk) => {
      note(chunk);
      line.add(() => to.writable && to.write(chunk));
    });
    from.once("end", () => line.add(() => to.end()));
    from.once("close", () => line.add(() => to.destroy()));
    from.on("error", () => {});
  };

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    client.on("error", () => {});
    // Clients open a connection of its own for each WebSocket: its first bytes tell.
    client.once("data", (head) => {
      const isUpgrade = upgrades !== "pass" && UPGRADE.test(head.toString("latin1"));
      if (isUpgrade) swallowed++;
      if (isUpgrade && upgrades === "swallow") {
        client.on("data", () => {});
        return;
      }
      const connection = connections++;
      /** @type {(way: "up" | "down") => (chunk: Buffer) => void} */
      const noting = (way) => (chunk) => {
        passages.push({ way, connection, text: chunk.toString("latin1") });
      };
      noting("up")(head);
      line.add(() => upstream.writable && upstream.write(head));
      const upstream = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
      if (isUpgrade) client.resume().once("close", () => line.add(() => upstream.destroy()));
      else handOn(client, upstream, noting("up"));
      handOn(upstream, client, noting("down"));
    });
  });
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return {
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    passages,
    swallowed: () => swallowed,
    close() {
      line.clear();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
