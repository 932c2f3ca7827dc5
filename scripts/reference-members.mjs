// Reads what the reference of a class needs from the source of its interfaces: each member with its declaration and its
// documentation, taken apart. Reads text, so it wants the form in which this repository writes interfaces.

/**
 * @typedef {object} Member
 * @property {string} name
 * @property {string} declaration without its documentation and without remarks
 * @property {string} text what it does
 * @property {{ name: string, text: string }[]} params
 * @property {string} returns
 * @property {string[]} throws
 * @property {string[]} examples
 */

const NAME = /^ {2}(?:readonly |get |set )*(?:"([^"]+)"|([A-Za-z_$][\w$]*))\??[(<:]/;
const CALL = /^ {2}(?:new )?[<(]/;

/**
 * The members of an interface in the order of the source; overloads are members of one name.
 * @param {string} source
 * @param {string} name of the interface
 * @returns {Member[]} what can be called is named as the interface itself
 * @throws Error when there is no such interface
 */
export function membersOf(source, name) {
  const start = source.search(new RegExp(`^(?:export )?interface ${name}\\b`, "m"));
  if (start < 0) throw new Error(`no interface ${name}`);
  const whole = source.slice(start, source.indexOf("\n}", start) + 1);
  const lines = whole.slice(whole.search(/\{$/m) + 2).split("\n");
  /** @type {Member[]} */
  const members = [];
  let comment = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("  /**")) {
      const end = lines.findIndex((each, index) => index >= at && each.includes("*/"));
      comment = lines.slice(at, end + 1).join("\n");
      at = end;
      continue;
    }
    const found = NAME.exec(line);
    const member = found?.[1] ?? found?.[2] ?? (CALL.test(line) ? name : undefined);
    if (member === undefined) continue;
    const end = lines.findIndex((each, index) => index >= at && isEnd(each, index === at));
    const declaration = lines.slice(at, end + 1).map((each) => each.slice(2));
    members.push({ name: member, declaration: declaration.join("\n"), ...documentation(comment) });
    comment = "";
    at = end;
  }
  return members;
}

/**
 * Whether a line is the last one of a declaration.
 * @param {string} line
 * @param {boolean} isFirst
 */
function isEnd(line, isFirst) {
  return /;$/.test(line) && (isFirst || /^ {2}[^\s]/.test(line));
}

/**
 * A comment, taken apart.
 * @param {string} comment with its delimiters
 * @returns {Omit<Member, "name" | "declaration">}
 */
function documentation(comment) {
  const text = comment
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .replaceAll(/^\s*\*? ?/gm, "")
    .trim();
  const [meaning = "", ...tags] = text.split(/^(?=@)/m);
  /** @param {string} tag */
  const all = (tag) =>
    tags
      .filter((each) => each.startsWith(`@${tag}`))
      .map((each) => each.slice(tag.length + 1).trim());
  return {
    text: flat(meaning),
    params: all("param").map((each) => {
      const [, name = "", rest = ""] = /^(\S+)\s+(?:-\s+)?([\s\S]*)$/.exec(each) ?? [];
      return { name, text: flat(rest) };
    }),
    returns: all("returns").map(flat).join(" "),
    throws: all("throws").map(flat),
    examples: all("example"),
  };
}

/** @param {string} text */
function flat(text) {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
