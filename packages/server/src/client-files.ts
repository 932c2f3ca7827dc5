// Serves the browser client under the server's path: `/socket.io/socket.io.js` and the other bundles. Who reads the
// files is the host's.

import type { HttpReply, RequestHead } from "@sockeye/engine";
import { acceptedEncoding, type Encoding } from "./negotiation.ts";

// A fixed list: no request can name another file.
const FILES = [
  ...["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js"],
  // The second is fetched by the first, when a WebSocket is not enough.
  ...["socket.io.esm.min.js", "socket.io.fallback.esm.min.js"],
];
const NAMES: ReadonlySet<string> = new Set(FILES.flatMap((name) => [name, `${name}.map`]));

/** Compresses a body with the encoding's defaults. */
export type Compress = (body: Uint8Array, encoding: Encoding) => Promise<Uint8Array>;

/** Where the client's files are. */
export interface FileSource {
  /**
   * Reads a file by its name. `tag` changes with the contents; it has letters, digits, `-` and `_` only.
   * @throws (rejects with) an error whose message says why the file is missing
   */
  read(name: string): Promise<{ readonly body: Uint8Array; readonly tag: string }>;
}

interface ClientFile {
  readonly body: Uint8Array;
  readonly etag: string;
  /** Compressed forms, created on first request and cached: at most one for each encoding. */
  readonly compressed: Map<Encoding, Promise<Uint8Array>>;
}

/** The name of a file of the client in a URL below `path`, or `null`. */
export function clientFileIn(url: string, path: string): string | null {
  // Hot path: most requests are polls, whose path ends here.
  if (url[path.length + 1] === "?" || !url.startsWith(`${path}/`)) return null;
  const end = url.indexOf("?");
  const name = url.slice(path.length + 1, end === -1 ? undefined : end);
  return NAMES.has(name) ? name : null;
}

/** The client's files, read on first request. */
export class ClientFiles {
  readonly #source: FileSource;
  readonly #compress: Compress | null;
  readonly #files = new Map<string, Promise<ClientFile>>();

  constructor(source: FileSource, compress: Compress | null) {
    this.#source = source;
    this.#compress = compress;
  }

  /** The response to a request for a file. `vary` is the header's value so far. */
  async answer(name: string, request: RequestHead, vary: unknown): Promise<HttpReply> {
    let file: ClientFile;
    try {
      file = await this.#load(name);
    } catch (error) {
      this.#files.delete(name);
      const headers = { "content-type": "text/plain" };
      const body = `${name} is missing: ${(error as Error).message}`;
      return { status: 404, headers, body, compress: false };
    }
    const known = request.header("if-none-match");
    if (known === file.etag || known === `W/${file.etag}`) {
      return { status: 304, headers: {}, body: "", compress: false };
    }
    const headers: Record<string, string> = {
      "cache-control": "public, max-age=0",
      "content-type": `application/${name.endsWith(".map") ? "json" : "javascript"}; charset=utf-8`,
      etag: file.etag,
      // In addition to the header on which CORS depends.
      vary: [vary ?? [], "accept-encoding"].flat().join(", "),
    };
    const offered = ["br", "gzip", "deflate"] as const;
    const encoding =
      this.#compress === null ? null : acceptedEncoding(request.header("accept-encoding"), offered);
    if (encoding === null) return { status: 200, headers, body: file.body, compress: false };
    headers["content-encoding"] = encoding;
    const body = await this.#compressed(file, encoding);
    return { status: 200, headers, body, compress: false };
  }

  /** The compressed file; concurrent requests share one compression. */
  #compressed({ body, compressed }: ClientFile, encoding: Encoding): Promise<Uint8Array> {
    let form = compressed.get(encoding);
    if (form === undefined) {
      form = this.#compress?.(body, encoding) ?? Promise.resolve(body);
      compressed.set(encoding, form);
    }
    return form;
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
    const { body, tag } = await this.#source.read(name);
    return { body, compressed: new Map(), etag: `"${tag}"` };
  }
}
