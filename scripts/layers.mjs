// The one-way table of imports. Rows stand from the bottom up; a row may import only rows above
// it in this list that it names. Holds data only; check-layers.mjs does the reading.

/**
 * @typedef {object} Layer
 * @property {string[]} imports workspace packages that its sources may import
 * @property {string[]} [serves] packages it may depend on, and import in tests only
 * @property {string[]} [modules] modules from outside the repository; `node:` stands for all of Node's
 * @property {RegExp} [only] the files to which `modules` is limited
 * @property {string[]} [steps] folders of `src`, from the bottom up: a file imports its own folder and those before it
 */

/** @type {Record<string, Layer>} */
export const layers = {
  "packages/protocol": { imports: [] },
  "packages/events": { imports: [] },
  "packages/portable": { imports: [] },
  "packages/adapter": { imports: ["@sockeye/protocol", "@sockeye/events", "@sockeye/portable"] },
  "packages/engine": { imports: ["@sockeye/protocol", "@sockeye/portable"] },
  "packages/core": {
    steps: ["base", "members", "compat", "typed", "api"],
    imports: [
      "@sockeye/engine",
      "@sockeye/adapter",
      "@sockeye/protocol",
      "@sockeye/events",
      "@sockeye/portable",
    ],
  },
  "packages/client": {
    imports: ["@sockeye/protocol", "@sockeye/events", "@sockeye/portable"],
    modules: ["ws", "node:"],
    only: /(^|\/)(node\/|node[.-]|[^/]*-node\.)/,
  },
  "packages/websocket": { imports: [] },
  "packages/server": {
    imports: [
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/events",
      "@sockeye/portable",
      "@sockeye/websocket",
    ],
    modules: ["cors", "cookie"],
  },
  "packages/hosting": {
    imports: [
      "@sockeye/server",
      "@sockeye/websocket",
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/adapter",
      "@sockeye/protocol",
      "@sockeye/portable",
    ],
    modules: ["node:"],
    only: /(^|\/)src\/node\//,
  },
  "hosts/node": {
    imports: [
      "@sockeye/server",
      "@sockeye/websocket",
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/events",
      "@sockeye/portable",
    ],
    serves: ["@sockeye/client"],
    modules: ["node:", "ws", "@types/ws", "@types/node"],
  },
  "hosts/bun": {
    imports: [
      "@sockeye/hosting",
      "@sockeye/hosting/node",
      "@sockeye/server",
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/portable",
    ],
    serves: ["@sockeye/client"],
    modules: ["node:"],
  },
  "adapters/cluster": {
    imports: ["@sockeye/adapter", "@sockeye/portable"],
    modules: ["node:", "@types/node"],
  },
  "adapters/postgres": {
    imports: ["@sockeye/adapter", "@sockeye/protocol", "@sockeye/portable"],
    modules: ["node:", "@types/node"],
  },
  "adapters/nats": {
    imports: ["@sockeye/adapter", "@sockeye/portable"],
    modules: ["node:", "@types/node"],
  },
  "adapters/redis": {
    imports: ["@sockeye/adapter", "@sockeye/protocol", "@sockeye/portable"],
    modules: ["node:", "@types/node"],
  },
  "hosts/deno": {
    imports: [
      "@sockeye/hosting",
      "@sockeye/hosting/node",
      "@sockeye/server",
      "@sockeye/core",
      "@sockeye/portable",
    ],
    serves: ["@sockeye/client"],
  },
  "hosts/fetch": {
    imports: ["@sockeye/hosting", "@sockeye/server", "@sockeye/core", "@sockeye/portable"],
  },
  // Its requests are those of the web, and its WebSockets almost.
  "hosts/workers": {
    imports: [
      "@sockeye/hosting",
      "@sockeye/hosting/hibernation",
      "@sockeye/server",
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/portable",
    ],
  },
  // Runs on Node, and takes Node's services from its host.
  "hosts/uws": {
    imports: [
      "@sockeye/node",
      "@sockeye/server",
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/portable",
    ],
    modules: ["node:", "@types/node"],
  },
  "packages/presence": {
    imports: ["@sockeye/adapter", "@sockeye/events", "@sockeye/portable"],
    serves: ["@sockeye/node"],
  },
  "packages/contract": {
    imports: [],
    serves: ["@sockeye/node", "@sockeye/client"],
    modules: ["@standard-schema/spec"],
  },
  "packages/auth": {
    imports: ["@sockeye/portable"],
    serves: ["@sockeye/node", "@sockeye/client", "@sockeye/contract"],
    modules: ["jose"],
  },
  "packages/limits": {
    imports: ["@sockeye/portable"],
    serves: ["@sockeye/node", "@sockeye/client"],
    modules: ["ipaddr.js"],
  },
  "packages/binding": {
    imports: ["@sockeye/events", "@sockeye/portable"],
    serves: ["@sockeye/node", "@sockeye/client"],
  },
  "packages/react": {
    imports: ["@sockeye/binding", "@sockeye/events"],
    serves: ["@sockeye/node", "@sockeye/client", "@sockeye/contract"],
    modules: ["react"],
  },
  "packages/vue": {
    imports: ["@sockeye/binding", "@sockeye/events"],
    serves: ["@sockeye/node", "@sockeye/client"],
    modules: ["vue"],
  },
  "packages/svelte": {
    imports: ["@sockeye/binding", "@sockeye/events"],
    serves: ["@sockeye/node", "@sockeye/client"],
    modules: ["svelte", "svelte/reactivity"],
  },
  // Their frameworks are peers that they know by shape alone.
  "packages/nest": {
    imports: ["@sockeye/node"],
    serves: ["@sockeye/client"],
    modules: ["node:", "@nestjs/websockets"],
  },
  "packages/fastify": {
    imports: ["@sockeye/node"],
    serves: ["@sockeye/client"],
    modules: ["node:", "fastify"],
  },
  "packages/testkit": {
    imports: [
      "@sockeye/core",
      "@sockeye/engine",
      "@sockeye/adapter",
      "@sockeye/portable",
      "@sockeye/events",
      "@sockeye/protocol",
      "@sockeye/presence",
    ],
  },
};

/** Our packages that test files may import besides those of their row; other people's are free to them. */
export const testOnly = ["@sockeye/testkit"];

/** Programs built on the public packages alone; any module from outside may stand beside these. */
export const leaves = {
  "examples/": [
    "@sockeye/client",
    "@sockeye/node",
    "@sockeye/bun",
    "@sockeye/uws",
    "@sockeye/fetch",
    "@sockeye/workers",
    "@sockeye/auth",
    "@sockeye/auth/client",
    "@sockeye/client/outbox",
    "@sockeye/react",
    "@sockeye/vue",
    "@sockeye/svelte",
    "@sockeye/nest",
    "@sockeye/fastify",
  ],
  // The core in memory too, for what grows with its own numbers.
  "bench/": [
    "@sockeye/client",
    "@sockeye/contract",
    "@sockeye/limits",
    "@sockeye/node",
    "@sockeye/node/engine",
    "@sockeye/bun",
    "@sockeye/deno",
    "@sockeye/fetch",
    "@sockeye/uws",
    "@sockeye/core",
    "@sockeye/engine",
    "@sockeye/redis",
    "@sockeye/testkit",
  ],
};
