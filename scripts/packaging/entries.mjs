// The table of what each published package can be imported by. package.json (make-manifests.mjs), the CommonJS files and
// the declarations (package-forms.mjs) are made from it. Holds data only.

/**
 * The compiled file behind an entry, without its ending and relative to `src` and `dist`. A pair has one file for Node
 * and one for everything else, where `bundle` names the minified ES module that is used in its place.
 * @typedef {string | { node: string, browser: string, bundle?: string }} Entry
 */

/**
 * @typedef {object} Form
 * @property {boolean} [isForNode] runs on Node alone: no ES modules for browsers are published
 * @property {string[]} [nodeEntries] entries that servers alone load: every server's runtime knows the condition `node`
 * @property {boolean} [isModuleOnly] its runtime knows ES modules: no others are published
 * @property {Record<string, string>} [engines] its runtimes, where Node is none of them
 * @property {Record<string, Entry>} entries by their keys in `exports`
 * @property {string[]} keywords
 */

const COMMON = ["socket.io", "websocket", "realtime"];
const SERVER = [...COMMON, "server", "events"];
const CLIENT = [...COMMON, "client", "browser", "events"];

/** @type {Record<string, Form>} */
export const forms = {
  "packages/protocol": {
    entries: {
      ".": "index",
      "./engine.io-parser": "engine-io-parser",
      "./socket.io-parser": "socket-io-parser",
    },
    keywords: [...COMMON, "engine.io", "parser", "protocol"],
  },
  "packages/events": { entries: { ".": "index" }, keywords: [...COMMON, "events"] },
  "packages/portable": { entries: { ".": "index" }, keywords: COMMON },
  "packages/binding": { entries: { ".": "index" }, keywords: COMMON },
  "packages/contract": {
    entries: { ".": "index" },
    keywords: [...COMMON, "contract", "schema", "validation", "asyncapi"],
  },
  "packages/auth": {
    entries: { ".": "index", "./client": "client" },
    keywords: [...COMMON, "authentication", "authorization", "jwt", "oauth"],
  },
  "packages/limits": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "rate limit", "throttle", "security"],
  },
  "packages/adapter": {
    nodeEntries: ["./cluster", "./socket.io-adapter"],
    entries: {
      ".": "index",
      "./cluster": "cluster/index",
      "./socket.io-adapter": "socket-io-adapter",
    },
    keywords: [...COMMON, "adapter", "rooms", "cluster"],
  },
  "packages/presence": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "presence", "online", "cluster"],
  },
  "packages/engine": {
    entries: { ".": "index", "./parser": "parser" },
    keywords: [...COMMON, "engine.io", "long-polling"],
  },
  "packages/core": { entries: { ".": "index" }, keywords: SERVER },
  "packages/websocket": { entries: { ".": "index" }, keywords: COMMON },
  "packages/server": { entries: { ".": "index" }, keywords: SERVER },
  "packages/hosting": {
    nodeEntries: ["./node"],
    entries: { ".": "index", "./node": "node/index", "./hibernation": "hibernation/index" },
    keywords: SERVER,
  },
  "hosts/node": {
    isForNode: true,
    entries: { ".": "index", "./engine": "engine/index", "./kit": "kit/index" },
    keywords: SERVER,
  },
  "packages/nest": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...SERVER, "nest", "nestjs"],
  },
  "packages/fastify": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...SERVER, "fastify", "fastify-plugin"],
  },
  "hosts/bun": {
    isModuleOnly: true,
    engines: { bun: ">=1.2" },
    entries: { ".": "index" },
    keywords: [...SERVER, "bun"],
  },
  "adapters/cluster": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "adapter", "cluster", "scaling"],
  },
  "adapters/postgres": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "adapter", "postgres", "postgresql", "scaling"],
  },
  "adapters/nats": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "adapter", "nats", "scaling"],
  },
  "adapters/redis": {
    isForNode: true,
    entries: { ".": "index" },
    keywords: [...COMMON, "adapter", "redis", "valkey", "scaling"],
  },
  "hosts/deno": {
    isModuleOnly: true,
    engines: { deno: ">=2" },
    entries: { ".": "index" },
    keywords: [...SERVER, "deno"],
  },
  "hosts/fetch": {
    entries: { ".": "index" },
    keywords: [...SERVER, "fetch", "hono"],
  },
  "hosts/workers": {
    isModuleOnly: true,
    engines: { workerd: ">=1" },
    entries: { ".": "index" },
    keywords: [...SERVER, "cloudflare", "workers", "durable objects"],
  },
  "hosts/uws": { isForNode: true, entries: { ".": "index" }, keywords: [...SERVER, "uws"] },
  "packages/react": {
    entries: { ".": "index" },
    keywords: [...COMMON, "react", "hooks"],
  },
  "packages/vue": {
    entries: { ".": "index" },
    keywords: [...COMMON, "vue", "composables"],
  },
  // Svelte is ES modules only.
  "packages/svelte": {
    isModuleOnly: true,
    engines: { svelte: ">=5.7" },
    entries: { ".": "index" },
    keywords: [...COMMON, "svelte", "store"],
  },
  "packages/client": {
    entries: {
      ".": { node: "node/index", browser: "index", bundle: "socket.io.esm.min" },
      "./debug": { node: "node/index", browser: "index" },
      "./websocket": {
        node: "node/websocket",
        browser: "websocket",
        bundle: "socket.io.websocket.esm.min",
      },
      "./mini": { node: "node/mini", browser: "mini/index", bundle: "socket.io.mini.esm.min" },
      "./engine": { node: "node/engine-io", browser: "engine-io/index" },
      "./msgpack": "msgpack",
      "./outbox": "outbox",
      "./webtransport": "webtransport",
    },
    keywords: CLIENT,
  },
};

/**
 * The name of the CommonJS file made from a compiled file or a bundle.
 * @param {string} file
 */
export function commonJsName(file) {
  return file.replace(/\.esm(\.min)?$/, "$1");
}
