// The clients that are timed: a fresh Node process, or a page in a fresh profile of a running browser, for each
// attempt.

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { findProgram, programs, quietFlags } from "../../scripts/browsers.mjs";
import { Child } from "../kit/child.mjs";

// From when a page is loaded until its browser has come to rest.
const REST_MS = 700;

/**
 * @typedef {import("./first-event.mjs").FirstEvent} FirstEvent
 *
 * @typedef {object} Attempt
 * @property {string} module the client, for Node; `"ws"` is a WebSocket alone, also in a browser
 * @property {string} page the name under which the server has a page with the client
 * @property {string} url of the proxy
 * @property {number} roundTripMs
 * @property {object} options
 * @property {readonly string[]} connections their names, one after the other, by the same process or page
 *
 * @typedef {object} Client
 * @property {string} name
 * @property {(attempt: Attempt) => Promise<FirstEvent[]>} connect
 * @property {() => Promise<void>} close
 */

/**
 * The client on Node.
 * @returns {Client}
 */
function nodeClient() {
  return {
    name: "Node",
    async connect(attempt) {
      const child = new Child({
        file: join(import.meta.dirname, "node-client.mjs"),
        plan: attempt,
        // For a WebSocket alone.
        env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      });
      try {
        const { results } = await child.reported("result");
        return /** @type {FirstEvent[]} */ (results);
      } finally {
        await child.end();
      }
    },
    close: () => Promise.resolve(),
  };
}

/**
 * A browser, or undefined when this machine has none.
 * @param {"chromium" | "firefox"} kind
 * @returns {Promise<Client | undefined>}
 */
async function browserClient(kind) {
  const executablePath = findProgram(programs[kind]);
  if (executablePath === undefined) return undefined;
  const browser = await puppeteer.launch({
    browser: kind === "chromium" ? "chrome" : "firefox",
    executablePath,
    args: [...quietFlags[kind], ...(kind === "chromium" ? ["--ignore-certificate-errors"] : [])],
    acceptInsecureCerts: true,
  });
  return {
    name: programs[kind].name,
    async connect({ connections, module, options, page: name, url }) {
      const context = await browser.createBrowserContext();
      try {
        const page = await context.newPage();
        await page.goto(`${url}/page/${name}`);
        // What a new page keeps the browser busy with is no part of connecting; it cost 10 ms in Chromium.
        await pause(REST_MS);
        const results = [];
        for (const connection of connections) {
          const ours = JSON.stringify({ ...options, query: { connection } });
          const call =
            module === "ws"
              ? `bareFirstEvent(WebSocket, location.origin, "connection=${connection}")`
              : `firstEvent(io, location.origin, ${ours})`;
          results.push(/** @type {FirstEvent} */ (await page.evaluate(call)));
        }
        return results;
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** How to start each client; `undefined` when this machine has it not. */
export const CLIENTS = {
  node: async () => nodeClient(),
  chromium: () => browserClient("chromium"),
  firefox: () => browserClient("firefox"),
};
