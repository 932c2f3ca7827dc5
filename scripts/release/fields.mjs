// What the package.json of a published package must say, and what it must not. Knows no file system.

import { INSTEAD } from "./addresses.mjs";

/** @typedef {Record<string, unknown>} Fields */

/** What a registry shows, what provenance is compared with, and what Node, compilers and bundlers look up. */
const REQUIRED = [
  "name",
  "version",
  "description",
  "keywords",
  "license",
  "homepage",
  "repository",
  "bugs",
  "type",
  "engines",
  "main",
  "types",
  "exports",
  "files",
  "publishConfig",
];

/** A name that is reserved for addresses that lead nowhere. */
const PLACEHOLDER = /\.invalid\b/;
const ADDRESSES = ["homepage", "repository", "bugs"];

/** What npm would run where a package is installed. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare"];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const OURS = /^@sockeye\//;

/**
 * The complaints about the addresses in the root's package.json, from which those of the packages are made.
 * @param {Fields} manifest
 * @returns {string[]}
 */
export function checkAddresses(manifest) {
  return ADDRESSES.flatMap((field) => {
    const value = manifest[field];
    if (value === undefined) return [`package.json: "${field}" is missing: ${INSTEAD}`];
    const text = JSON.stringify(value);
    return PLACEHOLDER.test(text)
      ? [`package.json: "${field}" is a placeholder, ${text}: ${INSTEAD}`]
      : [];
  });
}

/**
 * The complaints about the package.json of a package.
 * @param {string} folder for the complaint
 * @param {Fields} manifest
 * @param {ReadonlyMap<string, string>} versions of everything that is published, by name
 * @returns {string[]}
 */
export function checkFields(folder, manifest, versions) {
  const file = `${folder}/package.json`;
  const missing = REQUIRED.filter((field) => isEmpty(manifest[field])).map(
    (field) => `${file}: "${field}" is missing`,
  );
  const scripts = /** @type {Fields} */ (manifest["scripts"] ?? {});
  const installing = INSTALL_SCRIPTS.filter((name) => name in scripts).map(
    (name) => `${file}: runs a script where it is installed: "${name}"`,
  );
  const isPrivate = manifest["private"] === true ? [`${file}: is private`] : [];
  return [
    ...missing,
    ...installing,
    ...isPrivate,
    ...checkRepository(file, manifest, folder),
  ].concat(checkDependencies(file, manifest, versions));
}

/** @param {unknown} value */
function isEmpty(value) {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/**
 * @param {string} file
 * @param {Fields} manifest
 * @param {string} folder
 */
function checkRepository(file, manifest, folder) {
  const { type, url, directory } = /** @type {Fields} */ (manifest["repository"] ?? {});
  if (type === undefined || url === undefined) return [];
  const problems = [];
  if (type !== "git" || !String(url).startsWith("git+https://")) {
    problems.push(`${file}: "repository" is not the https address of a git repository`);
  }
  if (directory !== folder) problems.push(`${file}: "repository.directory" is not ${folder}`);
  return problems;
}

/**
 * Packages of ours name each other by the very version, because they are released together.
 * @param {string} file
 * @param {Fields} manifest
 * @param {ReadonlyMap<string, string>} versions
 */
function checkDependencies(file, manifest, versions) {
  const dependencies = /** @type {Record<string, string>} */ (manifest["dependencies"] ?? {});
  return Object.entries(dependencies).flatMap(([name, range]) => {
    if (!OURS.test(name)) {
      return /^(file|link|workspace|git|https?):/.test(range)
        ? [`${file}: "${name}" is not from a registry: ${range}`]
        : [];
    }
    if (!versions.has(name)) return [`${file}: depends on "${name}", which is not published`];
    const isSame = EXACT.test(range) && range === versions.get(name);
    return isSame ? [] : [`${file}: wants ${name}@${range}, published is ${versions.get(name)}`];
  });
}
