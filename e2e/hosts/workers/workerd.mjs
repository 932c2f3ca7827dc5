// Cloudflare's runtime, started with a Worker that is bundled from a file.

import { createRequire } from "node:module";
import { build } from "esbuild";

const requireHere = createRequire(import.meta.url);

/** A running workerd with one Worker. */
export class Workerd {
  #miniflare;

  constructor(miniflare) {
    this.#miniflare = miniflare;
  }

  /**
   * @param {string} file the Worker's entry
   * @param {object} options
   * @param {string[]} [options.entrypoints] exports that get a port of their own
   * @param {Record<string, string>} [options.classes] classes of Durable Objects, by the names of their bindings
   */
  static async start(file, { entrypoints = [], classes = { OBJECTS: "ServerObject" } } = {}) {
    const { Miniflare } = requireHere("miniflare");
    const { outputFiles } = await build({
      ...{ entryPoints: [file], bundle: true, write: false, format: "esm", target: "es2022" },
      ...{
        conditions: ["workerd", "worker", "browser"],
        external: ["cloudflare:*"],
        logLevel: "warning",
      },
    });
    const miniflare = new Miniflare({
      modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text }],
      compatibilityDate: "2026-03-01",
      compatibilityFlags: ["enable_request_signal"],
      durableObjects: Object.fromEntries(
        Object.entries(classes).map(([name, className]) => [name, { className, useSQLite: true }]),
      ),
      unsafeDirectSockets: entrypoints.map((entrypoint) => ({ host: "127.0.0.1", entrypoint })),
    });
    await miniflare.ready;
    return new Workerd(miniflare);
  }

  /** The port of an entrypoint. */
  async portOf(entrypoint) {
    const url = await this.#miniflare.unsafeGetDirectURL("", entrypoint);
    return Number(url.port);
  }

  fetch(url, init) {
    return this.#miniflare.dispatchFetch(url, init);
  }

  /**
   * The answer to a request of the Worker.
   * @param {string} path
   */
  async text(path) {
    return await (await this.#miniflare.dispatchFetch(`http://worker${path}`)).text();
  }

  async stop() {
    await this.#miniflare.dispose();
  }
}
