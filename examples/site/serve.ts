// What the servers of the examples have in common: the files of the page, an address, an end. No example needs more of HTTP.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-cache",
  // Styles that scripts set on elements (`style.width`) need no exception.
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The file that answers a path: of the example, of what is built of it, or of the look that all have. */
function fileFor(path: string): string | undefined {
  const name = path === "/" ? "index.html" : basename(path);
  // Names without a folder: there is nothing to climb out of.
  if (path !== "/" && path !== `/${name}`) return undefined;
  const folders = [process.cwd(), join(process.cwd(), "dist"), join(process.cwd(), "../site")];
  const isPublic = extname(name) in TYPES && name !== "server.js";
  return isPublic
    ? folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
    : undefined;
}

async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = fileFor(new URL(request.url ?? "/", "http://localhost").pathname);
  if (file === undefined || request.method !== "GET") {
    response.writeHead(404, { ...HEADERS, "content-type": "text/plain" }).end("Not found\n");
    return;
  }
  const type = TYPES[extname(file)];
  response.writeHead(200, { ...HEADERS, "content-type": type }).end(await readFile(file));
}

/**
 * An HTTP server of an example's files.
 * @param route answers what is no file; it says whether it does
 */
export function serveSite(
  route: (...args: Parameters<RequestListener>) => boolean = () => false,
): Server {
  return createServer((request, response) => {
    if (!route(request, response)) void serveFile(request, response);
  });
}

/**
 * Listens on `PORT`, 3000 without it, and says where. Ends with the process's `SIGINT` and `SIGTERM`.
 * @param io what to close: the server of sockets, which closes the HTTP server
 */
export function listen(http: Server, io: { close(): unknown }): void {
  http.listen(Number(process.env["PORT"] ?? 3000), () => {
    console.log(`http://localhost:${(http.address() as AddressInfo).port}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void io.close());
}
