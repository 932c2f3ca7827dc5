// What the packages show to applications, read from the sources: the members of their interfaces and
// classes, and the names that they export. Reads text, so it wants the form in which this repository
// writes both. Knows nothing of the compatibility page.

import { posix } from "node:path";

const MEMBER =
  /^ {2}(?:(?:readonly|get|set|async|declare) )*(?!(?:constructor|protected|private|static|override)\b)([A-Za-z]\w*)(?=[?!]?\s*[(:<;=])/gm;

/**
 * The public members of an interface or a class; what begins with `_` is not among them.
 * @param {string} source
 * @param {string} name of the interface or class
 * @returns {string[]}
 * @throws Error when there is none of that name
 */
export function membersOf(source, name) {
  const start = source.search(
    new RegExp(`^(?:export )?(?:abstract )?(?:interface|class) ${name}\\b`, "m"),
  );
  if (start < 0) throw new Error(`no interface or class ${name}`);
  const whole = source.slice(start, source.indexOf("\n}", start));
  // The body begins after the last line of the head, which ends in an opening brace.
  const body = whole.slice(whole.search(/\{$/m) + 1).replace(/\/\*\*[\s\S]*?\*\//g, "");
  const members = [...body.matchAll(MEMBER)].map(([, member = ""]) => member);
  return [...new Set(members)];
}

/**
 * The names that an entry point exports, types among them; `export *` of another file is followed.
 * @param {string} file
 * @param {(file: string) => string} read the text of a file
 * @returns {string[]}
 */
export function exportsOf(file, read) {
  const code = read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const lists = [...code.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list.split(",").map(nameOf),
  );
  const declared = [
    ...code.matchAll(/^export (?:declare )?(?:const|function|class|interface|type) (\w+)/gm),
  ].map(([, name = ""]) => name);
  const others = [...code.matchAll(/^export (?:type )?\* from "(\.[^"]+)"/gm)].flatMap(
    ([, other = ""]) => exportsOf(posix.join(posix.dirname(file), other), read),
  );
  const names = new Set([...lists, ...declared, ...others]);
  return [...names].filter((name) => name !== "" && name !== "module.exports");
}

/** @param {string} entry of a list of exports, such as `type A as B` */
function nameOf(entry) {
  const name = entry.trim().replace(/^type\s+/, "");
  return (name.split(/\s+as\s+/)[1] ?? name).replaceAll('"', "").trim();
}
