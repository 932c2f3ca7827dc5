// Builds the browser bundles from the compiled client: scripts for a script tag, and ES modules, each with a source map.
// Called after `tsc -b`; prints what the files weigh.
//
// esbuild puts the modules of an entry together, and terser minifies the result: 3 % smaller than esbuild alone. Names of
// properties stay as they are, so that a bundle is what its declarations say.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PacketType } from "@sockeye/protocol";
import { build } from "esbuild";
import { minify } from "terser";

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const BANNER = `/*! Sockeye ${version} MIT */`;

/** What an ES module of the whole client fetches when a WebSocket is not enough, and where that is in `dist`. */
const RESERVE = "fallback/browser-reserve";
const RESERVE_FILE = "socket.io.fallback.esm.min.js";

/**
 * How much is said of a malformed packet: the message without its code, which is for servers, or no more than that.
 * @typedef {"message" | "terse"} Errors
 */

/**
 * @typedef {object} Bundle
 * @property {string} from the compiled entry
 * @property {string} to
 * @property {"iife" | "esm"} format
 * @property {boolean} [isReadable] not minified, with diagnostics points
 * @property {Errors} [errors]
 * @property {boolean} [isMapped] whether its source map is in the package
 * @property {boolean} [checks] whether mistakes are explained; see src/checks.ts
 * @property {boolean} [timerOptions] whether timers have options; see src/clock.ts
 */

/** @type {Bundle[]} */
const bundles = [
  { from: "script", to: "socket.io.js", format: "iife", isReadable: true },
  { from: "script", to: "socket.io.min.js", format: "iife" },
  { from: "index", to: "socket.io.esm.min.js", format: "esm", checks: false },
  { from: RESERVE, to: RESERVE_FILE, format: "esm" },
  { from: "msgpack-script", to: "socket.io.msgpack.min.js", format: "iife" },
  {
    from: "websocket",
    to: "socket.io.websocket.esm.min.js",
    format: "esm",
    checks: false,
    errors: "terse",
    timerOptions: false,
    isMapped: false,
  },
  { from: "outbox", to: "socket.io.outbox.esm.min.js", format: "esm", isMapped: false },
  {
    from: "mini/index",
    to: "socket.io.mini.esm.min.js",
    format: "esm",
    errors: "terse",
    isMapped: false,
  },
];

/**
 * Removes a declaration, so that terser may put its value in the place of its name. Of the same length, because the
 * source map is made already.
 * @param {string} code
 * @param {RegExp} declaration
 */
function without(code, declaration) {
  return code.replace(declaration, (text) => text.replace(/[^\n]/g, " "));
}

/**
 * @param {string} code
 * @param {Errors} errors
 */
function withShortErrors(code, errors) {
  const thrown = /new ProtocolError\(\s*[^,;]+,\s*("[^"]*"|`[^`]*`)\s*\)/g;
  // The codes of the client's own errors (src/errors.ts) are for Node and the readable builds.
  return code
    .replace(thrown, (_, message) =>
      errors === "terse" ? 'new Error("invalid packet")' : `new Error(${message})`,
    )
    .replace(/(?<!function )\bparseJson\(/g, "JSON.parse(")
    .replace(/\bclient(Type)?Error\(\s*"[^"]+",\s*/g, (_, type = "") => `new ${type}Error(`);
}

/** @param {Bundle} bundle */
async function bundled({ from, to, format }) {
  const { outputFiles } = await build({
    bundle: true,
    absWorkingDir: here,
    entryPoints: [`dist/${from}.js`],
    outfile: `dist/${to}`,
    format,
    target: "es2022",
    sourcemap: true,
    // Whoever wants the sources has the repository: in every installation they would be a quarter of the client.
    sourcesContent: false,
    write: false,
    // Browsers have neither, and what is for Node falls away.
    define: { "globalThis.Buffer": "undefined", "globalThis.process": "undefined" },
    legalComments: "none",
    banner: { js: BANNER },
    plugins: [
      {
        name: "reserve",
        setup({ onResolve }) {
          if (from !== "index") return;
          onResolve({ filter: /browser-reserve\.js$/ }, () => ({
            path: `./${RESERVE_FILE}`,
            external: true,
          }));
        },
      },
    ],
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    logLevel: "warning",
    // script-global.ts asks whether there is CommonJS.
    logOverride: { "commonjs-variable-in-esm": "silent" },
  });
  const [map, code] = outputFiles;
  return { code: code?.text ?? "", map: map?.text ?? "" };
}

/**
 * @param {Bundle} bundle
 * @param {{ code: string, map: string }} whole
 */
async function minified(
  { checks = true, errors = "message", format, isMapped = true, timerOptions = true, to },
  { code, map },
) {
  /** @type {Record<string, unknown>} */
  const constants = { PUBLISHES: false, "Number.POSITIVE_INFINITY": Number.POSITIVE_INFINITY };
  for (const [name, type] of Object.entries(PacketType)) constants[`PacketType.${name}`] = type;
  const points = without(code, /var PUBLISHES = true;/);
  constants["CHECKS"] = checks;
  constants["TIMER_OPTIONS"] = timerOptions;
  const unchecked = without(points, /var CHECKS = true;/);
  const untimed = without(unchecked, /var TIMER_OPTIONS = true;/);
  const plain = without(untimed, /var PacketType = \{[^}]*\};/);
  const small = await minify(withShortErrors(plain, errors), {
    module: format === "esm",
    ecma: 2020,
    compress: {
      passes: 3,
      // Larger functions are repeated with other names in them, which gzip does not see.
      inline: 1,
      global_defs: constants,
      keep_fargs: false,
      // Reading a property of ours changes nothing, wherever it is read.
      pure_getters: true,
      // As if nobody replaces what JavaScript has built in, and texts are made of no object with a `valueOf` of its own.
      unsafe: true,
      unsafe_proto: true,
    },
    mangle: { toplevel: format === "esm" },
    format: { comments: /^!/ },
    // A map that is not in the package is not named.
    sourceMap: { content: map, filename: to, ...(isMapped && { url: `${to}.map` }) },
  });
  return { code: small.code ?? "", map: String(small.map) };
}

/**
 * The map of a file that is read as it is: without the sources, a real one would be 70 KB that lead nowhere. Socket.IO has one,
 * so the path is there.
 * @param {string} file
 */
function emptyMap(file) {
  return `${JSON.stringify({ version: 3, file, sources: [], names: [], mappings: "" })}\n`;
}

/** @param {Bundle} bundle */
async function write(bundle) {
  const { to, isReadable = false } = bundle;
  const whole = await bundled(bundle);
  const { code, map } = isReadable
    ? { code: whole.code, map: emptyMap(to) }
    : await minified(bundle, whole);
  writeFileSync(join(here, "dist", to), code);
  writeFileSync(join(here, "dist", `${to}.map`), map);
  const gzip = gzipSync(code, { level: 9 }).length;
  const brotli = brotliCompressSync(code).length;
  console.log(`${to.padEnd(31)} ${code.length} bytes, gzip ${gzip}, brotli ${brotli}`);
}

for (const bundle of bundles) await write(bundle);

// The scripts once more for `require` and bundlers: in a package of modules, no other file of this name is CommonJS.
const commonJs = join(here, "dist", "commonjs");
mkdirSync(commonJs, { recursive: true });
writeFileSync(join(commonJs, "package.json"), '{ "type": "commonjs" }\n');
/** @param {string} folder of the declarations, seen from the file */
const declaration = (folder) => `import type { io } from "${folder}/cjs/index.js";
declare const script: typeof io;
export = script;
`;
writeFileSync(join(commonJs, "socket.io.d.ts"), declaration(".."));
// Never run, but read by Node, which learns from it what can be imported by name.
const NAMES = "0 && (module.exports = { io, connect, Manager, Socket, protocol });\n";
for (const { from, to, format } of bundles) {
  // For compilers that find declarations beside a file, not by the map of exports.
  const beside = join(here, "dist", to.replace(/js$/, "d.ts"));
  if (from === "index") {
    writeFileSync(
      beside,
      'export * from "./cjs/index.js";\nexport { io as default } from "./cjs/index.js";\n',
    );
  }
  if (format === "esm") continue;
  writeFileSync(beside, declaration("."));
  const script = readFileSync(join(here, "dist", to), "utf8");
  const withoutMap = script.replace(/^\/\/# sourceMappingURL=.*\n?/m, "");
  writeFileSync(join(commonJs, to), `${withoutMap.trimEnd()}\n${NAMES}`);
}
