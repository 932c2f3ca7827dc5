// The artefacts of @sockeye/client, each as an application reaches it: by the map of exports of the installed package, or
// by a script tag. Knows what an artefact has not, and nothing of tests.

/** What an artefact may be without; suites name what they need. */
export type Feature =
  | "a deprecation warning"
  | "a measured distance"
  | "a page"
  | "a whole session"
  | "Buffer"
  | "cookies"
  | "explained mistakes"
  | "headers of a WebSocket"
  | "JSON packets"
  | "names of transports"
  | "Node options"
  | "polling"
  | "polling at once"
  | "rare members"
  | "rare options"
  | "retries"
  | "the status of a WebSocket";

/** One artefact. */
export interface Artefact {
  readonly name: string;
  /** The key in the map of exports; for a script, the file in `dist` that a page loads. */
  readonly entry: string;
  readonly platform: "node" | "browser";
  readonly form: "module" | "script";
  /** The entries whose own suites meet it; an entry for itself, and those that need another beside them. */
  readonly suitesOf: readonly string[];
  /** What it has not, as a property of the artefact. */
  readonly lacks: Partial<Record<Feature, string>>;
  /** The wire form that its server must speak, when that is not JSON. */
  readonly wire?: "msgpack";
}

const IN_BROWSERS = {
  "a measured distance": "a page's head start depends on what the browser has measured",
  Buffer: "bytes are ArrayBuffers in browsers",
  cookies: "cookies are the browser's",
  "the status of a WebSocket": "a browser does not say why a WebSocket was refused",
  "headers of a WebSocket": "a browser's WebSocket takes no headers",
  "Node options": "agents, certificates and kept connections are Node's",
} as const;

const MODULE = { "polling at once": "polling is loaded when it is needed" } as const;
const SCRIPT = { "names of transports": "a script hands out the function alone" } as const;

const script = (name: string, entry: string): Artefact => ({
  name,
  entry,
  platform: "browser",
  form: "script",
  suitesOf: ["."],
  lacks: { ...IN_BROWSERS, ...SCRIPT },
});

/** All of them. The codec of `./msgpack` fits into any, and has its tests in `entries.test.ts`. */
export const ARTEFACTS: readonly Artefact[] = [
  {
    name: "node",
    entry: ".",
    platform: "node",
    form: "module",
    suitesOf: [".", "./engine", "./websocket", "./webtransport"],
    lacks: { "a page": "there is no page in Node" },
  },
  {
    name: "module",
    entry: ".",
    platform: "browser",
    form: "module",
    suitesOf: [".", "./webtransport"],
    lacks: {
      ...IN_BROWSERS,
      ...MODULE,
      "a deprecation warning": "it explains no mistakes, to be small",
      "explained mistakes": "it explains no mistakes, to be small",
    },
  },
  {
    name: "readable",
    entry: "./debug",
    platform: "browser",
    form: "module",
    suitesOf: [".", "./webtransport"],
    lacks: { ...IN_BROWSERS, ...MODULE },
  },
  script("script.min", "socket.io.min.js"),
  script("script", "socket.io.js"),
  {
    ...script("script.msgpack", "socket.io.msgpack.min.js"),
    lacks: { ...IN_BROWSERS, ...SCRIPT, "JSON packets": "packets are MessagePack" },
    wire: "msgpack",
  },
  {
    name: "websocket",
    entry: "./websocket",
    platform: "browser",
    form: "module",
    suitesOf: ["."],
    lacks: {
      ...IN_BROWSERS,
      "a deprecation warning": "it warns of no deprecated names",
      "a whole session": "its session has no events, and closes at once",
      "explained mistakes": "it explains no mistakes, to be small",
      "rare members": "it lacks members that few use, to be small",
      "rare options": "it lacks options that few use, to be small",
      polling: "it has WebSocket alone",
      "polling at once": "it has WebSocket alone",
      retries: "it has no queue",
      "names of transports": "it has one transport",
    },
  },
  {
    name: "engine",
    entry: "./engine",
    platform: "browser",
    form: "module",
    suitesOf: ["./engine"],
    lacks: IN_BROWSERS,
  },
];
