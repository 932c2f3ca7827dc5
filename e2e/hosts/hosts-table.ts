// The hosts that the black-box suite runs on. A new host is a row here and a program of about ten lines in `programs`,
// which calls `serve` with a function that starts its server (see programs/node.mjs).

import { join } from "node:path";
import type { Need } from "@sockeye/testkit/black-box";
import { bun, deno, node, nodeRelease, nodeWithUws, type Runtime, workerd } from "./runtimes.ts";

/** A host under test. */
export interface HostRow {
  readonly name: string;
  readonly runtime: Runtime;
  /** A file of the folder `programs`. */
  readonly program: string;
  /** Runs only with `HOSTS=all`: the whole grid takes longer than `npm test` may. */
  readonly isGrid?: true;
  /** Expect what Socket.IO does, where the case says that it differs. Proves the cases; as a part of the grid, too. */
  readonly isControl?: true;
  /** What the host cannot do, with the reason: cases that need it are excluded, and counted. */
  readonly lacks?: Readonly<Partial<Record<Need, string>>>;
  /** Cases that are excluded one by one, as `feature/id`, with the reason. */
  readonly excludes?: Readonly<Record<string, string>>;
  /** Why the network connection may be gone before a close frame has been read: 1006 is then taken for 1005. */
  readonly dropsCloseFrames?: string;
  /** Where the host is right to do otherwise: the case as `feature/id`, what is observed, and the reason. */
  readonly differs?: Readonly<
    Record<string, { readonly expected: unknown; readonly reason: string }>
  >;
}

/** A refused handshake on uWebSockets.js: its own headers, in its own order. */
function uwsRefusal(message: string): { readonly expected: string; readonly reason: string } {
  const lines = [
    ...["HTTP/1.1 400 Bad Request", "Content-type: text/html", "Connection: close"],
    ...["uWebSockets: 20", `Content-Length: ${message.length}`],
  ];
  const expected = `${lines.join("\r\n")}\r\n\r\n${message}`;
  return { expected, reason: "uWebSockets.js has a header of its own, and writes others last" };
}

const CUT_BY_UWS = "uWebSockets.js ends the connection without an answer";

/** The folder of the programs. */
export const PROGRAMS: string = join(import.meta.dirname, "programs");

/** A refused handshake as Bun writes it, by case and message. */
function bunRefusals(messages: Readonly<Record<string, string>>): NonNullable<HostRow["differs"]> {
  const reason = "Bun writes the names of known headers in one form";
  const lines = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n";
  const row = ([id, message]: readonly [string, string]) => {
    const expected = `${lines}Content-Length: ${message.length}\r\n\r\n${message}`;
    return [`errors/${id}`, { expected, reason }];
  };
  return Object.fromEntries(Object.entries(messages).map(row));
}

const bunServer: Pick<HostRow, "lacks" | "differs"> = {
  lacks: {
    "foreign upgrades": "handshakes for other paths are answered by the application's fetch",
  },
  differs: {
    ...bunRefusals({
      "upgrade-transport": "Transport unknown",
      "upgrade-constructor": "Transport unknown",
      "upgrade-session": "Session ID unknown",
      "upgrade-revision": "Unsupported protocol version",
      "upgrade-foreign-revision": "Bad request",
    }),
    "bad input/http-version": { expected: "505", reason: "Bun answers by itself" },
    "bad input/http-files-above": {
      expected: "404",
      reason: "Bun has resolved the path, which then is not ours",
    },
  },
};

const denoServer: Pick<HostRow, "lacks" | "excludes" | "differs" | "dropsCloseFrames"> = {
  dropsCloseFrames: "Deno may end the connection before the client has read what was written",
  lacks: {
    "foreign upgrades": "handshakes for other paths are answered by the application's fetch",
    "upgrade refusals":
      "Deno keeps the network connection open after an answer with connection: close",
    "close codes": "Deno ends a WebSocket that breaks the protocol without a close frame",
    "message compression": "Deno's WebSockets have no extensions",
  },
};

const UNREAD_CLOSE =
  "workerd does not read the answer to a close frame where the client has sent nothing before";

const workersServer: Pick<HostRow, "lacks" | "excludes" | "differs"> = {
  lacks: {
    files: "Workers have no file system",
    "foreign upgrades": "handshakes for other paths are answered by the application's fetch",
    "upgrade refusals": "workerd keeps the network connection open for seconds after the answer",
    "close codes": "workerd ends a WebSocket that breaks the protocol without a close frame",
    "aborted requests": "workerd does not say that a client has broken a request off",
  },
  excludes: {
    "bad input/http-tls": "workerd gives no answer",
    "bad input/http-negative": "workerd gives no answer",
    "errors/upgrade-polling": UNREAD_CLOSE,
    "upgrade/second": UNREAD_CLOSE,
    "upgrade/upgraded-before": UNREAD_CLOSE,
    "limits/connect-timeout": UNREAD_CLOSE,
  },
  differs: {
    "handshake/no-message-compression": {
      expected: "permessage-deflate",
      reason: "workerd negotiates compression by itself",
    },
    "bad input/http-method": { expected: "501", reason: "workerd answers by itself" },
    "bad input/http-files-above": {
      expected: "404",
      reason: "workerd has resolved the path, which then is not ours",
    },
  },
};

const fetchServer: Pick<HostRow, "lacks" | "excludes" | "differs" | "dropsCloseFrames"> = {
  ...denoServer,
  lacks: { ...denoServer.lacks, files: "not every runtime has a file system" },
};

const rows: readonly HostRow[] = [
  { name: "Node", runtime: node, program: "node.mjs" },
  ...[22, 24, 26].map(
    (major): HostRow => ({
      name: `Node ${major}`,
      runtime: nodeRelease(major),
      program: "node.mjs",
      isGrid: true,
    }),
  ),
  { name: "Node, ws", runtime: node, program: "node-ws.mjs", isGrid: true },
  { name: "Bun", runtime: bun, program: "bun.mjs", ...bunServer },
  { name: "Deno", runtime: deno, program: "deno.mjs", ...denoServer },
  {
    name: "uWebSockets.js",
    runtime: nodeWithUws,
    program: "uws.mjs",
    lacks: {
      "close codes":
        "uWebSockets.js ends a connection that breaks the protocol without a close frame, and does not look for masks",
      "foreign upgrades": "other paths are the application's",
    },
    excludes: {
      "bad input/http-tls": CUT_BY_UWS,
      "bad input/http-method": CUT_BY_UWS,
      "bad input/http-version": CUT_BY_UWS,
      "bad input/http-negative": CUT_BY_UWS,
      "limits/post-claim": "uWebSockets.js cuts requests that claim 4 GiB or more",
    },
    differs: {
      "errors/upgrade-transport": uwsRefusal("Transport unknown"),
      "errors/upgrade-constructor": uwsRefusal("Transport unknown"),
      "errors/upgrade-session": uwsRefusal("Session ID unknown"),
      "errors/upgrade-revision": uwsRefusal("Unsupported protocol version"),
      "errors/upgrade-foreign-revision": uwsRefusal("Bad request"),
    },
  },
  { name: "Workers", runtime: workerd, program: "workers.mjs", ...workersServer },
  {
    name: "fetch on Deno",
    runtime: deno,
    program: "fetch-deno.mjs",
    ...fetchServer,
    isGrid: true,
  },
  { name: "Node's host on Bun", runtime: bun, program: "node.mjs", isGrid: true },
  { name: "Node's host on Deno", runtime: deno, program: "node.mjs", isGrid: true },
  {
    name: "Socket.IO",
    runtime: node,
    program: "socket-io.mjs",
    isControl: true,
    excludes: {
      "allowRequest/twice": "it opens a session for the client that it has refused, and throws",
    },
    lacks: {
      "early 413": "it answers when the limit has been passed, not when it is certain to be",
    },
  },
];

/** The hosts of this run, in the order of the table. */
export const hosts: readonly HostRow[] = rows.filter(
  ({ isControl, isGrid }) => (isControl ?? isGrid) === undefined || process.env.HOSTS === "all",
);
