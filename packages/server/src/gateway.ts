// Passes the requests of a host to the engine: middleware first, then admission, then the WebSocket handshake, which the
// host completes. Does not check paths.

import {
  bodyOf,
  type Connection,
  type Engine,
  type RawSocket,
  type RawSocketSink,
  type Refusal,
  RefusalCode,
  type ReplyHeaders,
  type RequestHead,
  refusal,
  refusedRequest,
  type SavedConnection,
  statusOf,
  type Ticket,
  type WebTransportSession,
} from "@sockeye/engine";
import { CollectedResponse, type MiddlewareResponse, mergedHeaders } from "./collected-response.ts";
import type { HostDiagnostics } from "./diagnostics.ts";
import { type EngineMiddleware, runEngineMiddleware } from "./engine-middleware.ts";
import type { ServerExchange } from "./exchange.ts";
import type { OriginGuard } from "./foreign-origin.ts";
import type { Forwarder } from "./forward/forwarder.ts";
import { revivedHead } from "./request-record.ts";

/** A WebSocket handshake, implemented by a host. One of `accept` and `refuse` is called, at once or later. */
export interface Upgrade {
  readonly head: RequestHead;
  /** The response that middleware gets; asked for when there is middleware. Ending it refuses the handshake. */
  readonly response: MiddlewareResponse & {
    /** What middleware has set, for a response with this status. */
    finish(status: number): ReplyHeaders;
  };
  /**
   * Completes the handshake with a 101 and these headers, and passes the raw socket to `Gateway.attach` with the ticket.
   * A handshake that is malformed, or whose client has disconnected, is ended instead.
   */
  accept(ticket: Ticket, headers: ReplyHeaders): void;
  /** Answers with that, and closes the network connection after the client could read it. */
  refuse(reply: UpgradeRefusal): void;
}

/** A complete response to a handshake. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/** What the gateway passes on to other servers. */
export interface Forwarding {
  readonly forwarder: Forwarder;
  /** Most bytes of a body. */
  readonly limit: number;
  /** How long the answer to a poll may take, in milliseconds. */
  readonly patience: number;
}

/** What the gateway tells of the application's interest in requests. */
export interface GatewayOwner {
  /** A request was refused before the engine. */
  onRefused(refused: Refusal, request: RequestHead): void;
  /** Closes all connections, and refuses handshakes from then on. */
  close(): unknown;
  /** Is told what middleware has allowed; `null`: origins do not matter. */
  readonly origins: OriginGuard | null;
  /** Sessions of other servers; `null`: they are refused. */
  readonly forwarding: Forwarding | null;
}

/** A request of a session that is open, or was. */
const SESSION = /[?&]sid=/;
/** The answer to a handshake while the server is drained: another server behind the balancer will take it. */
const DRAINING = {
  code: RefusalCode.FORBIDDEN,
  message: "Server is draining",
  headers: { "retry-after": "1" },
} as const;

/** Handles requests and WebSocket handshakes for one engine. */
export class Gateway {
  readonly #engine: Engine;
  readonly #points: HostDiagnostics;
  readonly #owner: GatewayOwner;
  readonly #forwarding: Forwarding | null;
  #middleware: readonly EngineMiddleware[] = [];
  #isSeen = false;
  #isDraining = false;
  #takesSessions = true;

  constructor(engine: Engine, points: HostDiagnostics, owner: GatewayOwner) {
    this.#engine = engine;
    this.#points = points;
    this.#owner = owner;
    this.#forwarding = owner.forwarding;
    owner.forwarding?.forwarder.serve(engine);
  }

  /** Whether there is middleware, which may read any header and set some. */
  get hasMiddleware(): boolean {
    return this.#middleware.length > 0;
  }

  /** The points at which the host publishes. */
  get points(): HostDiagnostics {
    return this.#points;
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

  /** The open connections. */
  get connections(): Iterable<Connection> {
    return this.#engine.connections.values();
  }

  /** Refuses handshakes from now on with 503; requests of open sessions go on. */
  refuseHandshakes(): void {
    this.#isDraining = true;
  }

  /** Handles an HTTP request. */
  onRequest(exchange: ServerExchange): void {
    if (this.#isDraining && !SESSION.test(exchange.head.url)) {
      const headers = { ...DRAINING.headers, "content-type": "application/json" };
      const body = JSON.stringify({ code: DRAINING.code, message: DRAINING.message });
      exchange.reply({ status: 503, headers, body, compress: false });
      return;
    }
    if (this.#middleware.length === 0) {
      this.#respond(exchange);
      return;
    }
    this.#run(exchange.head, exchange.response, (error) => {
      if (error === undefined) this.#respond(exchange);
      else {
        const refused = this.#middlewareFailed(error, exchange.head);
        const headers = { "content-type": "application/json" };
        const body = bodyOf(refused);
        exchange.reply({ status: statusOf(refused), headers, body, compress: false });
      }
    });
  }

  /** Handles a WebSocket handshake. */
  onUpgrade(upgrade: Upgrade): void {
    if (this.#isDraining && !SESSION.test(upgrade.head.url)) {
      const headers = { ...DRAINING.headers, "Content-type": "text/html" };
      upgrade.refuse({ status: 503, headers, body: DRAINING.message });
      return;
    }
    if (this.#middleware.length === 0) {
      this.#admit(upgrade, false);
      return;
    }
    this.#run(upgrade.head, upgrade.response, (error) => {
      if (error === undefined) this.#admit(upgrade, true);
      else refuse(upgrade, this.#middlewareFailed(error, upgrade.head));
    });
  }

  /** Handles a WebTransport session, of which `head` is what is known. Middleware runs when its first packet has come. */
  onSession(session: WebTransportSession, head: RequestHead): void {
    // While the server is drained an upgrade would be moved at once.
    if (!this.#takesSessions || this.#isDraining) {
      session.close();
      return;
    }
    this.#engine.acceptSession(session, head, (proceed) => {
      if (this.#middleware.length === 0) {
        proceed();
        return;
      }
      // The session has been answered: what middleware sets for the response has no effect, and an answer refuses it.
      const response = new CollectedResponse(({ status }) =>
        proceed(refusal(RefusalCode.FORBIDDEN, { name: "MIDDLEWARE_FAILURE", status })),
      );
      this.#run(head, response, (error) => {
        if (error === undefined) proceed();
        else proceed(this.#middlewareFailed(error, head));
      });
    });
  }

  /** Closes WebTransport sessions from now on. */
  refuseSessions(): void {
    this.#takesSessions = false;
  }

  /** Hands over the raw socket of a handshake that was accepted. Returns the sink that `raw.listen` was called with. */
  attach(ticket: Ticket, raw: RawSocket): RawSocketSink {
    const relayed = this.#forwarding?.forwarder.attach(ticket, raw) ?? null;
    return relayed ?? this.#engine.attach(ticket, raw);
  }

  /** An open connection, by its session id: to save it, or to take it down. */
  connection(id: string): Connection | undefined {
    return this.#engine.connections.get(id);
  }

  /** The session ids of the open connections. */
  get sessions(): Iterable<string> {
    return this.#engine.connections.keys();
  }

  /**
   * Sets up a connection again that was saved or taken down; see `Engine.revive`. Its request is of the form that runtimes
   * without a request of Node's kind have.
   * @throws Error `ERR_SAVED_CONNECTION` when it cannot be; then the socket was not touched
   */
  revive(saved: SavedConnection, raw: RawSocket | null): RawSocketSink | null {
    return this.#engine.revive(saved, raw, revivedHead(saved.request));
  }

  /** Reports a handshake that the engine had admitted and the host has refused. */
  reportRefused(head: RequestHead, status: number, message: string): void {
    const { webSocketRefused } = this.#points;
    if (!webSocketRefused.active) return;
    webSocketRefused.publish({ request: head.native, status, message });
  }

  /** Answers the polls for which frames wait, because the process exits before the end of this turn. */
  releasePolls(): void {
    for (const { transport } of this.#engine.connections.values()) {
      if (transport !== null && transport.unsent.length > 0) transport.release();
    }
  }

  /** Closes all connections, as `engine.close()`: what was attached to has closed. */
  close(): void {
    this.#owner.close();
  }

  #respond(exchange: ServerExchange): void {
    const forwarding = this.#forwarding;
    if (forwarding?.forwarder.onRequest(exchange, forwarding) === true) return;
    this.#engine.respond(exchange);
  }

  #run(head: RequestHead, response: MiddlewareResponse, done: (error?: unknown) => void): void {
    // Read by the application, so that the request is kept.
    const request = this.#isSeen ? head.native : (head.borrowed ?? head.native);
    runEngineMiddleware(this.#middleware, { request, response }, (error) => {
      this.#owner.origins?.answered(head, response.getHeader("access-control-allow-origin"));
      done(error);
    });
  }

  #middlewareFailed(error: unknown, request: RequestHead): Refusal {
    const refused = refusal(RefusalCode.BAD_REQUEST, { name: "MIDDLEWARE_FAILURE", error });
    const { requestRefused } = this.#engine.points;
    if (requestRefused.active) requestRefused.publish(refusedRequest(refused, request));
    this.#owner.onRefused(refused, request);
    return refused;
  }

  #admit(upgrade: Upgrade, hasResponse: boolean): void {
    const decide = (outcome: Ticket | Refusal): void => {
      if (outcome.kind === "refusal") refuse(upgrade, outcome);
      else {
        const { headers } = outcome;
        const own = hasResponse ? upgrade.response.finish(101) : null;
        upgrade.accept(outcome, own === null ? headers : mergedHeaders(own, headers));
      }
    };
    if (this.#forwarding?.forwarder.onUpgrade(upgrade.head, decide) === true) return;
    this.#engine.admit(upgrade.head, decide);
  }
}

/** The body is the bare message, the status always 400, as with Socket.IO. */
function refuse(upgrade: Upgrade, { message }: Refusal): void {
  upgrade.refuse({ status: 400, headers: { "Content-type": "text/html" }, body: message });
}
