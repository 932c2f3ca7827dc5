// The part of uWebSockets.js in one engine: routes of applications, and the ports that `listen` has opened.

import { compressBytes, exits, nodeBytes, services } from "@sockeye/node/kit";
import {
  type ExitFlush,
  type Gateway,
  type HostEngine,
  type MessageSocketContext,
  type Mount,
  serverError,
  TransientExchange,
  type TransientMeans,
  TransientUpgrade,
} from "@sockeye/server";
import { refusedHandshake } from "@sockeye/websocket";
import { uwsError } from "./errors.ts";
import type { ServerOptions, UwsOptions } from "./options.ts";
import { UwsRawSocket } from "./raw-socket.ts";
import { requestOf } from "./request.ts";
import { switchOver, writeReply } from "./response.ts";
import { turns } from "./runtime.ts";
import type { UwsApp, UwsBehavior, UwsRequest, UwsResponse, UwsWebSocket } from "./uws.ts";

/** Messages up to so many times the limit are read, to be refused by 1009; longer ones are cut. */
const LIMIT_FACTOR = 2;
/** The smallest size that is read, so that small limits have a margin. */
const SMALLEST_MARGIN = 65_536;
/** uWebSockets.js keeps sizes in 32 bits. */
const LARGEST = 2 ** 31 - 1;
/** The longest time, in seconds, for which uWebSockets.js lets a WebSocket be idle. */
const LONGEST_IDLE = 960;
/** Seconds after the engine's own time-out. Not below 8, which uWebSockets.js refuses. */
const IDLE_MARGIN = 10;

/** The constant of that name in every build. */
const SHARED_COMPRESSOR = 1;

/** What `io.httpServer` shows. */
export interface UwsServer {
  readonly app: UwsApp;
  /** The port of `listen`; `undefined` for an application that listens by itself. */
  readonly port: number | undefined;
}

/** What a handler is called with. `context`: what a handshake is completed with. */
interface Native {
  readonly response: UwsResponse;
  readonly request: UwsRequest;
  readonly secure: boolean;
  readonly context: unknown;
}

type Own = UwsWebSocket & { raw: UwsRawSocket };

/** The paths at which applications have a server: uWebSockets.js ends the process when a route is added twice. */
const taken = new WeakMap<UwsApp, Set<string>>();

/** The part of uWebSockets.js in one engine. */
export class UwsEngine implements HostEngine {
  readonly #gateway: Gateway;
  readonly #options: ServerOptions;
  readonly #means: MessageSocketContext & TransientMeans<UwsResponse, Buffer>;
  /** How to stop listening, by what `attach` returned. */
  readonly #listening = new Map<unknown, () => void>();
  readonly #exit: ExitFlush;
  #isOpen = true;

  constructor(gateway: Gateway, options: ServerOptions) {
    this.#gateway = gateway;
    this.#options = options;
    this.#exit = exits.of(gateway, () => turns.batch.flush());
    this.#means = {
      ...{ gateway, writeReply, bytes: nodeBytes, compress: compressBytes },
      // Twice: the first is a view.
      copy: (chunk) => Buffer.from(Buffer.from(chunk)),
      ...{ batch: turns.batch, surface: services.surface },
      limit: options.maxHttpBufferSize,
      compresses: options.perMessageDeflate,
      compression: options.httpCompression,
    };
  }

  attach(source: unknown, mount: Mount): UwsServer {
    if (typeof source !== "object") return this.#listen(Number(source), mount);
    const app = source as UwsApp;
    this.#route(app, mount);
    return { app, port: undefined };
  }

  close(): void {
    this.#isOpen = false;
    this.#exit.endAfterTurn();
  }

  stop(server: UwsServer, done: (error?: Error) => void): void {
    const stop = this.#listening.get(server);
    this.#listening.delete(server);
    stop?.();
    // An application that listens by itself is the business of its owner.
    done(
      stop === undefined && server.port !== undefined ? serverError("ERR_NOT_RUNNING") : undefined,
    );
  }

  #listen(port: number, mount: Mount): UwsServer {
    const { uws } = mount.options as UwsOptions;
    if (uws === undefined) throw uwsError("ERR_LISTEN_MODULE");
    const app = uws.App();
    this.#route(app, mount);
    app.any("/*", (response) => {
      response.writeStatus("404 Not Found");
      response.end();
    });
    let listening: unknown = false;
    // Called back before `listen` returns.
    app.listen(port, (socket) => {
      listening = socket;
    });
    if (!listening) {
      this.#exit.end();
      throw uwsError("ERR_LISTEN_FAILED", String(port));
    }
    const server = { app, port: uws.us_socket_local_port(listening) };
    this.#listening.set(server, () => uws.us_listen_socket_close(listening));
    return server;
  }

  #route(app: UwsApp, mount: Mount): void {
    const { path } = mount;
    const paths = taken.get(app) ?? new Set();
    if (paths.has(path)) throw uwsError("ERR_PATH_TAKEN", path);
    taken.set(app, paths.add(path));
    this.#exit.begin();
    // Without a trailing slash, requests for the path itself are meant too.
    const patterns = path.endsWith("/") ? [`${path}*`] : [path, `${path}/*`];
    const secure = app.constructor.name.includes("SSL");
    const behavior = this.#behavior(mount, secure);
    for (const pattern of patterns) {
      if (mount.hasUpgrades) app.ws(pattern, behavior);
      app.any(pattern, (response, request) =>
        this.#onRequest({ response, request, secure, context: null }, mount),
      );
    }
  }

  #behavior(mount: Mount, secure: boolean): UwsBehavior {
    const { maxHttpBufferSize, perMessageDeflate, pingInterval, pingTimeout } = this.#options;
    const most = Math.max(LIMIT_FACTOR * maxHttpBufferSize, maxHttpBufferSize + SMALLEST_MARGIN);
    return {
      maxPayloadLength: Math.min(most, LARGEST),
      // The engine has a limit of its own for what waits, `maxSendBufferSize`.
      maxBackpressure: LARGEST,
      idleTimeout: idleSeconds(pingInterval + pingTimeout),
      sendPingsAutomatically: false,
      compression: perMessageDeflate ? SHARED_COMPRESSOR : 0,
      upgrade: (response, request, context) =>
        this.#onUpgrade({ response, request, secure, context }, mount),
      open(ws) {
        const own = ws as Own;
        own.raw = (ws.getUserData() as Own).raw;
        own.raw.onOpen(ws);
      },
      message: (ws, message, isBinary) => (ws as Own).raw.onMessage(message, isBinary),
      drain: (ws) => guarded(() => (ws as Own).raw.onWritten()),
      close: (ws, code, reason) => guarded(() => (ws as Own).raw.onEnd(code, reason)),
    };
  }

  #onRequest(native: Native, mount: Mount): void {
    const { request, response, secure } = native;
    // uWebSockets.js passes handshakes without a proper key on to here.
    if (mount.hasUpgrades && request.getHeader("upgrade").toLowerCase() === "websocket") {
      this.#onUpgrade(native, mount);
      return;
    }
    const isWhole = this.#gateway.hasMiddleware;
    const source = requestOf(request, response, { isWhole, isUpgrade: false, secure });
    const exchange = new TransientExchange(source, response, this.#means);
    const route = mount.route(source.url);
    guarded(() => {
      if (route !== null) mount.onRequest(route, exchange);
      // The path was changed after it had been attached.
      else exchange.reply({ status: 404, headers: {}, body: "", compress: false });
    });
    exchange.release();
  }

  #onUpgrade({ request, response, secure, context }: Native, mount: Mount): void {
    const isWhole = this.#gateway.hasMiddleware;
    const source = requestOf(request, response, { isWhole, isUpgrade: true, secure });
    const native = { source, response };
    const upgrade = new TransientUpgrade(native, this.#means, (live, completion) => {
      const data = { raw: new UwsRawSocket(completion.ticket, this.#means) };
      switchOver(live, completion, { data, native: context });
    });
    guarded(() => {
      if (!this.#isOpen) upgrade.fail(refusedHandshake(503, ""));
      else if (mount.takesUpgrade(source.url)) mount.onUpgrade(upgrade);
      else upgrade.fail(refusedHandshake(404, ""));
    });
    upgrade.release();
  }
}

/** Runs a callback: an error that is thrown into uWebSockets.js would end the process. */
function guarded(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    services.surface(error);
  }
}

/**
 * How long a WebSocket may be idle. The engine ends those that do not answer; this ends those that do not answer the close
 * frame either. Seconds; 0: for ever.
 */
function idleSeconds(heartbeat: number): number {
  const seconds = Math.ceil(heartbeat / 1000) + IDLE_MARGIN;
  return seconds > LONGEST_IDLE ? 0 : seconds;
}
