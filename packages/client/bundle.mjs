// Builds the browser bundles from the compiled client: two for a script tag, one ES module, each with a source map.
// Called after `tsc -b`; prints what the files weigh.

import { readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

const banner = `/*! Sockeye client v${version} | MIT */`;

// The syntax of 2020 has no private names, and emulating them costs a fifth of the bundle. Here they become ordinary
// properties with short names that no public property has, shortest for those that a file uses most. The emitter is the
// base of classes in other files, so it has names of its own.
const LETTERS = "tensriohcadlupfmgybvkwxqjz";

function shortName(index, path) {
  return (path.endsWith(`${sep}safe-emitter.js`) ? "_" : "$") + (LETTERS[index] ?? index);
}

const privateNames = {
  name: "private-names",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const privateName = /(?<![\w"'`/])#([a-zA-Z]\w*)/g;
      const uses = new Map();
      for (const [, name] of source.matchAll(privateName))
        uses.set(name, (uses.get(name) ?? 0) + 1);
      const byUse = [...uses.keys()].sort((one, other) => uses.get(other) - uses.get(one));
      const contents = source.replace(privateName, (_, name) =>
        shortName(byUse.indexOf(name), path),
      );
      // As TypeScript, because only there may fields be assigned rather than defined, which needs no helper function.
      return { contents, loader: "ts" };
    });
  },
};

// Properties that only the client's own files read and write. The name of an option, of an event, of a packet's field
// or of anything a custom transport sees must not stand here.
const internalNames = [
  ...["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"],
  ...[
    "takesError",
    "timeoutMs",
    "onTimeout",
    "stopTimer",
    "isInFlight",
    "tries",
    "attempt",
    "retryAt",
  ],
  ...[
    "candidate",
    "probes",
    "memory",
    "upgraded",
    "toBinary",
    "prepare",
    "hasPingExpired",
    "hasExpired",
  ],
  ...["hasSocket", "wake", "release", "decoder", "blobs", "maxAttachments"],
  ...[
    "missing",
    "onReady",
    "onFailed",
    "expect",
    "after",
    "codec",
    "raise",
    "callAll",
    "handler",
    "stop",
  ],
  ...[
    "kind",
    "callback",
    "flags",
    "scheme",
    "attachments",
    "listen",
    "probe",
    "drain",
    "answer",
    "abandon",
  ],
  ...["limits"],
];

const common = {
  bundle: true,
  absWorkingDir: here,
  sourcemap: true,
  sourcesContent: true,
  target: "es2020",
  // Browsers have none, and what is for Node falls away.
  define: { "globalThis.Buffer": "undefined" },
  legalComments: "none",
  banner: { js: banner },
  plugins: [privateNames],
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: "warning",
  // script.ts asks whether there is CommonJS.
  logOverride: { "commonjs-variable-in-esm": "silent" },
};

const minified = { minify: true, mangleProps: new RegExp(`^(${internalNames.join("|")})$`) };

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
];

for (const bundle of bundles) {
  await build({ ...common, ...bundle });
  const code = readFileSync(join(here, bundle.outfile));
  const sizes = [
    `${code.length} bytes`,
    `gzip ${gzipSync(code, { level: 9 }).length}`,
    `brotli ${brotliCompressSync(code).length}`,
  ];
  console.log(`${bundle.outfile.padEnd(28)} ${sizes.join(", ")}`);
}
