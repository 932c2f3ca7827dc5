// What `npm run matrix:packages` tries: projects, and the programs in them. Holds the table.

/**
 * @typedef {object} Program
 * @property {string} name of the package
 * @property {string} program
 * @property {readonly string[]} checks what it says at its end
 * @property {string[]} [args]
 * @property {string[]} [flags] of Node
 * @property {"chromium" | "redis" | "postgres"} [need]
 *
 * @typedef {object} Project
 * @property {string} title
 * @property {string} from the folder of its files
 * @property {readonly Program[]} programs
 * @property {boolean} [isOursOnly] the same on Socket.IO as another project
 * @property {(manifest: any) => any} [change] of its package.json
 */

const ACROSS = ["broadcast", "room", "ack", "fetch", "join", "servers", "disconnect"];

/** @type {readonly Program[]} */
const packages = [
  {
    name: "browser-sync",
    program: "browser-sync.mjs",
    checks: ["connected", "reload"],
    need: "chromium",
  },
  {
    name: "karma",
    program: "karma.mjs",
    checks: ["register", "results", "stop"],
    need: "chromium",
  },
  {
    name: "msw and @mswjs/socket.io-binding",
    program: "msw.mjs",
    checks: ["mocked"],
    // Node 20 has the class WebSocket only then; later versions know the flag still.
    flags: ["--experimental-websocket"],
  },
  {
    name: "vue-socket.io-extended",
    program: "vue.cjs",
    checks: ["component", "mutation", "action"],
  },
  { name: "socket.io-events", program: "events.cjs", checks: ["routed"] },
  { name: "socket.io-stream", program: "stream.cjs", checks: ["up", "down"] },
  { name: "socket.io-request", program: "request.cjs", checks: ["answer", "error"] },
  { name: "y-socket.io", program: "yjs.mjs", checks: ["shared"] },
  { name: "jsdom", program: "jsdom.cjs", checks: ["polling", "upgrade"] },
];

/** @type {readonly Program[]} */
const further = [
  { name: "testem", program: "testem.mjs", checks: ["passed"], need: "chromium" },
  {
    name: "express-status-monitor",
    program: "status-monitor.cjs",
    checks: ["start", "change", "statistics"],
  },
  { name: "@socket.io/sticky", program: "sticky.mjs", checks: ["polling", "upgrade", "websocket"] },
  {
    name: "socket.io-redis 6, socket.io-emitter",
    program: "redis-6.cjs",
    checks: ["broadcast", "rooms", "fetch", "emitter", "join", "disconnect"],
    need: "redis",
  },
  {
    name: "passport.socketio, socketio-jwt, socketio-jwt-auth, socket.io-cookie-parser, socket.io-express-session",
    program: "identity.cjs",
    checks: ["passport", "jwt", "jwt-auth", "cookies", "session"],
  },
  { name: "koa-socket-2", program: "koa.cjs", checks: ["middleware", "events", "namespace"] },
  { name: "moleculer-io", program: "moleculer.cjs", checks: ["action", "room", "namespace"] },
  { name: "laravel-echo", program: "echo.cjs", checks: ["channel", "whisper", "status"] },
  {
    name: "socket.io-react-hook, redux-socket.io",
    program: "react.cjs",
    checks: ["hook", "redux"],
  },
  { name: "socket.io-duplexstream", program: "duplex.cjs", checks: ["stream"] },
  {
    name: "vite-plugin-socket-io",
    program: "vite.mjs",
    checks: ["updates", "echo", "ack", "room", "disconnect"],
  },
];

/** @type {readonly Program[]} */
const adapters = [
  { name: "@socket.io/cluster-adapter", program: "node-cluster.mjs", checks: ACROSS },
  {
    name: "@socket.io/redis-adapter, @socket.io/redis-emitter",
    program: "redis.mjs",
    args: ["classic"],
    checks: [...ACROSS, "emitter"],
    need: "redis",
  },
  {
    name: "@socket.io/redis-adapter, sharded",
    program: "redis.mjs",
    args: ["sharded"],
    checks: ACROSS,
    need: "redis",
  },
  {
    name: "@socket.io/redis-streams-adapter",
    program: "redis.mjs",
    args: ["streams"],
    checks: [...ACROSS, "recovery"],
    need: "redis",
  },
  {
    name: "@socket.io/postgres-adapter",
    program: "postgres.mjs",
    checks: ACROSS,
    need: "postgres",
  },
  {
    name: "declarations of these adapters",
    program: "declarations.mjs",
    checks: ["declarations"],
  },
];

/** @type {readonly Project[]} */
export const projects = [
  { title: "packages", from: "matrix", programs: packages },
  { title: "further packages", from: "further", programs: further },
  { title: "adapters on our socket.io-adapter", from: "adapters", programs: adapters },
  {
    title: "adapters on Socket.IO's socket.io-adapter",
    from: "adapters",
    programs: adapters,
    isOursOnly: true,
    change(manifest) {
      delete manifest.dependencies["socket.io-adapter"];
      delete manifest.overrides["socket.io-adapter"];
      return manifest;
    },
  },
];
