// The documentation site, built once and served from memory of the disk: what its tests open.

import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const SITE = join(root, "docs/site");
const DIST = join(SITE, ".vitepress/dist");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
};
const BUILD_MS = 300_000;

/** Builds the site; rejects with what the builder printed, such as dead links. With SITE_BUILT the last build is taken. */
export async function buildSite(): Promise<void> {
  if (process.env["SITE_BUILT"] !== undefined) return;
  const vitepress = join(SITE, "node_modules/vitepress/bin/vitepress.js");
  await promisify(execFile)(process.execPath, [vitepress, "build", SITE], { timeout: BUILD_MS });
}

/** The pages of the built site, by their addresses. */
export function builtPages(): ReadonlyMap<string, string> {
  const files = readdirSync(DIST, { recursive: true, encoding: "utf8" });
  return new Map(
    files
      .filter((file) => file.endsWith(".html"))
      .map((file) => [`/${file}`, readFileSync(join(DIST, file), "utf8")]),
  );
}

/** Whether the site has a file at an address. */
export function hasFile(address: string): boolean {
  return existsSync(join(DIST, address));
}

/** A server for the built site. */
export async function serveSite(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    const file = join(DIST, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
