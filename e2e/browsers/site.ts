// A server with sockets, and the pages that test browsers open on it. It also hears of each page that is shown,
// and can keep a page waiting. `CONTROL=socket.io` puts the packages of Socket.IO in the place of ours.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { basename, extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import type { Server, ServerOptions } from "socket.io";
import { Inbox } from "../kit/inbox.ts";
import { type Peer, RunningServer } from "../kit/running-server.ts";
import { serverKinds } from "../kit/server-kinds.ts";
import type { ClientOptions } from "./world.ts";

const PAGES = join(import.meta.dirname, "page");
const { resolve } = createRequire(import.meta.url);
const BUNDLES = join(resolve("@sockeye/client/package.json"), "../dist");
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** Whose packages are tested. */
const flavour = process.env["CONTROL"] === "socket.io" ? "socket.io" : "sockeye";

/** How a page came to be shown: from the back-forward cache or anew, and whether its socket says it is connected. */
export interface Shown {
  readonly path: string;
  readonly persisted: boolean;
  /** `null` when the page has made no socket yet. */
  readonly isConnected: boolean | null;
  /** The state of its status; `null` for a client that has none too. */
  readonly state: string | null;
}

/** What may be asked of a site. */
export interface SitePlan extends Partial<ServerOptions> {
  /** Headers of every page. */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /** Whether every request has a connection of its own, so that none is lying idle. Default: no. */
  readonly isKeepAliveOff?: boolean;
  /** An option of ours alone. */
  readonly foreignOrigins?: "accept";
}

/** Quick enough to wait for what a missed one brings about, and slow enough for a busy machine to keep up. */
export const QUICK_HEARTBEAT: SitePlan = { pingInterval: 250, pingTimeout: 500 };

/**
 * One server with its pages. It echoes `"echo"`, as an event or, if asked, as an acknowledgement; it keeps and
 * acknowledges each `"note"`.
 */
export class Site implements AsyncDisposable {
  /** The notes that have arrived, also before the server was started again. */
  readonly notes: string[] = [];
  readonly #plan: SitePlan;
  readonly #shown = new Inbox("the pages");
  readonly #held: ServerResponse[] = [];
  #server: RunningServer | undefined;
  #port = 0;

  constructor(plan: SitePlan) {
    this.#plan = plan;
  }

  get io(): Server {
    return this.#running.io;
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The address of a page; with options, the page connects by itself whenever it is loaded. */
  page(name: string, connect?: ClientOptions): string {
    const query =
      connect === undefined ? "" : `?${new URLSearchParams({ connect: JSON.stringify(connect) })}`;
    return `${this.origin}/${name}.html${query}`;
  }

  /** The next socket that has not been given out, from the moment it has connected. */
  async nextPeer(namespace = "/"): Promise<Peer> {
    return await this.#running.nextPeer(namespace);
  }

  /** Records the sockets of a namespace, for `nextPeer`; `/` is recorded without asking. */
  record(namespace: string): void {
    this.#running.record(namespace);
  }

  /** The next time that a page was shown. */
  async nextShown(): Promise<Shown> {
    const [shown] = await this.#shown.take("shown");
    return shown as Shown;
  }

  /** Waits until a page has asked for `/hold`, and returns what ends its waiting. */
  async holding(): Promise<() => void> {
    const [response] = await this.#shown.take("hold");
    return () => (response as ServerResponse).end();
  }

  /** Listens, on the port it had before if it is started again. */
  async start(): Promise<void> {
    const { pageHeaders: _, isKeepAliveOff = false, ...options } = this.#plan;
    const http = createServer((request, response) => void this.#answer(request, response));
    const io = await serverKinds[flavour].create(http, options);
    if (isKeepAliveOff) {
      http.prependListener("request", (_request, response) => {
        response.shouldKeepAlive = false;
      });
    }
    await new Promise<void>((resolve) => http.listen(this.#port, "127.0.0.1", resolve));
    const server = new RunningServer(io, http);
    server.record("/");
    io.on("connection", (socket) => {
      socket.on("echo", (...values) => {
        const answer = values.at(-1);
        if (typeof answer === "function") answer(...values.slice(0, -1));
        else socket.emit("echo", ...values);
      });
      socket.on("note", (name: string, acknowledge: () => void) => {
        this.notes.push(name);
        acknowledge();
      });
    });
    this.#server = server;
    this.#port = server.port;
  }

  /** Closes the server and every connection, as when its process ends. */
  async stop(): Promise<void> {
    for (const response of this.#held) response.destroy();
    const server = this.#server;
    this.#server = undefined;
    await server?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #running(): RunningServer {
    if (this.#server === undefined) throw new Error("the site is not running");
    return this.#server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.origin);
    if (pathname === "/shown") {
      this.#shown.push("shown", JSON.parse(await text(request)));
      response.writeHead(204).end();
    } else if (pathname === "/hold") {
      this.#held.push(response);
      this.#shown.push("hold", response);
    } else if (pathname === "/nothing") response.writeHead(204).end();
    else if (pathname === "/debug.js") {
      response.writeHead(200, { "content-type": CONTENT_TYPES[".js"] });
      response.end(await readableModules());
    } else this.#sendFile(pathname, response);
  }

  /** A page, or a bundle that the server of the sockets does not serve, from `/bundles/`. */
  #sendFile(path: string, response: ServerResponse): void {
    const type = CONTENT_TYPES[extname(path)];
    const folder = path.startsWith("/bundles/") ? BUNDLES : PAGES;
    const file = join(folder, basename(path));
    if (type === undefined || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": type, ...this.#plan.pageHeaders });
    response.end(readFileSync(file));
  }
}

/** `@sockeye/client/debug` as a bundler makes one module of it. */
async function readableModules(): Promise<string> {
  const contents = 'export { io } from "@sockeye/client/debug";';
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    format: "esm",
    logLevel: "error",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}
