// The clients that are timed: a fresh Node process, or a fresh profile of Chromium, for each attempt.

import { join } from "node:path";
import { chromium } from "playwright-core";
import { findProgram, programs } from "../../scripts/browsers.mjs";
import { Child } from "../kit/child.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @typedef {object} FirstEvent
 * @property {number} milliseconds
 * @property {string} transport in use when the event came
 *
 * @typedef {object} Attempt
 * @property {string} module the client, for Node
 * @property {number} port of the proxy
 * @property {object} options
 * @property {number} attempts connections, one after the other, by the same process or page
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
export function nodeClient() {
  return {
    name: "Node",
    async connect(attempt) {
      const child = new Child({
        file: join(import.meta.dirname, "node-client.mjs"),
        plan: attempt,
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
 * Chromium, or undefined when this machine has none.
 * @returns {Promise<Client | undefined>}
 */
export async function chromiumClient() {
  const executablePath = findProgram(programs.chromium);
  if (executablePath === undefined) return undefined;
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  return {
    name: "Chromium",
    async connect({ attempts, options, port }) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`http://127.0.0.1:${port}/page`);
        const results = [];
        for (let attempt = 0; attempt < attempts; attempt++) {
          const call = `firstEvent(${JSON.stringify({ forceNew: true, ...options })})`;
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
