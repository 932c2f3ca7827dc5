// The client's files as the server serves them beside the sessions, for a script tag.

import { refusal } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

type Sent = Readonly<Record<string, string>>;

/** Fetches a file; its body is stood for by whether there is one. */
async function file(bench: Bench, name: string, sent: Sent = {}) {
  const { status, headers, body } = await bench.fetch({
    path: `/socket.io/${name}`,
    headers: sent,
  });
  return {
    status,
    type: String(headers["content-type"] ?? "").toLowerCase(),
    cache: headers["cache-control"],
    isEmpty: body.byteLength === 0,
    hasTag: /^"[^"]+"$/.test(String(headers.etag)),
  };
}

const script = {
  status: 200,
  type: "application/javascript; charset=utf-8",
  cache: "public, max-age=0",
  isEmpty: false,
  hasTag: true,
};

const names = [
  "socket.io.js",
  "socket.io.min.js",
  "socket.io.esm.min.js",
  "socket.io.msgpack.min.js",
];

/** The encoding of a file that is asked for with this Accept-Encoding, and whether it is the same file. */
async function encoded(bench: Bench, accept: string): Promise<unknown> {
  const path = "/socket.io/socket.io.min.js";
  const plain = await bench.fetch({ path });
  const { headers, body } = await bench.fetch({ path, headers: { "accept-encoding": accept } });
  const encoding = String(headers["content-encoding"] ?? "none");
  const text = new TextDecoder().decode(bench.clients.decompress(encoding, body));
  return [encoding, text === plain.text];
}

const cases: readonly BlackBoxCase[] = [
  ...names.map(
    (name): BlackBoxCase => ({
      id: name,
      title: `serves ${name}`,
      rules: ["NH15"],
      run: (bench) => file(bench, name),
      expected: script,
    }),
  ),
  ...names.map(
    (name): BlackBoxCase => ({
      id: `${name}.map`,
      title: `serves ${name}.map`,
      rules: ["NH15"],
      async run(bench) {
        const map = await file(bench, `${name}.map`);
        return { ...map, type: map.type.split(";")[0] };
      },
      expected: { ...script, type: "application/json" },
    }),
  ),
  {
    id: "query",
    title: "a query does not matter",
    rules: ["NH15"],
    run: (bench) => file(bench, "socket.io.js?v=4.8.4"),
    expected: script,
  },
  {
    id: "etag",
    title: "a known ETag is answered with 304, a weak one too, an old one with the file",
    rules: ["NH17"],
    async run(bench) {
      const { headers } = await bench.fetch({ path: "/socket.io/socket.io.js" });
      const tag = String(headers.etag);
      const known = await file(bench, "socket.io.js", { "if-none-match": tag });
      const weak = await file(bench, "socket.io.js", { "if-none-match": `W/${tag}` });
      const old = await file(bench, "socket.io.js", { "if-none-match": '"old"' });
      return [known.status, known.isEmpty, weak.status, weak.isEmpty, old.status];
    },
    expected: [304, true, 304, true, 200],
  },
  {
    id: "gzip",
    title: "is compressed for whom it may be",
    rules: ["NH18"],
    needs: ["compression"],
    run: (bench) => encoded(bench, "gzip"),
    expected: ["gzip", true],
  },
  {
    id: "brotli",
    title: "is compressed with brotli where that is preferred",
    rules: ["NH18"],
    needs: ["compression"],
    run: (bench) => encoded(bench, "br, gzip;q=0.5"),
    expected: ["br", true],
  },
  {
    id: "plain",
    title: "is sent as it is to whom takes no encoding",
    rules: ["NH18"],
    run: (bench) => encoded(bench, "identity"),
    expected: ["none", true],
  },
  {
    id: "cors",
    title: "is open to the origins that cors names",
    rules: ["NH19"],
    options: { cors: { origin: "http://here.example" } },
    async run(bench) {
      const { headers } = await bench.fetch({ path: "/socket.io/socket.io.js" });
      return headers["access-control-allow-origin"];
    },
    expected: "http://here.example",
  },
  {
    id: "unknown",
    title: "another name is no file but a bad request",
    rules: ["NH16"],
    async run(bench) {
      const { status, text } = await bench.fetch({ path: "/socket.io/package.json" });
      return [status, JSON.parse(text)];
    },
    expected: [400, { code: 0, message: "Transport unknown" }],
  },
  {
    id: "path",
    title: "a path of one's own holds for the files",
    rules: ["NH15"],
    options: { path: "/mine" },
    async run(bench) {
      const there = await bench.fetch({ path: "/mine/socket.io.js" });
      const elsewhere = await bench.fetch({ path: "/socket.io/socket.io.js" });
      return [there.status, elsewhere.text];
    },
    expected: [200, "not here"],
  },
  {
    id: "off",
    title: "serveClient: false",
    rules: ["NH16"],
    options: { serveClient: false },
    run: async (bench) => (await bench.fetch({ path: "/socket.io/socket.io.js" })).text,
    expected: refusal(0, "Transport unknown").body,
  },
];

/** All but the last need files. */
export const files: Chapter = {
  feature: "files",
  cases: cases.map((each) =>
    each.id === "off" || each.id === "unknown"
      ? each
      : { ...each, needs: ["files", ...(each.needs ?? [])] },
  ),
};
