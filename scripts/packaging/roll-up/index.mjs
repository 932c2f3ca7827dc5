// Puts the declaration files of a package together: a file for each entry, and one for what several entries lead to, or two where names
// meet. A declaration exists once, so that a class is the same class by whichever entry it is reached, and keeps its name; what no
// entry leads to is left out. What the compiler is not known to write here is refused.

import { Modules } from "./modules.mjs";
import { Plan } from "./plan.mjs";
import { Printer } from "./printer.mjs";

/**
 * @param {ReadonlyMap<string, string>} texts of declaration files by name, `a/b.d.ts`; imports of each other end with `.js`
 * @param {readonly string[]} entries names of those that are imported from outside
 * @returns {Map<string, string>} the files to be published by name
 */
export function rollUp(texts, entries) {
  const modules = new Modules(texts);
  const plan = new Plan(modules, entries);
  const files = new Map();
  for (const [name, chunk] of plan.chunks) {
    files.set(name, new Printer(chunk, plan).print());
  }
  return files;
}
