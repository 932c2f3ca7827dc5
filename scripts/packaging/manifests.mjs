// The fields of package.json that are the same in every published package, or follow from the table of entries.
// Knows no file system.

import { commonJsName } from "./entries.mjs";
import { facadeFields } from "./facades.mjs";

/** @typedef {import("./entries.mjs").Form} Form */
/** @typedef {import("./entries.mjs").Entry} Entry */
/** @typedef {import("./facades.mjs").Facade} Facade */
/** @typedef {Record<string, unknown>} Fields */

const SCRIPTS = ["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js"];

/**
 * What a file means to `require`, with its declarations.
 * @param {string} types
 * @param {string} file
 */
const required = (types, file) => ({
  types: `./dist/cjs/${types}.d.ts`,
  default: `./dist/cjs/${file}.js`,
});

/**
 * What a file means to Node, by either kind of module.
 * @param {string} file
 */
const inNode = (file) => ({
  import: { types: `./dist/cjs/${file}.d.mts`, default: `./dist/cjs/${file}.mjs` },
  default: required(file, file),
});

/**
 * What a file means where there are ES modules only.
 * @param {string} file
 */
const moduleAlone = (file) => ({
  types: `./dist/esm/${file}.d.ts`,
  default: `./dist/esm/${file}.js`,
});

/**
 * The ES module of an entry for everything but Node.
 * @param {string} up from the folder of the package.json to that of the package
 * @param {Entry} entry
 */
function moduleFile(up, entry) {
  if (typeof entry === "string") return `${up}dist/esm/${entry}.js`;
  return entry.bundle ? `${up}dist/${entry.bundle}.js` : `${up}dist/esm/${entry.browser}.js`;
}

/**
 * One value of the map of exports.
 * @param {Entry} entry
 * @param {Form} form
 */
function exportOf(entry, { isForNode = false, isModuleOnly = false }) {
  if (typeof entry === "string") {
    const source = { "sockeye-source": `./src/${entry}.ts` };
    if (isModuleOnly) return { ...source, ...moduleAlone(entry) };
    if (isForNode) return { ...source, ...inNode(entry) };
    return {
      ...source,
      import: {
        types: `./dist/cjs/${entry}.d.mts`,
        node: `./dist/cjs/${entry}.mjs`,
        default: `./dist/esm/${entry}.js`,
      },
      default: required(entry, entry),
    };
  }
  const { node, browser, bundle = browser } = entry;
  const elsewhere = {
    import: { types: `./dist/cjs/${browser}.d.mts`, default: moduleFile("./", entry) },
    default: required(browser, commonJsName(bundle)),
  };
  return {
    "sockeye-source": { node: `./src/${node}.ts`, default: `./src/${browser}.ts` },
    // First, because Jest names Node in a page as well.
    browser: elsewhere,
    node: inNode(node),
    ...elsewhere,
  };
}

/**
 * A package's form as it is for one entry.
 * @param {Form} form
 * @param {string} key
 */
function formOf(form, key) {
  return form.nodeEntries?.includes(key) ? { ...form, isForNode: true } : form;
}

/**
 * The map of exports of a package.
 * @param {Form} form
 */
function exportsOf(form) {
  /** @type {Fields} */
  const map = {};
  for (const [key, entry] of Object.entries(form.entries)) {
    map[key] = exportOf(entry, formOf(form, key));
  }
  const main = form.entries["."];
  if (typeof main === "object" && main.bundle !== undefined) {
    for (const script of SCRIPTS) {
      const file = `./dist/commonjs/${script}`;
      map[`./dist/${script}`] = { types: "./dist/commonjs/socket.io.d.ts", default: file };
    }
    map[`./dist/${main.bundle}.js`] = {
      import: { types: `./dist/cjs/${main.browser}.d.mts`, default: `./dist/${main.bundle}.js` },
      default: required(main.browser, commonJsName(main.bundle)),
    };
    map["./dist/*.map"] = "./dist/*.map";
  }
  map["./package.json"] = "./package.json";
  return map;
}

/**
 * Where tools find an entry that do not read the map of exports.
 * @param {Entry} entry
 * @param {Form} form
 * @param {string} up from the folder of the package.json to that of the package
 */
function mainFields(entry, { isForNode = false, isModuleOnly = false }, up = "./") {
  if (typeof entry === "string" && isModuleOnly) {
    return { main: `${up}dist/esm/${entry}.js`, types: `${up}dist/esm/${entry}.d.ts` };
  }
  if (typeof entry === "string") {
    const main = `${up}dist/cjs/${entry}.js`;
    const types = `${up}dist/cjs/${entry}.d.ts`;
    return isForNode ? { main, types } : { main, module: moduleFile(up, entry), types };
  }
  const { node, browser, bundle = browser } = entry;
  const main = `${up}dist/cjs/${node}.js`;
  const forBrowsers = `${up}dist/cjs/${commonJsName(bundle)}.js`;
  return {
    main,
    // Bundlers look up a path of this map in the folder of the package.json only.
    browser: up === "./" ? { [main]: forBrowsers } : forBrowsers,
    module: moduleFile(up, entry),
    types: `${up}dist/cjs/${node}.d.ts`,
  };
}

/**
 * What is published of a package.
 * @param {Form} form
 */
function filesOf({ isForNode = false, isModuleOnly = false, entries }) {
  const folders = Object.keys(entries).flatMap(stubFolder);
  if (isModuleOnly) return ["dist/esm", ...folders];
  if (isForNode) return ["dist/cjs", ...folders];
  const isPaired = Object.values(entries).some((entry) => typeof entry === "object");
  // Maps of what a server serves; the budget of the outbox is measured on a bundle of its own.
  const scripts = ["dist/commonjs", "dist/socket.io*", "!dist/socket.io.outbox*"];
  const withoutMaps = ["mini", "websocket"].map((name) => `!dist/socket.io.${name}*.map`);
  const more = isPaired ? [...scripts, ...withoutMaps] : [];
  return ["dist/esm", "dist/cjs", ...more, ...folders];
}

/** @param {string} key in the map of exports */
const stubFolder = (key) => (key === "." ? [] : [key.slice(2)]);

/**
 * The folders for tools that do not read the map of exports: an entry of its own for each, with a package.json.
 * @param {Form} form
 * @returns {Record<string, Fields>} by folder, relative to the package
 */
export function stubsOf(form) {
  return Object.fromEntries(
    Object.entries(form.entries)
      .filter(([key]) => key !== ".")
      .map(([key, entry]) => [
        key.slice(2),
        { private: true, ...mainFields(entry, formOf(form, key), "../") },
      ]),
  );
}

/**
 * The fields that follow from the table of entries.
 * @param {Form} form
 * @returns {Fields}
 */
function formFields(form) {
  return {
    ...mainFields(/** @type {Entry} */ (form.entries["."]), form),
    exports: exportsOf(form),
    files: filesOf(form),
  };
}

/**
 * A package.json with everything that is not its own.
 * @param {Fields} manifest as it is
 * @param {object} choices
 * @param {string} choices.folder of the package
 * @param {Form | Facade} choices.form
 * @param {Fields} choices.shared the root's package.json
 * @returns {Fields}
 */
export function completed(manifest, { folder, form, shared }) {
  const { name, version: _, description, type, sideEffects, ...own } = manifest;
  const isFacade = "version" in form;
  const made = {
    name,
    version: isFacade ? form.version : shared["version"],
    description,
    keywords: form.keywords,
    license: shared["license"],
    homepage: shared["homepage"],
    repository: { .../** @type {Fields} */ (shared["repository"]), directory: folder },
    bugs: shared["bugs"],
    ...(isFacade ? { type: "commonjs" } : { type }),
    engines: ("engines" in form && form.engines) || shared["engines"],
    sideEffects: sideEffects ?? false,
    ...(isFacade ? facadeFields(form) : formFields(form)),
    publishConfig: { access: "public" },
  };
  const written = new Set([...Object.keys(made), "main", "module", "browser", "types"]);
  const rest = Object.entries(own).filter(([key]) => !written.has(key));
  return { ...made, ...Object.fromEntries(rest) };
}
