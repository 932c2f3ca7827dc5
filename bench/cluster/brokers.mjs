// The brokers of the measurement, each with a folder of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "../../scripts/brokers.mjs";
import { createDatabase, databaseUrl, startDatabase } from "../../scripts/postgres.mjs";

/** A free port. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * @typedef {object} Broker
 * @property {string} url
 * @property {() => Promise<void>} end
 */

/**
 * Starts a broker. Its address, and what ends it.
 * @param {"redis" | "postgres"} name
 * @returns {Promise<Broker>}
 */
export async function startBroker(name) {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-bench-"));
  const port = await freePort();
  if (name === "postgres") await createDatabase(folder);
  const child =
    name === "postgres"
      ? await startDatabase(folder, port)
      : spawn(
          findRedis() ?? "redis-server",
          ["--port", String(port), "--save", "", "--dir", folder],
          {
            stdio: "ignore",
          },
        );
  const url = name === "postgres" ? databaseUrl(port) : `redis://127.0.0.1:${port}`;
  return {
    url,
    async end() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(name === "postgres" ? "SIGQUIT" : "SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
