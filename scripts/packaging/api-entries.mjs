// Which declarations are reported as the public interface of a package: those of each entry, and of a pair both. Made from the
// table of entries; the facades hand out the same under other names. Knows no file system.

import { forms } from "./entries.mjs";

/**
 * @typedef {object} ApiEntry
 * @property {string} folder of the package, relative to the root
 * @property {string} declaration relative to that folder
 * @property {string} report its name, without an ending
 */

/**
 * @param {string} folder
 * @param {string} key of the map of exports
 */
function reportName(folder, key) {
  const [, name = ""] = folder.split("/");
  return key === "." ? name : `${name}.${key.slice("./".length)}`;
}

/** @returns {ApiEntry[]} each declaration once, under the name of the first entry that leads to it */
export function apiEntries() {
  return Object.entries(forms).flatMap(([folder, { entries, isModuleOnly }]) => {
    const published = isModuleOnly === true ? "esm" : "cjs";
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const [key, entry] of Object.entries(entries)) {
      const name = reportName(folder, key);
      const files =
        typeof entry === "string"
          ? { [entry]: name }
          : { [entry.browser]: name, [entry.node]: `${name}.in-node` };
      for (const [file, report] of Object.entries(files)) {
        if (!names.has(file)) names.set(file, report);
      }
    }
    return [...names].map(([file, report]) => ({
      folder,
      declaration: `dist/${published}/${file}.d.ts`,
      report,
    }));
  });
}
