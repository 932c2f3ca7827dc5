// Serves the browser client under the server's path: `/socket.io/socket.io.js` and the other bundles.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { acceptedEncoding, compressBytes, type Encoding } from "./compression.ts";

// A fixed list: no request can name another file.
const FILES = [
  ...["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js"],
  // The second is fetched by the first, when a WebSocket is not enough.
  ...["socket.io.esm.min.js", "socket.io.fallback.esm.min.js"],
];
const NAMES: ReadonlySet<string> = new Set(FILES.flatMap((name) => [name, `${name}.map`]));

/**
 * The folder of the installed client. Called when a file is asked for and not before, because a bundle of a server may
 * have no such package beside it, and starts all the same. Where a bundler or a transpiler has taken the place of this
 * file away, the program and the working directory show where packages are.
 */
function clientFolder(): string | undefined {
  const places = [import.meta.url, process.argv[1], join(process.cwd(), "program.js")];
  for (const place of places) {
    if (!place) continue;
    try {
      const manifest = createRequire(place).resolve("@sockeye/client/package.json");
      return join(dirname(manifest), "dist");
    } catch {
      // Not there: on to the next place.
    }
  }
  return undefined;
}

interface ClientFile {
  readonly body: Buffer;
  readonly etag: string;
  /** Compressed forms, created on first request and cached: at most one for each encoding. */
  readonly compressed: Map<Encoding, Promise<Buffer>>;
}

/** The compressed file; concurrent requests share one compression. */
function compressedForm({ body, compressed }: ClientFile, encoding: Encoding): Promise<Buffer> {
  let form = compressed.get(encoding);
  if (form === undefined) {
    form = compressBytes(body, encoding);
    compressed.set(encoding, form);
  }
  return form;
}

/** The client's files, read on first request. */
export class ClientFiles {
  #folder: string | undefined;
  readonly #files = new Map<string, Promise<ClientFile>>();

  /** `folder` has the bundles; default: those of the installed `@sockeye/client`. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** The file named by a URL below `path`, if it is in the list. */
  static nameIn(url: string, path: string): string | null {
    // Hot path: most requests are polls, whose path ends here.
    if (url[path.length + 1] === "?" || !url.startsWith(`${path}/`)) return null;
    const end = url.indexOf("?");
    const name = url.slice(path.length + 1, end === -1 ? undefined : end);
    return NAMES.has(name) ? name : null;
  }

  /** Answers with a file. */
  async serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let file: ClientFile;
    try {
      file = await this.#load(name);
    } catch {
      this.#files.delete(name);
      response.writeHead(404, { "content-type": "text/plain" });
      const reason = this.#folder ? "has not been built" : "is not installed beside the server";
      response.end(`${name} is missing: the client ${reason}`);
      return;
    }
    const known = request.headers["if-none-match"];
    if (known === file.etag || known === `W/${file.etag}`) {
      response.writeHead(304).end();
      return;
    }
    const headers: Record<string, string> = {
      "cache-control": "public, max-age=0",
      "content-type": `application/${name.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`,
      etag: file.etag,
      // In addition to the header on which CORS depends.
      vary: [response.getHeader("vary") ?? [], "accept-encoding"].flat().join(", "),
    };
    const offered = ["br", "gzip", "deflate"] as const;
    const encoding = acceptedEncoding(request.headers["accept-encoding"], offered);
    const body = encoding === null ? file.body : await compressedForm(file, encoding);
    if (encoding === null) headers["content-length"] = String(body.length);
    else headers["content-encoding"] = encoding;
    response.writeHead(200, headers).end(body);
  }

  #load(name: string): Promise<ClientFile> {
    let file = this.#files.get(name);
    if (file === undefined) {
      file = this.#read(name);
      this.#files.set(name, file);
    }
    return file;
  }

  async #read(name: string): Promise<ClientFile> {
    this.#folder ??= clientFolder();
    if (this.#folder === undefined) throw new Error("the client is not installed");
    const body = await readFile(join(this.#folder, name));
    const etag = `"${createHash("sha1").update(body).digest("base64url")}"`;
    return { body, compressed: new Map(), etag };
  }
}
