// Passes Node's requests to the engine: middleware first, then admission, then the WebSocket handshake. Does not check
// paths.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  bodyOf,
  type Engine,
  type Refusal,
  RefusalCode,
  type RequestHead,
  refusal,
  statusOf,
} from "@sockeye/engine";
import type { NodeDiagnostics } from "./diagnostics.ts";
import { type EngineMiddleware, runEngineMiddleware } from "./engine-middleware.ts";
import { NodeExchange, NodeRequestHead } from "./exchange.ts";
import { flushAtExit, forgetAtExit } from "./exit-flush.ts";
import { answerAndClose } from "./lingering-close.ts";
import type { ServerOptions } from "./options.ts";
import { UpgradeResponse } from "./upgrade-response.ts";
import { WebSocketGate } from "./web-socket-gate.ts";

// A network socket may fail at any time, and an error without a listener ends the process (CVE-2022-41940).
function ignoreError(): void {}

/** Handles requests and WebSocket handshakes for one engine. */
export class Gateway {
  readonly #engine: Engine;
  readonly #options: ServerOptions;
  readonly #onRefused: (refused: Refusal, request: RequestHead) => void;
  readonly #webSockets: WebSocketGate;
  #middleware: readonly EngineMiddleware[] = [];
  #points: NodeDiagnostics | null = null;
  #isSeen = false;
  #isFlushedAtExit = false;
  readonly #onExit = (): void => this.#flush();

  constructor(
    engine: Engine,
    options: ServerOptions,
    onRefused: (refused: Refusal, request: RequestHead) => void,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#onRefused = onRefused;
    this.#webSockets = new WebSocketGate(options, (request, { status, message }) => {
      const point = this.#points?.webSocketRefused;
      if (point?.active === true) point.publish({ request, status, message });
    });
  }

  /** Publishes at these points from now on. */
  publishAt(points: NodeDiagnostics): void {
    this.#points = points;
  }

  /** Adds a middleware of the application, which may keep references to requests. */
  use(middleware: EngineMiddleware): void {
    this.#isSeen = true;
    this.useOwn(middleware);
  }

  /** Adds a middleware that keeps no reference to requests. */
  useOwn(middleware: EngineMiddleware): void {
    this.#middleware = [...this.#middleware, middleware];
  }

  /** Handles an HTTP request. */
  onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isFlushedAtExit) this.#flushAtExit();
    const exchange = new NodeExchange(request, response, this.#options);
    if (this.#middleware.length === 0) {
      this.#engine.respond(exchange);
      return;
    }
    this.#show(exchange);
    runEngineMiddleware(this.#middleware, { request, response }, (error) => {
      if (error === undefined) this.#engine.respond(exchange);
      else {
        const refused = this.#middlewareFailed(error, exchange);
        const headers = { "content-type": "application/json" };
        exchange.reply({
          status: statusOf(refused),
          headers,
          body: bodyOf(refused),
          compress: false,
        });
      }
    });
  }

  /** Handles a WebSocket handshake. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#isFlushedAtExit) this.#flushAtExit();
    const requestHead = new NodeRequestHead(request, this.#options.keepRequest);
    if (this.#middleware.length === 0) {
      this.#admit(requestHead, socket, { head, response: null });
      return;
    }
    socket.on("error", ignoreError);
    this.#show(requestHead);
    const response = new UpgradeResponse(request, socket);
    runEngineMiddleware(this.#middleware, { request, response }, (error) => {
      if (error === undefined) this.#admit(requestHead, socket, { head, response });
      else refuseUpgrade(socket, this.#middlewareFailed(error, requestHead));
    });
  }

  /** Refuses WebSocket handshakes from now on. */
  close(): void {
    this.#webSockets.close();
    if (!this.#isFlushedAtExit) return;
    this.#isFlushedAtExit = false;
    // Frames of this event-loop turn are still written when the process exits in it.
    setImmediate(() => {
      if (!this.#isFlushedAtExit) forgetAtExit(this.#onExit);
    }).unref();
  }

  /** Accepts WebSocket handshakes again: the HTTP server is listening again. */
  reopen(): void {
    this.#webSockets.reopen();
  }

  #flushAtExit(): void {
    this.#isFlushedAtExit = true;
    flushAtExit(this.#onExit);
  }

  /** Writes the frames that were collected for the end of this event-loop turn. */
  #flush(): void {
    for (const { transport } of this.#engine.connections.values()) {
      if (transport !== null && transport.unsent.length > 0) transport.release();
    }
    this.#webSockets.flush();
  }

  /** Marks the request as read, so that it is kept. */
  #show(head: NodeRequestHead): void {
    if (this.#isSeen) void head.native;
  }

  #middlewareFailed(error: unknown, request: RequestHead): Refusal {
    const refused = refusal(RefusalCode.BAD_REQUEST, { name: "MIDDLEWARE_FAILURE", error });
    const { requestRefused } = this.#engine.points;
    if (requestRefused.active) requestRefused.publish({ refusal: refused, request });
    this.#onRefused(refused, request);
    return refused;
  }

  #admit(
    requestHead: NodeRequestHead,
    socket: Duplex,
    upgrade: { readonly head: Buffer; readonly response: UpgradeResponse | null },
  ): void {
    // Engine middleware may take its time.
    let isGuarded = upgrade.response !== null;
    let isHeard = false;
    this.#engine.admit(requestHead, (outcome) => {
      if (outcome.kind === "refusal") {
        refuseUpgrade(socket, outcome);
        return;
      }
      const { head, response } = upgrade;
      const headers = response === null ? outcome.headers : response.headersWith(outcome.headers);
      this.#webSockets.complete({ request: requestHead.request, socket, head, headers }, (raw) => {
        raw.listen(this.#engine.attach(outcome, raw));
        isHeard = true;
        if (isGuarded) socket.off("error", ignoreError);
      });
    });
    if (isHeard || isGuarded) return;
    isGuarded = true;
    socket.on("error", ignoreError);
  }
}

/** Refuses a handshake: the body is the bare message, the status always 400, as with Socket.IO. */
function refuseUpgrade(socket: Duplex, refused: Refusal): void {
  answerAndClose(
    socket,
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n" +
      `Content-Length: ${Buffer.byteLength(refused.message)}\r\n\r\n${refused.message}`,
  );
}
