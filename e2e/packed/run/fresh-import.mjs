// Imports a file by Node, not by the test runner; anew, with the files beside it, whenever the number is another one.

import { register } from "node:module";

const HOOKS = `
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const [, count] = /[?]fresh=(\\d+)$/.exec(context.parentURL ?? "") ?? [];
  return count === undefined || !specifier.startsWith(".") ? found : { ...found, url: found.url + "?fresh=" + count };
}`;

let isRegistered = false;

/**
 * @param {string} url
 * @param {number} count
 * @returns {Promise<Record<string, unknown>>}
 */
export function freshImport(url, count) {
  if (count === 0) return import(url);
  if (!isRegistered) register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
  isRegistered = true;
  return import(`${url}?fresh=${count}`);
}
