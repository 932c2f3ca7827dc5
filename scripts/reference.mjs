// Turns documented TypeScript into reference pages: the members of an interface, the words of a
// union. Reads text, not types, so it wants the form in which this repository writes both.

/**
 * @typedef {{ name: string, type: string, meaning: string, fallback: string }} Option
 * @typedef {{ word: string, meaning: string }} Word
 */

const DEFAULT = /\s*\bDefault:?\s+([\s\S]+)\.$/;

/**
 * The documented members of an interface.
 * @param {string} source
 * @param {string} name of the interface
 * @returns {Option[]}
 * @throws Error when the interface is missing, or one of its members has no comment
 */
export function optionsOf(source, name) {
  const start = source.search(new RegExp(`^export interface ${name}\\b`, "m"));
  if (start < 0) throw new Error(`no interface ${name}`);
  const body = source.slice(source.indexOf("{\n", start) + 2, source.indexOf("\n}", start) + 1);
  const member =
    /(?:^ {2}\/\*\*([\s\S]*?)\*\/\n)? {2}(?:readonly )?("[^"]+"|\w+)\??: ([\s\S]*?);\n/gm;
  return [...body.matchAll(member)].map(([, comment, property = "", type = ""]) => {
    if (comment === undefined) throw new Error(`${name}.${property} has no comment`);
    const text = flat(comment);
    const fallback = DEFAULT.exec(text)?.[1] ?? "";
    const meaning = text.replace(DEFAULT, "");
    return { name: property.replaceAll('"', ""), type: flat(type), meaning, fallback };
  });
}

/**
 * The documented words of a union of string literals; names of other unions in it are left out.
 * @param {string} source
 * @param {string} name of the type
 * @returns {Word[]}
 * @throws Error when the type is missing, or one of its words has no comment
 */
export function wordsOf(source, name) {
  const start = source.search(new RegExp(`^export type ${name}\\b`, "m"));
  if (start < 0) throw new Error(`no type ${name}`);
  const body = source.slice(start, source.indexOf(";\n", start));
  const word = /(?:\/\*\*([\s\S]*?)\*\/\s*)?(?:\| )?"([^"]+)"/g;
  return [...body.matchAll(word)].map(([, comment, text = ""]) => {
    if (comment === undefined) throw new Error(`${name}: "${text}" has no comment`);
    return { word: text, meaning: flat(comment) };
  });
}

/**
 * The diagnostics points of a package: name, payload and when, out of the table `ROWS` and the interface of payloads.
 * @param {string} source
 * @param {string} payloads name of the interface
 * @returns {{ name: string, payload: string, when: string }[]}
 * @throws Error when either is missing, or a row has no payload
 */
export function pointsOf(source, payloads) {
  const rows = new RegExp(`PointRows<${payloads}> = \\{\\n([\\s\\S]*?)\\n\\};`).exec(source)?.[1];
  const body = new RegExp(
    `^export interface ${payloads}(?:<[^>]*>)? \\{\\n([\\s\\S]*?)\\n\\}`,
    "m",
  ).exec(source)?.[1];
  if (rows === undefined || body === undefined) throw new Error(`no table of ${payloads}`);
  const types = `${body.replace(/\s*\/\*\*[\s\S]*?\*\//g, "")}\n`;
  return [...rows.matchAll(/^ {2}(\w+):\s+"([^"]+)",?$/gm)].map(([, name = "", when = ""]) => {
    const type = new RegExp(`^ {2}${name}: ([\\s\\S]*?);\\n(?= {2}\\w|$)`, "m").exec(types)?.[1];
    if (type === undefined) throw new Error(`${payloads}.${name} has no payload`);
    return { name, payload: flat(type).replaceAll("readonly ", ""), when };
  });
}

/**
 * A Markdown table.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`.replace(/ {2}/g, " "),
  );
  return `${lines.join("\n")}\n`;
}

/** @param {string} text of a comment or a type, on one or more lines */
function flat(text) {
  return text.replace(/\n\s*\*?\s*/g, " ").trim();
}

/**
 * The rows of a table of errors: `CODE: () => "message"`, or a numeric code, each with a comment.
 * @param {string} source
 * @param {string} name of the constant
 * @returns {{ code: string, message: string, meaning: string }[]} where a message has values, they stand as `<name>`
 * @throws Error when the table is missing, or one of its rows has no comment
 */
export function errorsOf(source, name) {
  const start = source.search(new RegExp(`^export const ${name}\\b`, "m"));
  if (start < 0) throw new Error(`no table ${name}`);
  const body = source.slice(source.indexOf("{\n", start) + 2, source.indexOf("\n}", start) + 1);
  const row = /(?:^ {2}\/\*\*([\s\S]*?)\*\/\n)? {2}([A-Z_]+): ([\s\S]*?),\n(?= {2}\S|$)/gm;
  return [...body.matchAll(row)].map(([, comment, code = "", value = ""]) => {
    if (comment === undefined) throw new Error(`${name}.${code} has no comment`);
    const [, , text] = /(["`])([\s\S]*)\1\s*$/.exec(value) ?? [];
    const message = (text ?? value).replaceAll(/\$\{(\w+)\}/g, "<$1>");
    // A message with help is made by a function of its values.
    const [, helped = message] = /withHelp\(\s*`([^`]*)`/.exec(message) ?? [];
    return { code, message: helped, meaning: flat(comment) };
  });
}

/**
 * The documented messages of a union of strings and templates.
 * @param {string} source
 * @param {string} name of the type
 * @returns {Word[]}
 */
export function messagesOf(source, name) {
  const strings = source.replaceAll(/\| `([^\n]*)`(?=;?\n)/g, (_, text) => `| "${text}"`);
  return wordsOf(strings, name).map(({ word, meaning }) => ({
    word: word.replaceAll(/\$\{(\w+)\}/g, "<$1>"),
    meaning,
  }));
}
