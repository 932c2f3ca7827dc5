// Builds the browser bundles from the compiled client: two for a script tag, one ES module, each with a source map.
// Called after `tsc -b`; prints what the files weigh.

import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PacketType } from "@sockeye/protocol";
import { build } from "esbuild";

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

// The syntax of 2020 has no private names, and emulating them costs a fifth of the bundle. Here they become ordinary
// properties with names that no public property has, alike from file to file, which compresses well. The emitter is
// the base of classes in other files, so it has names of its own.
const LETTERS = "tensriohcadlupfmgybvkwxqjz";
const PRIVATE = /(?<![\w"'`/])#([a-zA-Z]\w*)/g;

/**
 * @param {string} source
 * @param {string} path
 */
function withoutPrivateNames(source, path) {
  const prefix = path.endsWith(`${sep}safe-emitter.js`) ? "_" : "$";
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const [, name = ""] of source.matchAll(PRIVATE)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const byUse = [...uses].sort(([, one], [, other]) => other - one).map(([name]) => name);
  return source.replace(PRIVATE, (_, name) => {
    const index = byUse.indexOf(name);
    return prefix + (LETTERS[index] ?? index);
  });
}

/** @param {string} source */
function withNumericTypes(source) {
  return source.replace(/\bPacketType\.(\w+)/g, (_, name) => PacketType[name]);
}

// What a page is told of a malformed packet is the message; the code beside it is for servers.
/** @param {string} source */
function withoutErrorCodes(source) {
  return source.replace(/new ProtocolError\(\s*"[A-Z_0-9]+",\s*/g, "new Error(");
}

/** @type {import("esbuild").Plugin} */
const names = {
  name: "names",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => ({
      contents: withoutErrorCodes(
        withNumericTypes(withoutPrivateNames(readFileSync(path, "utf8"), path)),
      ),
      // As TypeScript, because only there may fields be assigned rather than defined, which needs no helper function.
      loader: "ts",
    }));
  },
};

// Properties that only the client's own files read and write. The name of an option, of an event, of a packet's field
// or of anything that a custom transport or parser sees must not stand here.
const INTERNAL = `
  abandon answer args deadline greet handle attempt callAll callback candidate candidates checkOptions codecFor
  createRetryQueue createSession current decoder dial drain expect fail finish flags fromBase64 go handler hangUp
  hasPingExpired hasSocket isInFlight isOpen isReady isSwitching json kind listen missing onConnection
  onConnectionError onConnectionLost onOwnPacket onSettled onTimeout parametersFor platform post prepare raise receive
  release remember onPage startUpgrade stop stopTimer takesError tell timeoutMs transportsFor tries wake
`;

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  absWorkingDir: here,
  sourcemap: true,
  target: "es2020",
  // Browsers have neither, and what is for Node falls away. Infinity is written 1/0.
  define: {
    "globalThis.Buffer": "undefined",
    "globalThis.process": "undefined",
    "Number.POSITIVE_INFINITY": "Infinity",
    "Number.NaN": "NaN",
  },
  legalComments: "none",
  banner: { js: `/*! Sockeye ${version}, MIT */` },
  plugins: [names],
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: "warning",
  // script.ts asks whether there is CommonJS.
  logOverride: { "commonjs-variable-in-esm": "silent" },
};

/** @type {import("esbuild").BuildOptions} */
const minified = {
  minify: true,
  // The last alternative are the private names from above.
  mangleProps: new RegExp(`^(${INTERNAL.trim().split(/\s+/).join("|")}|[$_]\\w{1,2})$`),
};

/** @type {(import("esbuild").BuildOptions & { outfile: string })[]} */
const bundles = [
  { entryPoints: ["dist/script.js"], outfile: "dist/socket.io.js", format: "iife" },
  {
    entryPoints: ["dist/script.js"],
    outfile: "dist/socket.io.min.js",
    format: "iife",
    ...minified,
  },
  {
    entryPoints: ["dist/index.js"],
    outfile: "dist/socket.io.esm.min.js",
    format: "esm",
    ...minified,
  },
  {
    entryPoints: ["dist/websocket.js"],
    outfile: "dist/socket.io.websocket.esm.min.js",
    format: "esm",
    ...minified,
  },
];

for (const bundle of bundles) {
  await build({ ...common, ...bundle });
  const code = readFileSync(join(here, bundle.outfile));
  const gzip = gzipSync(code, { level: 9 }).length;
  const brotli = brotliCompressSync(code).length;
  console.log(`${bundle.outfile.padEnd(36)} ${code.length} bytes, gzip ${gzip}, brotli ${brotli}`);
}
