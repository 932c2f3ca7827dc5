// uWebSockets.js, where it is installed: under its own name, as a fork with binaries, or as the build that the tests use.

import { createRequire } from "node:module";

const FORK = "@trufflesuite/uws-js-unofficial";
const TESTS = new URL("../../e2e/hosts/uws/", import.meta.url);

/** The module's path, or `undefined`. */
export function uwsPath() {
  const here = createRequire(import.meta.url);
  for (const [require, name] of /** @type {const} */ ([
    [here, "uWebSockets.js"],
    [here, FORK],
    [createRequire(TESTS), FORK],
  ])) {
    try {
      return require.resolve(name);
    } catch {
      // Not there: on to the next place.
    }
  }
  return undefined;
}

/** @returns {any} the module, which has no types here */
export function loadUws() {
  const path = uwsPath();
  if (path === undefined) throw new Error("uWebSockets.js is not installed");
  return createRequire(import.meta.url)(path);
}
