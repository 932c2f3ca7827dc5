// A message as a line of JSON, whichever runtime reads it.

/**
 * The line with its end. Some runtimes end lines at separators of Unicode too, which JSON may contain.
 * @param {object} message
 */
export function lineOf(message) {
  const text = JSON.stringify(message);
  return `${text.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}
