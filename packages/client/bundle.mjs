// Builds the browser bundles from the compiled client: two for a script tag, one ES module, each with a source map.
// Called after `tsc -b`; prints what the files weigh.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PacketType } from "@sockeye/protocol";
import { build } from "esbuild";

const here = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

// The syntax of 2020 has no private names, and emulating them costs a fifth of the bundle. Here they become ordinary
// properties with names that no public property has, alike from file to file, which compresses well. Only a class and
// the class it extends must not share them: the number of classes below it is a part of each name.
const LETTERS = "tensriohcadlupfmgybvkwxqjz";
const PRIVATE = /(?<![\w"'`/])#([a-zA-Z]\w*)/g;

/**
 * How many files hold the classes that the class of this file extends, one after the other.
 * @param {string} path
 * @returns {number}
 */
function classesBelow(path) {
  const source = readFileSync(path, "utf8");
  const base = /^(?:export )?(?:abstract )?class \w+ extends (\w+)/m.exec(source)?.[1];
  const from = new RegExp(`import \\{[^}]*\\b${base}\\b[^}]*\\} from "(\\.[^"]+)"`).exec(
    source,
  )?.[1];
  return from === undefined ? 0 : 1 + classesBelow(join(dirname(path), from));
}

/**
 * @param {string} source
 * @param {string} path
 */
function withoutPrivateNames(source, path) {
  const prefix = `_${classesBelow(path)}`;
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

/**
 * How much is said of a malformed packet: the message without its code, which is for servers, or no more than that.
 * @typedef {"message" | "terse"} Errors
 */

/**
 * @param {string} source
 * @param {Errors} errors
 */
function withErrors(source, errors) {
  const thrown = /new ProtocolError\(\s*"[A-Z_0-9]+",\s*("[^"]*"|`[^`]*`)\s*\)/g;
  return source.replace(thrown, (_, message) =>
    errors === "terse" ? 'new Error("invalid packet")' : `new Error(${message})`,
  );
}

const POINTS =
  /^import \{[^}]*\bPUBLISHES\b[^}]*\} from "[^"]+";\n|^( *)if \(PUBLISHES\b.*?(?:\{\n[\s\S]*?^\1\}|\n.*;)\n/gm;

/**
 * Diagnostics points are in the readable build alone: statements that begin with `if (PUBLISHES` go. As text and first
 * of all, because the short names are given by how often something is used, in what is never run as well.
 * @param {string} source
 * @param {string} path
 */
function withoutPoints(source, path) {
  const without = source.replace(POINTS, "");
  if (/\bPUBLISHES\b/.test(without) && !path.endsWith("diagnostics.js")) {
    throw new Error(`${path}: PUBLISHES must be the condition of a statement`);
  }
  return without;
}

/**
 * @param {Errors} errors
 * @param {boolean} hasPoints
 * @returns {import("esbuild").Plugin}
 */
function names(errors, hasPoints) {
  return {
    name: "names",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
        const whole = withErrors(readFileSync(path, "utf8"), errors);
        const source = hasPoints ? whole : withoutPoints(whole, path);
        const contents = withNumericTypes(withoutPrivateNames(source, path));
        // As TypeScript, because only there may fields be assigned rather than defined, which needs no helper function.
        return { contents, loader: "ts" };
      });
    },
  };
}

// Properties that only the client's own files read and write. The name of an option, of an event, of a packet's field
// or of anything that a custom transport or parser sees must not stand here.
const INTERNAL = `
  attempt callAll callback candidate candidates codecFor createSession current deadline dial dispatch drain fail
  finish flags fromBase64 greet handle handler hangUp hasPingExpired hasSocket isInFlight isOpen isSwitching json
  leadFor listen missing onConnection onConnectionError onConnectionLost onData onJoined onLost onOwnPacket onPage onPing onSessionClose onSessionError onSessionOpen onSettled onTimeout onUnload onWon
  pageLocation parametersFor platform post prepare raise receive release remember socketClass startUpgrade stop
  takesError timeoutMs transportsFor tries wake
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
  banner: { js: `/*! Sockeye ${version} MIT */` },
  plugins: [names("message", true)],
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: "warning",
  // script.ts asks whether there is CommonJS.
  logOverride: { "commonjs-variable-in-esm": "silent" },
};

/** @type {import("esbuild").BuildOptions} */
const minified = {
  minify: true,
  // The last alternative are the private names from above.
  mangleProps: new RegExp(`^(${INTERNAL.trim().split(/\s+/).join("|")}|_\\d\\w{1,2})$`),
};

/**
 * @typedef {object} Bundle
 * @property {string} from the compiled entry
 * @property {string} to
 * @property {"iife" | "esm"} format
 * @property {boolean} [isReadable] not minified
 * @property {Errors} [errors]
 */

/** @type {Bundle[]} */
const bundles = [
  { from: "script", to: "socket.io.js", format: "iife", isReadable: true },
  { from: "script", to: "socket.io.min.js", format: "iife" },
  { from: "index", to: "socket.io.esm.min.js", format: "esm" },
  { from: "msgpack-script", to: "socket.io.msgpack.min.js", format: "iife" },
  { from: "websocket", to: "socket.io.websocket.esm.min.js", format: "esm", errors: "terse" },
  { from: "outbox", to: "socket.io.outbox.esm.min.js", format: "esm" },
];

/** @param {Bundle} bundle */
async function write({ from, to, format, isReadable = false, errors = "message" }) {
  const entryPoints = [`dist/${from}.js`];
  const outfile = `dist/${to}`;
  const options = { ...common, entryPoints, format, plugins: [names(errors, isReadable)] };
  if (isReadable) await build({ ...options, outfile });
  else {
    const first = await build({ ...options, ...minified, sourcemap: "inline", write: false });
    // Again, over the whole: the shortest names go to what is used most, and only now is that known.
    const stdin = { contents: first.outputFiles[0]?.text ?? "", sourcefile: to, resolveDir: here };
    await build({ ...common, bundle: false, plugins: [], minify: true, stdin, outfile });
  }
  const code = readFileSync(join(here, outfile));
  const gzip = gzipSync(code, { level: 9 }).length;
  const brotli = brotliCompressSync(code).length;
  console.log(`${to.padEnd(31)} ${code.length} bytes, gzip ${gzip}, brotli ${brotli}`);
}

for (const bundle of bundles) await write(bundle);

// The scripts once more for `require` and bundlers: in a package of modules, no other file of this name is CommonJS.
const commonJs = join(here, "dist", "commonjs");
mkdirSync(commonJs, { recursive: true });
writeFileSync(join(commonJs, "package.json"), '{ "type": "commonjs" }\n');
// Seen from there.
const MODULE = "../index.js";
writeFileSync(
  join(commonJs, "socket.io.d.ts"),
  `import type { io } from "${MODULE}" with { "resolution-mode": "import" };
declare const script: typeof io;
export = script;
`,
);
// Never run, but read by Node, which learns from it what can be imported by name.
const NAMES = "0 && (module.exports = { io, connect, Manager, Socket, protocol });\n";
for (const { to, format } of bundles) {
  if (format === "esm") continue;
  const script = readFileSync(join(here, "dist", to), "utf8");
  const withoutMap = script.replace(/^\/\/# sourceMappingURL=.*\n/m, "");
  writeFileSync(join(commonJs, to), withoutMap + NAMES);
}
