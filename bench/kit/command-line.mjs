// Options of a program on the command line, and the end of a program that was asked for nonsense.

import { parseArgs } from "node:util";

/**
 * Ends the program with a message: it was started wrongly.
 * @param {string} message
 * @returns {never}
 */
export function refuse(message) {
  console.error(message);
  process.exit(2);
}

/**
 * The options of this program. Ends it when there are others.
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} O
 * @param {O} options as `parseArgs` takes them
 */
export function readOptions(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    return refuse(`${/** @type {Error} */ (error).message}\noptions: ${known.join(" ")}`);
  }
}

/**
 * A whole number that was given as text. Ends the program when it is none.
 * @param {string} name of the option
 * @param {string} text
 * @param {number} [least] default 1
 */
export function wholeNumber(name, text, least = 1) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  return refuse(`--${name} must be a whole number from ${least} on, not "${text}"`);
}
