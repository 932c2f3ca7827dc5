// A host over the web's Request and Response, in memory: what a host has to write, and no more. WebSockets are pairs of
// calls. Its `handler()` takes requests, as those of Deno and Bun do.

import type { RawSocket, ReplyHeaders, RequestHeaders, Ticket } from "@sockeye/engine";
import { FakeClock, MemoryFramer, MemorySocket } from "@sockeye/testkit";
import { portableBytes } from "@sockeye/websocket";
import {
  CollectedResponse,
  compose,
  type Gateway,
  type HeadSource,
  type Host,
  type HostEngine,
  headerLines,
  type Mount,
  RecordHead,
  type ServerOptions,
  TurnBatch,
  type Upgrade,
  type UpgradeRefusal,
  WebExchange,
  type WebMeans,
  type WebReply,
} from "../src/index.ts";

/** Options that only this host has. */
interface WebOptions {
  readonly greeting: string;
}

/** What a request is answered with: a response, or the client's end of a WebSocket. */
export type WebAnswer = Response | MemorySocket;
/** Handles a request; `null`: it is for another path. */
export type WebHandler = (request: Request) => Promise<WebAnswer> | null;

function sourceOf(raw: Request): HeadSource<Request> {
  const { pathname, search, protocol } = new URL(raw.url);
  return {
    raw,
    method: raw.method,
    url: pathname + search,
    secure: protocol === "https:",
    remoteAddress: "192.0.2.1",
    header: (name) => raw.headers.get(name) ?? undefined,
    headers: () => Object.fromEntries(raw.headers) as RequestHeaders,
  };
}

function responseOf({ status, headers, body }: WebReply): Response {
  const isEmpty = [101, 204, 304].includes(status);
  const init = { status, headers: headerLines(headers) };
  return new Response(isEmpty ? null : (body as BodyInit), init);
}

const encoder = new TextEncoder();

const means: WebMeans<Response, Uint8Array> = {
  bytes: portableBytes,
  view: (bytes) => bytes,
  encode: (text) => encoder.encode(text),
  async compress(bytes, encoding) {
    const { body } = new Response(bytes as BodyInit);
    const compressed = body?.pipeThrough(new CompressionStream(encoding as "gzip" | "deflate"));
    return new Uint8Array(await new Response(compressed ?? null).arrayBuffer());
  },
  responseOf,
  surface: (error) => void surfaced.push(error),
};

class MemoryExchange extends WebExchange<Response, Uint8Array> {
  readonly #raw: Request;

  constructor(raw: Request, { httpCompression }: ServerOptions) {
    super({ head: new RecordHead(sourceOf(raw)), request: raw }, httpCompression, means);
    this.#raw = raw;
  }

  protected override watch(): void {
    this.#raw.signal.addEventListener("abort", () => this.gone());
  }
}

class WebUpgrade implements Upgrade {
  readonly head: RecordHead<Request>;
  readonly answer: Promise<WebAnswer>;
  readonly response: CollectedResponse;
  /** Headers of the 101. */
  headers: ReplyHeaders = {};
  readonly #gateway: Gateway;
  #resolve: (answer: WebAnswer) => void = () => {};

  constructor(raw: Request, gateway: Gateway) {
    this.head = new RecordHead(sourceOf(raw));
    this.#gateway = gateway;
    this.response = new CollectedResponse((reply) => this.#resolve(responseOf(reply)));
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  accept(ticket: Ticket, headers: ReplyHeaders): void {
    this.headers = headers;
    const socket = new MemorySocket();
    this.#gateway.attach(ticket, socket satisfies RawSocket);
    this.#resolve(socket);
  }

  refuse(reply: UpgradeRefusal): void {
    this.#resolve(responseOf(reply));
  }
}

export class WebEngine implements HostEngine {
  readonly gateway: Gateway;
  readonly #options: ServerOptions;
  #isOpen = true;

  constructor(gateway: Gateway, options: ServerOptions) {
    this.gateway = gateway;
    this.#options = options;
  }

  attach(source: unknown, mount: Mount): unknown {
    return Object.assign(source as object, {
      handler: this.handler(mount),
      onSession: mount.onSession.bind(mount),
    });
  }

  handler(mount: Mount): WebHandler {
    return (request) => {
      const { pathname, search } = new URL(request.url);
      if (request.headers.get("upgrade") === "websocket") {
        if (!mount.hasUpgrades || !mount.takesUpgrade(pathname + search)) return null;
        if (!this.#isOpen) return Promise.resolve(new Response("", { status: 503 }));
        const upgrade = new WebUpgrade(request, this.gateway);
        mount.onUpgrade(upgrade);
        return upgrade.answer;
      }
      const route = mount.route(pathname + search);
      if (route === null) return null;
      const exchange = new MemoryExchange(request, this.#options);
      mount.onRequest(route, exchange);
      return Promise.resolve(exchange.answer());
    };
  }

  close(): void {
    this.#isOpen = false;
  }

  stop(server: unknown, done: (error?: Error) => void): void {
    (server as { handler: WebHandler | null }).handler = null;
    done();
  }
}

/** Errors that were rethrown as uncaught, and warnings. */
export const surfaced: unknown[] = [];
export const warnings: string[] = [];
/** The clock of all servers on this host. */
export const clock: FakeClock = new FakeClock();

const surface = (error: unknown): void => void surfaced.push(error);
// The end of a turn is the next task of microtasks, so that tests need no timer.
const batch = new TurnBatch((callback) => queueMicrotask(callback), surface);

const webHost: Host<WebOptions> = {
  name: "web",
  platform: {
    clock,
    framer: new MemoryFramer(),
    surface,
    warn: (text) => void warnings.push(text),
    collect: (flushable) => batch.add(flushable),
    afterTurn: (callback) => queueMicrotask(() => queueMicrotask(callback)),
  },
  rules: { greeting: { fallback: "hello", check: () => undefined } },
  files: {
    read: (name) =>
      name === "socket.io.js"
        ? Promise.resolve({ body: new TextEncoder().encode("// the client"), tag: "one" })
        : Promise.reject(new Error("the client has not been built")),
  },
  compress: null,
  debug: { wanted: undefined, print: () => {} },
  isSource: (value) => typeof value === "object" && value !== null && "handler" in value,
  open: (gateway, options) => new WebEngine(gateway, options),
};

/** The classes of servers on this host. */
export const web: ReturnType<typeof compose> = compose(webHost);
