// Serving the browser client: which names, caching, compression, CORS, and what falls through.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { ClientFiles, type EngineMiddleware, type Gateway, Mount } from "@sockeye/server";
import corsMiddleware from "cors";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { resolveServerOptions } from "../test/resolved-options.ts";
import { listen } from "../test/running-server.ts";
import { type Answer, ask } from "../test/wire.ts";
import { NodeExchange } from "./exchange.ts";
import { attachToHttp } from "./http-attachment.ts";
import { clientFiles, compressBytes } from "./runtime.ts";

const NAMES = [
  "socket.io.js",
  "socket.io.js.map",
  "socket.io.min.js",
  "socket.io.min.js.map",
  "socket.io.msgpack.min.js",
  "socket.io.msgpack.min.js.map",
  "socket.io.esm.min.js",
  "socket.io.esm.min.js.map",
];
const SCRIPT = `// ${"a script ".repeat(200)}`;

let folder: string;
const http = createServer((_request, response) => response.writeHead(418).end("the application"));
let isServing = true;
let port = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-files-"));
  for (const name of NAMES.slice(0, -1)) await writeFile(join(folder, name), `${name} ${SCRIPT}`);
  await writeFile(join(folder, "package.json"), "not for you");
  const { options } = resolveServerOptions({});
  const gateway = {
    onRequest: (exchange: NodeExchange) =>
      exchange.reply({ status: 400, headers: {}, body: "the engine", compress: false }),
  } as unknown as Gateway;
  const cors = corsMiddleware({ origin: "https://page.example" }) as unknown as EngineMiddleware;
  const mount = new Mount(gateway, {
    options,
    addTrailingSlash: true,
    path: () => "/socket.io",
    hasUpgrades: true,
    readiness: null,
    hasSessions: false,
    served: {
      files: new ClientFiles(clientFiles(folder), compressBytes),
      cors,
      isServing: () => isServing,
      path: () => "/socket.io",
    },
  });
  attachToHttp(http, mount, {
    onRequest: (_mount, route, { request, response }) =>
      mount.onRequest(route, new NodeExchange(request, response, options)),
    handleUpgrade: () => {},
  });
  port = await listen(http);
});

afterAll(async () => {
  http.close();
  await rm(folder, { recursive: true });
});

function get(name: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(port, `/socket.io/${name}`, { headers });
}

test.each(NAMES.slice(0, -1))("NH15 %s is served", async (name) => {
  const answer = await get(name);
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(`${name} ${SCRIPT}`);
  expect(answer.headers["content-type"]).toBe(
    name.endsWith(".map")
      ? "application/json; charset=utf-8"
      : "application/javascript; charset=utf-8",
  );
  expect(answer.headers["cache-control"]).toBe("public, max-age=0");
  expect(answer.headers["content-length"]).toBe(String(answer.body.length));
});

test("NH15 the query string is ignored", async () => {
  expect((await get("socket.io.js?v=1&x=/../y")).text).toBe(`socket.io.js ${SCRIPT}`);
});

test.each([
  "package.json",
  "../package.json",
  "%2e%2e/package.json",
  "socket.io.JS",
  "x/socket.io.js",
  "",
])("NH16 /socket.io/%s is not a file of the client", async (name) => {
  expect((await get(name)).text).toBe("the engine");
});

test("NH16 the same names below another path belong to the application", async () => {
  expect((await ask(port, "/socket.io.js")).text).toBe("the application");
  expect((await ask(port, "/x/socket.io/socket.io.js")).text).toBe("the application");
});

test("NH16 nothing is served with serveClient: false", async () => {
  isServing = false;
  expect((await get("socket.io.js")).text).toBe("the engine");
  isServing = true;
  expect((await get("socket.io.js")).status).toBe(200);
});

test("NH17 an ETag that is known, strong or weak, is answered with 304", async () => {
  const first = await get("socket.io.js");
  const etag = String(first.headers.etag);
  expect(etag).toMatch(/^"[\w-]+"$/);
  for (const known of [etag, `W/${etag}`]) {
    const again = await get("socket.io.js", { "if-none-match": known });
    expect(again).toMatchObject({ status: 304, text: "" });
  }
  expect((await get("socket.io.js", { "if-none-match": '"other"' })).status).toBe(200);
  expect((await get("socket.io.min.js")).headers.etag).not.toBe(etag);
});

test.each([
  ["gzip, deflate, br", "gzip", gunzipSync],
  ["br, gzip", "br", brotliDecompressSync],
  ["deflate, gzip", "deflate", inflateSync],
  ["deflate", "deflate", inflateSync],
  ["br;q=0, gzip", "gzip", gunzipSync],
  ["*", "br", brotliDecompressSync],
] as const)("NH18 accept-encoding %j gets %s", async (accepted, encoding, decompress) => {
  const answer = await get("socket.io.js", { "accept-encoding": accepted });
  expect(answer.headers["content-encoding"]).toBe(encoding);
  expect(answer.headers["content-length"]).toBeUndefined();
  expect(answer.headers.vary).toMatch(/accept-encoding/i);
  expect(decompress(answer.body).toString()).toBe(`socket.io.js ${SCRIPT}`);
});

test("NH70 a file is compressed once for each encoding, however many ask at once", async () => {
  const ended = vi.spyOn(ServerResponse.prototype, "end");
  const headers = { "accept-encoding": "br" };
  const many = Array.from({ length: 5 }, () => get("socket.io.esm.min.js", headers));
  for (const { body } of [
    ...(await Promise.all(many)),
    await get("socket.io.esm.min.js", headers),
  ]) {
    expect(brotliDecompressSync(body).toString()).toBe(`socket.io.esm.min.js ${SCRIPT}`);
  }
  const bodies = new Set(ended.mock.calls.map(([body]) => body));
  ended.mockRestore();
  expect([...bodies]).toEqual([expect.any(Buffer)]);
});

test.each(["identity", "zstd", "gzip;q=0"])(
  "NH18 accept-encoding %j gets plain bytes",
  async (accepted) => {
    const answer = await get("socket.io.js", { "accept-encoding": accepted });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.text).toBe(`socket.io.js ${SCRIPT}`);
  },
);

test("NH19 the CORS headers stand on the client's files too", async () => {
  const answer = await get("socket.io.js", { origin: "https://page.example" });
  expect(answer.headers["access-control-allow-origin"]).toBe("https://page.example");
  const preflight = await ask(port, "/socket.io/socket.io.js", {
    method: "OPTIONS",
    headers: { origin: "https://page.example", "access-control-request-method": "GET" },
  });
  expect(preflight.status).toBe(204);
});

test("NH20 a bundle that was not built is answered with 404, and looked for again", async () => {
  const name = NAMES.at(-1) as string;
  expect(await get(name)).toMatchObject({
    status: 404,
    text: `${name} is missing: the client has not been built`,
  });
  await writeFile(join(folder, name), "{}");
  expect(await get(name)).toMatchObject({ status: 200, text: "{}" });
});
