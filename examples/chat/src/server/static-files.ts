// Serves the page: exactly the files that were in the given folders at the start, by exact name.
// A path that is not in the table cannot be asked for, so there is nothing to traverse.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";

const contentTypes: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".map", "application/json; charset=utf-8"],
  [".svg", "image/svg+xml"],
]);

const headers: Readonly<Record<string, string>> = {
  "cache-control": "no-cache",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A handler for `node:http` that serves the files of some flat folders. */
export class StaticFiles {
  readonly #pathByUrl: ReadonlyMap<string, string>;

  /** @param pathByUrl From `tableOf`: which file answers which URL path. */
  constructor(pathByUrl: ReadonlyMap<string, string>) {
    this.#pathByUrl = pathByUrl;
  }

  /** Answers one request. Never throws: whatever goes wrong becomes a status. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      refuse(response.setHeader("allow", "GET, HEAD"), 405, "Method not allowed");
      return;
    }
    const path = this.#pathByUrl.get((request.url ?? "").replace(/[?#].*$/s, ""));
    const type = contentTypes.get(extname(path ?? ""));
    if (path === undefined || type === undefined) {
      refuse(response, 404, "Not found");
      return;
    }
    try {
      const body = await readFile(path);
      response.writeHead(200, { ...headers, "content-type": type, "content-length": body.length });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch {
      refuse(response, 500, "The file could not be read");
    }
  }
}

/** Which file answers which URL path, for all files directly inside `folders`. */
export function tableOf(folders: readonly string[]): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile()) table.set(`/${entry.name}`, join(folder, entry.name));
    }
  }
  const index = table.get("/index.html");
  if (index !== undefined) table.set("/", index);
  return table;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...headers, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
