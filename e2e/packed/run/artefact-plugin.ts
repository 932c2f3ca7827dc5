// Puts an artefact in the place of the client's sources: a suite that imports a source file of a public entry gets the
// installed file instead, and one that imports any other source file of the client is refused.

import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";
import type { Artefact } from "../artefacts.ts";
import { fileOf, follow, installation, type Target } from "./installation.ts";

const CLIENT = resolve(import.meta.dirname, "../../../packages/client");
const SOURCES = join(CLIENT, "src");
const FRESH = join(import.meta.dirname, "fresh-import.mjs");
const VIRTUAL = "\0packed:";
const MSGPACK = "\0msgpack:";
const SCRIPT_NAMES = ["Manager", "Socket", "connect", "protocol"];

// The test runner leaves what lies in `node_modules` to Node, by looking for that in the name.
const idOf = (file: string): string => VIRTUAL + encodeURIComponent(file);

/** The public source files, and the entries that they are the sources of. */
function publicSources(): Map<string, string> {
  const manifest = JSON.parse(readFileSync(join(CLIENT, "package.json"), "utf8"));
  const found = new Map<string, string>();
  for (const [entry, target] of Object.entries(manifest.exports as Record<string, Target>)) {
    for (const platform of ["node", "browser"]) {
      const source = follow(target, ["sockeye-source", platform]);
      // The first entry wins: `./debug` has the sources of `.`.
      if (source?.startsWith("./src/") && !found.has(resolve(CLIENT, source)))
        found.set(resolve(CLIENT, source), entry);
    }
  }
  return found;
}

/** A classic script, run as by a page, handed on as a module. */
function scriptModule(file: string): string {
  return [
    `import { readFileSync } from "node:fs";`,
    `import { runInThisContext } from "node:vm";`,
    `const filename = ${JSON.stringify(file)};`,
    `runInThisContext(readFileSync(filename, "utf8"), { filename });`,
    `const { io } = globalThis;`,
    `export const { ${SCRIPT_NAMES.join(", ")} } = io;`,
    `export { io, io as default };`,
  ].join("\n");
}

/** A module of the installed package; evaluated anew when the test runner forgets its modules, as a page is reloaded. */
async function freshModule(file: string): Promise<string> {
  const { href } = pathToFileURL(file);
  const names = Object.keys(await import(href)).filter((name) => /^\w+$/.test(name));
  const locals = names.map((name) => `${name}: _${name}`).join(", ");
  const exported = names.map((name) => `_${name} as ${name}`).join(", ");
  return [
    `import { freshImport } from ${JSON.stringify(FRESH)};`,
    `const counts = (globalThis.packedCounts ??= {});`,
    `const url = ${JSON.stringify(href)};`,
    `counts[url] = (counts[url] ?? -1) + 1;`,
    `const { ${locals} } = await freshImport(url, counts[url]);`,
    `export { ${exported} };`,
  ].join("\n");
}

// Socket.IO's server and client, as the suites import them, where packets are MessagePack by default.
const WITH_MSGPACK: Readonly<Record<string, string>> = {
  "socket.io": `
    import * as library from "socket.io";
    import parser from "socket.io-msgpack-parser";
    export * from "socket.io";
    export class Server extends library.Server {
      constructor(http, options) { super(http, { parser, ...options }); }
    }`,
  "socket.io-client": `
    import * as library from "socket.io-client";
    import parser from "socket.io-msgpack-parser";
    const wrap = (make) => (uri, options) =>
      typeof uri === "object" ? make({ parser, ...uri }) : make(uri, { parser, ...options });
    export * from "socket.io-client";
    export const Manager = new Proxy(library.Manager, {
      construct: (target, [uri, options]) => wrap((...args) => new target(...args))(uri, options),
    });
    export const io = Object.assign(wrap(library.io), library.io, { Manager });
    Object.assign(io, { io, connect: io });
    export { io as connect, io as default };`,
};

/** The plugin of one artefact's project. */
export function artefactPlugin(artefact: Artefact): Plugin {
  const sources = publicSources();
  const isScript = artefact.form === "script";

  function replacement(entry: string, source: string): string {
    const dist = join(installation(), "node_modules/@sockeye/client/dist");
    if (entry === "." && isScript) return idOf(join(dist, artefact.entry));
    const taken = entry === "." ? artefact.entry : entry;
    // The sources of both platforms are public; where an artefact is Node's, a suite may still ask for the browsers'.
    const isForNode = artefact.platform === "node" && dirname(source) === join(SOURCES, "node");
    const file = fileOf("@sockeye/client", taken, [isForNode ? "node" : "browser", "import"]);
    return isForNode ? file : idOf(file);
  }

  return {
    name: `artefact:${artefact.name}`,
    enforce: "pre",
    resolveId(source, importer) {
      if (!importer?.startsWith(CLIENT)) return undefined;
      if (artefact.wire === "msgpack" && source in WITH_MSGPACK) return MSGPACK + source;
      if (!source.startsWith(".")) return undefined;
      const path = resolve(dirname(importer), source);
      if (!path.startsWith(SOURCES)) return undefined;
      const entry = sources.get(path);
      if (entry !== undefined) return replacement(entry, path);
      throw new Error(`${relative(SOURCES, path)} is no public entry, ${importer} a unit test`);
    },
    load(id) {
      if (id.startsWith(MSGPACK)) return WITH_MSGPACK[id.slice(MSGPACK.length)];
      if (!id.startsWith(VIRTUAL)) return undefined;
      const file = decodeURIComponent(id.slice(VIRTUAL.length));
      return isScript && file.endsWith(`dist/${artefact.entry}`)
        ? scriptModule(file)
        : freshModule(file);
    },
  };
}
