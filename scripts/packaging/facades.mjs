// The packages that stand in the place of Socket.IO's, by `overrides` or an alias: under those names, and with versions of
// those lines, because some tools look at both. Each hands out an entry of one of ours, and has nothing of its own but what
// only a stand-in needs. Holds the table, and what it says of package.json and of files; of the file system it knows the
// versions alone, which changesets counts up.

import { createRequire } from "node:module";

/**
 * @typedef {object} Facade
 * @property {string} line of the versions of the package in whose place it stands
 * @property {string} version of that line, with a patch number that is never the other's own, as in its package.json
 * @property {Record<string, string>} entries what is handed out, by the key in `exports`
 * @property {boolean} [hasDefault]
 * @property {Record<string, unknown>} [serverDefaults] options of the server that have Socket.IO's behaviour where ours is stricter
 * @property {Record<string, string>} [classFiles] files that hand out one class each, loaded by `require` before anything
 *   else: packages that trace hook them by these names
 * @property {string} [scripts] the folder in which pages find the scripts of the client
 * @property {string[]} keywords
 */

const load = createRequire(import.meta.url);

/** @param {string} name of the folder */
function versionOf(name) {
  return load(`../../facades/${name}/package.json`).version;
}

/** The first patch number of ours: so many will not be released of a line. */
const FIRST_PATCH = 100;

/**
 * Whether a version is one that a facade of that line may have.
 * @param {Pick<Facade, "line" | "version">} facade
 */
export function isOfItsLine({ line, version }) {
  const [, ofLine, patch] = /^(\d+\.\d+)\.(\d+)$/.exec(version) ?? [];
  return ofLine === line && Number(patch) >= FIRST_PATCH;
}

const KEYWORDS = ["socket.io", "websocket", "realtime", "drop-in"];

/** @type {Record<string, Facade>} */
export const facades = {
  "facades/socket.io": {
    line: "4.8",
    version: versionOf("socket.io"),
    entries: { ".": "@sockeye/node" },
    classFiles: {
      socket: "Socket",
      namespace: "Namespace",
      "broadcast-operator": "BroadcastOperator",
    },
    serverDefaults: { foreignOrigins: "warn" },
    scripts: "client-dist",
    keywords: [...KEYWORDS, "server"],
  },
  "facades/socket.io-client": {
    line: "4.8",
    version: versionOf("socket.io-client"),
    entries: { ".": "@sockeye/client", "./debug": "@sockeye/client/debug" },
    hasDefault: true,
    scripts: "dist",
    keywords: [...KEYWORDS, "client"],
  },
  "facades/socket.io-parser": {
    line: "4.2",
    version: versionOf("socket.io-parser"),
    entries: { ".": "@sockeye/protocol/socket.io-parser" },
    keywords: [...KEYWORDS, "parser"],
  },
  "facades/socket.io-adapter": {
    line: "2.5",
    version: versionOf("socket.io-adapter"),
    entries: { ".": "@sockeye/adapter/socket.io-adapter" },
    keywords: [...KEYWORDS, "adapter"],
  },
  "facades/engine.io": {
    line: "6.6",
    version: versionOf("engine.io"),
    entries: { ".": "@sockeye/node/engine" },
    keywords: [...KEYWORDS, "engine.io", "server"],
  },
  "facades/engine.io-client": {
    line: "6.6",
    version: versionOf("engine.io-client"),
    entries: { ".": "@sockeye/client/engine", "./debug": "@sockeye/client/engine" },
    keywords: [...KEYWORDS, "engine.io", "client"],
  },
  "facades/engine.io-parser": {
    line: "5.2",
    version: versionOf("engine.io-parser"),
    entries: { ".": "@sockeye/protocol/engine.io-parser" },
    keywords: [...KEYWORDS, "engine.io", "parser"],
  },
};

/**
 * A text in which facades are named with the versions that they have: `@sockeye/socket.io@4.8.100`, or in a row of a table.
 * @param {string} text
 */
export function withFacadeVersions(text) {
  return text.replace(/(@sockeye\/([\w.-]+?)(?:@|` \| ))\d+\.\d+\.\d+/g, (found, before, name) => {
    const facade = facades[`facades/${name}`];
    return facade === undefined ? found : before + facade.version;
  });
}

/** @param {string} key in the map of exports */
const nameOf = (key) => (key === "." ? "index" : key.slice(2));

/**
 * The fields of a facade's package.json that follow from the table.
 * @param {Facade} facade
 */
export function facadeFields({ entries, scripts }) {
  /** @type {Record<string, unknown>} */
  const map = {};
  for (const key of Object.keys(entries)) {
    const file = `./dist/${nameOf(key)}`;
    map[key] = {
      import: { types: `${file}.d.mts`, default: `${file}.mjs` },
      default: { types: `${file}.d.ts`, default: `${file}.js` },
    };
  }
  if (scripts === "dist") {
    const script = { types: "./dist/socket.io.d.ts", default: "./dist/socket.io.js" };
    Object.assign(map, { "./dist/socket.io.js": script, "./dist/*.map": "./dist/*.map" });
  }
  map["./package.json"] = "./package.json";
  const stubs = Object.keys(entries).filter((key) => key !== ".");
  const folders = scripts === undefined || scripts === "dist" ? [] : [scripts];
  return {
    main: "./dist/index.js",
    types: "./dist/index.d.ts",
    exports: map,
    files: ["dist", ...folders, ...stubs.map(nameOf)],
  };
}

/**
 * The folders for tools that do not read the map of exports.
 * @param {Facade} facade
 */
export function facadeStubs({ entries }) {
  const names = Object.keys(entries)
    .filter((key) => key !== ".")
    .map(nameOf);
  const fields = (/** @type {string} */ name) => ({
    private: true,
    main: `../dist/${name}.js`,
    module: `../dist/${name}.mjs`,
    types: `../dist/${name}.d.ts`,
  });
  return Object.fromEntries(names.map((name) => [name, fields(name)]));
}

/**
 * The files of a facade.
 * @param {Facade} facade
 * @param {(from: string) => string[]} namesIn the names that a module exports
 * @returns {Record<string, string>} texts by name in `dist`
 */
export function facadeFiles(
  { entries, classFiles = {}, hasDefault = false, scripts, serverDefaults },
  namesIn,
) {
  const defaults = (/** @type {string} */ from) =>
    hasDefault ? `export { default } from "${from}";\n` : "";
  const classes = Object.entries(classFiles);
  /** @type {Record<string, string>} */
  const files = {};
  for (const [key, from] of Object.entries(entries)) {
    const name = nameOf(key);
    const all = `export * from "${from}";\n${defaults(from)}`;
    const hooks = classes.map(([file]) => `require("./${file}.js");\n`).join("");
    const whole = hasDefault
      ? `const io = require("${from}");\nmodule.exports = io;\nmodule.exports.default = io;\n`
      : `module.exports = require("${from}");\n`;
    const presets = serverDefaults
      ? `require("${from}/kit").presetOptions(${JSON.stringify(serverDefaults)});\n`
      : "";
    files[`${name}.js`] = `"use strict";\n${hooks}${presets}${whole}`;
    // What is imported goes through `require` as well, where that is hooked.
    const names = `export { ${namesIn(from).join(", ")} } from "./${name}.js";\n`;
    files[`${name}.mjs`] = classes.length > 0 ? names : all;
    files[`${name}.d.ts`] = all;
    files[`${name}.d.mts`] = all;
    for (const [file, className] of classes) {
      files[`${file}.js`] =
        `"use strict";\nexports.${className} = require("${from}").${className};\n`;
    }
  }
  if (scripts === "dist") {
    files["socket.io.d.ts"] =
      'import type { io } from "./index.js";\ndeclare const script: typeof io;\nexport = script;\n';
  }
  return files;
}
