// Makes CommonJS of ES modules. esbuild puts the modules of a package together, one file for each entry and shared ones
// for what entries have in common; the imports and exports that are left are rewritten here.
//
// esbuild's own CommonJS reads every import through a getter of the other package's exports, at each use. Here an import
// becomes a constant and an export a plain property, which costs as little as in an ES module. It takes packages that do
// not import each other in circles, and exports that are not assigned again; the layers and the linter see to that.

import { build, transform } from "esbuild";

/** What an import statement, or the export at the end, is after esbuild. */
const IMPORT =
  /^import (?:\* as (?<all>[\w$]+)|(?<single>[\w$]+)|\{(?<names>[^}]*)\}) from (?<from>"[^"]+");$/gm;
const IMPORT_FOR_EFFECT = /^import ("[^"]+");$/gm;
const REEXPORT = /^export \* from ("[^"]+");$/gm;
const DYNAMIC = /\bimport\(("\.[^"]+")\)/g;
const EXPORT = /^export \{(?<names>[^}]*)\};$/gm;
const LEFT_OVER = /^(import|export)\b.*$/m;

/** Node knows this call, and learns from it what can be imported by name. */
const COPY = "const __exportStar = (from, to) => Object.assign(to, from);";

/** The name under which an ES module hands out what `require` gives. */
const WHOLE = "module.exports";

/** @param {string} names as they stand between braces, `a as b` with commas */
function pairs(names) {
  return names
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [from = "", to = from] = each.split(" as ").map((name) => name.replace(/^"|"$/g, ""));
      return { from, to };
    });
}

/** @param {string} names */
function destructured(names) {
  return pairs(names)
    .map(({ from, to }) => (from === to ? from : `${from}: ${to}`))
    .join(", ");
}

/** @param {{ from: string, to: string }[]} exported */
function assignments(exported) {
  const whole = [WHOLE, "default"]
    .map((name) => exported.find(({ to }) => to === name))
    .find(Boolean);
  const lines = exported
    .filter(({ to }) => to !== WHOLE)
    .map(({ from, to }) => `module.exports.${to} = ${from};`);
  if (exported.some(({ to }) => to === "default")) {
    lines.unshift('Object.defineProperty(module.exports, "__esModule", { value: true });');
  }
  if (whole !== undefined) lines.unshift(`module.exports = ${whole.from};`);
  return lines.join("\n");
}

/**
 * The same module as CommonJS.
 * @param {string} code an ES module as esbuild writes it: whole statements on lines of their own
 */
function toCommonJs(code) {
  const flat = code.replace(/^(import|export) \{[^}]*\}/gm, (statement) =>
    statement.replace(/\s+/g, " "),
  );
  const text = flat
    .replace(IMPORT, (...match) => {
      const { all, single, names, from } = match.at(-1);
      return `const ${all ?? single ?? `{ ${destructured(names)} }`} = require(${from});`;
    })
    .replace(IMPORT_FOR_EFFECT, "require($1);")
    .replace(REEXPORT, `${COPY}\n__exportStar(require($1), module.exports);`)
    .replace(DYNAMIC, "Promise.resolve().then(() => require($1))")
    .replace(EXPORT, (...match) => assignments(pairs(match.at(-1).names)));
  const left = LEFT_OVER.exec(text);
  if (left !== null) throw new Error(`not known how to make CommonJS of: ${left[0]}`);
  return `"use strict";\n${text}`;
}

/**
 * @typedef {object} Input
 * @property {string} folder of the package
 * @property {Record<string, string>} entries compiled files relative to the folder, by what they shall be called
 *
 * @typedef {{ name: string, code: string }} File with its name relative to a common folder
 */

/**
 * Puts the modules of a package together: a file for each entry, and files for what entries share.
 * @param {Input & { splitting?: boolean, isCompact?: boolean }} input `isCompact`: without white space
 * @returns {Promise<File[]>} ES modules
 */
export async function bundleModules({ folder, entries, splitting = true, isCompact = false }) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: entries,
    outdir: "out",
    chunkNames: "shared/[name]-[hash]",
    bundle: true,
    splitting,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["node:*"],
    target: "es2022",
    write: false,
    legalComments: "none",
    minifyWhitespace: isCompact,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
    logLevel: "warning",
  });
  const prefix = `${folder}/out/`;
  return outputFiles.map(({ path, text }) => ({ name: path.slice(prefix.length), code: text }));
}

/**
 * Bundles modules of a package, and makes CommonJS of them.
 * @param {Input & { isMinified?: boolean }} input `isMinified`: the modules are, and what is made of them shall be
 * @returns {Promise<File[]>}
 */
export async function bundleCommonJs({ isMinified = false, ...input }) {
  const files = await bundleModules({ ...input, splitting: !isMinified });
  return Promise.all(
    files.map(async ({ name, code }) => {
      const common = withModuleFile(toCommonJs(code));
      return { name, code: isMinified ? await minified(common) : common };
    }),
  );
}

/** @param {string} code */
async function minified(code) {
  const { code: small } = await transform(code, { minify: true, format: "cjs", target: "es2022" });
  // Never run, but read by Node and bundlers, which learn from it what can be imported by name.
  const names = [...code.matchAll(/^module\.exports\.(\w+) = /gm)].map(([, name = ""]) => name);
  const known = names.filter((name) => name !== "default").map((name) => `${name}:0`);
  return `${small.trimEnd()}\n0&&(module.exports={${known.join()}});\n`;
}

/**
 * `import.meta.url` becomes the path of the file, undefined where a bundler has put this into an ES module.
 * @param {string} code
 */
function withModuleFile(code) {
  const MODULE = /\bimport\.meta\.url\b/g;
  if (!MODULE.test(code)) return code;
  const line = 'const MODULE_FILE = typeof __filename === "string" ? __filename : undefined;';
  return code.replace(MODULE, "MODULE_FILE").replace('"use strict";\n', `"use strict";\n${line}\n`);
}
