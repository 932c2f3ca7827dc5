// The client's files as the server serves them beside the sessions, for a script tag.
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { refusal } from "./answers.ts";
import { type Row, registerRows } from "./rows.ts";
import type { Wire } from "./wire.ts";

/** Fetches a file; its body is stood for by its first words. */
async function file(wire: Wire, name: string, headers: Record<string, string> = {}) {
  const { status, headers: got, text } = await wire.fetch({ path: `/socket.io/${name}`, headers });
  return {
    status,
    type: got["content-type"],
    cache: got["cache-control"],
    isEmpty: text.length === 0,
    etag: got.etag,
  };
}

const script = {
  status: 200,
  type: "application/javascript; charset=utf-8",
  cache: "public, max-age=0",
  isEmpty: false,
  etag: expect.stringMatching(/^"[^"]+"$/),
};

const names = [
  "socket.io.js",
  "socket.io.min.js",
  "socket.io.esm.min.js",
  "socket.io.msgpack.min.js",
];

const rows: readonly Row[] = [
  ...names.map(
    (name): Row => ({ title: `serves ${name}`, act: (wire) => file(wire, name), expect: script }),
  ),
  ...names.map(
    (name): Row => ({
      title: `serves ${name}.map`,
      act: (wire) => file(wire, `${name}.map`),
      expect: { ...script, type: expect.stringMatching(/^application\/json/) },
    }),
  ),
  {
    title: "a query does not matter",
    act: (wire) => file(wire, "socket.io.js?v=4.8.4"),
    expect: script,
  },
  {
    title: "a known ETag is answered with 304, a weak one too, an old one with the file",
    act: async (wire) => {
      const { etag } = await file(wire, "socket.io.js");
      const known = await file(wire, "socket.io.js", { "if-none-match": String(etag) });
      const weak = await file(wire, "socket.io.js", { "if-none-match": `W/${String(etag)}` });
      const old = await file(wire, "socket.io.js", { "if-none-match": '"old"' });
      return [known.status, known.isEmpty, weak.status, weak.isEmpty, old.status];
    },
    expect: [304, true, 304, true, 200],
  },
  {
    title: "is compressed for whom it may be",
    act: async (wire) => {
      const path = "/socket.io/socket.io.min.js";
      const plain = await wire.fetch({ path });
      const gzipped = await wire.fetch({ path, headers: { "accept-encoding": "gzip" } });
      return [gzipped.headers["content-encoding"], gunzipSync(gzipped.body).equals(plain.body)];
    },
    expect: ["gzip", true],
  },
  {
    title: "is open to the origins that cors names",
    options: { cors: { origin: "http://here.example" } },
    act: async (wire) => {
      const { headers } = await wire.fetch({ path: "/socket.io/socket.io.js" });
      return headers["access-control-allow-origin"];
    },
    expect: "http://here.example",
  },
  {
    title: "another name is no file but a bad request",
    act: async (wire) => {
      const { status, text } = await wire.fetch({ path: "/socket.io/package.json" });
      return [status, JSON.parse(text)];
    },
    expect: [400, { code: 0, message: "Transport unknown" }],
  },
  {
    title: "a path of one's own holds for the files",
    options: { path: "/mine" },
    act: async (wire) => {
      const there = await wire.fetch({ path: "/mine/socket.io.js" });
      const elsewhere = await wire.fetch({ path: "/socket.io/socket.io.js" });
      return [there.status, elsewhere.text];
    },
    expect: [200, "not here"],
  },
  {
    title: "serveClient: false",
    options: { serveClient: false },
    act: async (wire) => (await wire.fetch({ path: "/socket.io/socket.io.js" })).text,
    expect: refusal(0, "Transport unknown").body,
  },
];

registerRows("client files", rows);
