// The engine: from requests and raw sockets to connections. Hosts call it, one handler above hears of connections.
// It knows no platform, no paths and no CORS (the host's), and nothing of what messages mean.

import { type Clock, Deadlines, IdGenerator } from "@sockeye/portable";
import { type Admission, type AdmissionContext, admit } from "./admission.ts";
import { Connection, type ConnectionContext, type ConnectionIdentity } from "./connection.ts";
import type { ConnectionHandler } from "./connection-handler.ts";
import type { EngineOptions, TransportName } from "./options.ts";
import type { HttpExchange, ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { Framer, RawSocket, RawSocketSink } from "./ports/raw-socket.ts";
import { bodyOf, type Refusal, RefusalCode, refusal, statusOf } from "./refusals.ts";
import { PollingTransport } from "./transports/polling.ts";
import type { Transport } from "./transports/transport.ts";
import { WebSocketTransport } from "./transports/websocket.ts";

/** The answer of `allow`: yes, or no with a text that replaces "Forbidden". */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly message?: string };

/** What the layer above and the host bring to an engine. */
export interface EngineHooks {
  /** A handshake went through. The handler must be returned at once; messages follow later. */
  onConnection(connection: Connection): ConnectionHandler;
  /** A request was turned down. */
  onRefused?(refused: Refusal, request: RequestHead): void;
  /** Decides about handshakes; may take its time. A second decision is ignored. */
  allow?(request: RequestHead, decide: (verdict: Verdict) => void): void;
  /** Makes session ids instead of the built-in generator. */
  makeId?(request: RequestHead): string | Promise<string>;
  /** May add headers to an answer; `which` says whether it is the first of its session. */
  onHeaders?(headers: ReplyHeaders, request: RequestHead, which: "initial" | "later"): void;
  /** May add headers that name the session to the first answer over polling: a cookie for load balancers. */
  onSessionHeaders?(headers: ReplyHeaders, id: string): void;
}

/** What a host brings to an engine. */
export interface EnginePlatform {
  readonly clock: Clock;
  readonly framer: Framer;
  /** Shared with whoever else waits. Default: its own. */
  readonly deadlines?: Deadlines;
  /** Calls back when what was sent in this turn of the event loop has been written. Default: after a moment. */
  afterTurn?(callback: () => void): void;
}

/** Permission to complete a WebSocket handshake; valid for one `attach`. */
export interface Ticket {
  readonly kind: "ticket";
  readonly request: RequestHead;
  /** Headers for the 101 response. */
  readonly headers: ReplyHeaders;
  readonly admission: Exclude<Admission, Refusal>;
  readonly id: string | null;
}

/** Connections by session id, and the ways in. */
export class Engine {
  readonly deadlines: Deadlines;
  readonly connections: Map<string, Connection> = new Map();
  readonly #options: EngineOptions;
  readonly #platform: EnginePlatform;
  readonly #hooks: EngineHooks;
  readonly #ids = new IdGenerator();
  readonly #context: ConnectionContext;
  readonly #admission: AdmissionContext;
  readonly #pollingTerms: string;
  readonly #webSocketTerms: string;

  constructor(options: EngineOptions, platform: EnginePlatform, hooks: EngineHooks) {
    this.#options = options;
    this.#platform = platform;
    this.#hooks = hooks;
    this.deadlines = platform.deadlines ?? new Deadlines(platform.clock);
    this.#admission = { transports: options.transports, connections: this.connections };
    this.#pollingTerms = termsOf(options, "polling");
    this.#webSocketTerms = termsOf(options, "websocket");
    this.#context = {
      deadlines: this.deadlines,
      pingInterval: options.pingInterval,
      pingTimeout: options.pingTimeout,
      upgradeTimeout: options.upgradeTimeout,
      maxSendBufferSize: options.maxSendBufferSize,
      clock: platform.clock,
      afterTurn: (callback) => {
        if (platform.afterTurn !== undefined) platform.afterTurn(callback);
        else platform.clock.after(0, callback);
      },
      onClosed: (connection) => this.connections.delete(connection.id),
    };
  }

  /** Takes a plain HTTP request and answers it, now or later. */
  respond(exchange: HttpExchange): void {
    const admission = admit(exchange, "http", this.#admission);
    switch (admission.kind) {
      case "refusal":
        this.#refuse(exchange, admission);
        return;
      case "session":
        admission.connection.onRequest(exchange);
        return;
      case "handshake":
        this.#prepare(exchange, admission, (outcome) => {
          if (typeof outcome !== "string") this.#refuse(exchange, outcome);
          else this.#openPolling(exchange, outcome, admission);
        });
        return;
    }
  }

  /**
   * Decides about a WebSocket handshake before it is completed. `decide` is called once, now or later:
   * with a ticket, to be given to `attach` together with the raw socket; or with a refusal.
   */
  admit(request: RequestHead, decide: (outcome: Ticket | Refusal) => void): void {
    const admission = admit(request, "upgrade", this.#admission);
    if (admission.kind === "refusal") {
      this.#hooks.onRefused?.(admission, request);
      decide(admission);
    } else if (admission.kind === "session") {
      decide(this.#ticket(request, admission, null));
    } else {
      this.#prepare(request, admission, (outcome) => {
        if (typeof outcome === "string") decide(this.#ticket(request, admission, outcome));
        else {
          this.#hooks.onRefused?.(outcome, request);
          decide(outcome);
        }
      });
    }
  }

  /** Takes the raw socket of an admitted handshake; returns what the host must call from then on. */
  attach(ticket: Ticket, raw: RawSocket): RawSocketSink {
    const { admission } = ticket;
    const transport = new WebSocketTransport(raw, this.#platform.framer, admission.format);
    if (admission.transport !== "websocket") {
      transport.end();
    } else if (admission.kind === "session") {
      // The session may have ended or moved since it was admitted; the connection's state decides.
      admission.connection.onCandidate(transport);
    } else if (this.connections.has(ticket.id as string)) {
      // Ids may be the application's, and another peer may have been given this one since.
      transport.end();
    } else {
      const { revision } = admission;
      this.#open({ id: ticket.id as string, request: ticket.request, revision }, transport);
    }
    return transport;
  }

  /** Closes every connection at once. */
  close(): void {
    for (const connection of [...this.connections.values()]) connection.close("discard");
  }

  #refuse(exchange: HttpExchange, refused: Refusal): void {
    this.#hooks.onRefused?.(refused, exchange);
    exchange.reply({
      status: statusOf(refused),
      headers: { "content-type": "application/json" },
      body: bodyOf(refused),
      compress: false,
    });
  }

  /** Runs what users may decide about a handshake; ends with an id or a refusal. */
  #prepare(
    request: RequestHead,
    admission: Extract<Admission, { kind: "handshake" }>,
    done: (outcome: string | Refusal) => void,
  ): void {
    const { allow } = this.#hooks;
    if (allow === undefined) {
      this.#identify(request, admission, done);
      return;
    }
    let isDecided = false;
    allow.call(this.#hooks, request, (verdict) => {
      if (isDecided) return;
      isDecided = true;
      if (verdict.allowed) this.#identify(request, admission, done);
      else {
        const { message } = verdict;
        done(refusal(RefusalCode.FORBIDDEN, { message }, message));
      }
    });
  }

  #identify(
    request: RequestHead,
    { revision }: Extract<Admission, { kind: "handshake" }>,
    done: (outcome: string | Refusal) => void,
  ): void {
    if (revision === 3 && !this.#options.allowEIO3) {
      done(refusal(RefusalCode.UNSUPPORTED_PROTOCOL_VERSION, { protocol: revision }));
      return;
    }
    if (this.#hooks.makeId === undefined) {
      done(this.#ids.next());
      return;
    }
    let made: unknown;
    try {
      made = this.#hooks.makeId(request);
    } catch (error) {
      done(noId(error));
      return;
    }
    if (typeof made === "string") done(this.#idOrRefusal(made));
    else {
      Promise.resolve(made).then(
        (id) => done(this.#idOrRefusal(id)),
        (error: unknown) => done(noId(error)),
      );
    }
  }

  /** An id of the application's may be anything. */
  #idOrRefusal(id: unknown): string | Refusal {
    if (typeof id !== "string") return noId(new TypeError("a session id must be a string"));
    return this.connections.has(id) ? noId(new Error("the session id is in use")) : id;
  }

  #ticket(request: RequestHead, admission: Exclude<Admission, Refusal>, id: string | null): Ticket {
    const headers: ReplyHeaders = {};
    const which = admission.kind === "handshake" ? "initial" : "later";
    this.#hooks.onHeaders?.(headers, request, which);
    return { kind: "ticket", request, headers, admission, id };
  }

  #openPolling(
    exchange: HttpExchange,
    id: string,
    { format, revision }: Extract<Admission, { kind: "handshake" }>,
  ): void {
    // Whoever decided about the handshake may have taken longer than the peer waited.
    if (exchange.isAborted) return;
    // Asked for before anybody hears of the connection, as for a WebSocket.
    let first: ReplyHeaders | null = {};
    let connection: Connection | null = null;
    this.#hooks.onSessionHeaders?.(first, id);
    this.#hooks.onHeaders?.(first, exchange, "initial");
    const transport = new PollingTransport({
      maxHttpBufferSize: this.#options.maxHttpBufferSize,
      format,
      decorate: (headers, each) => {
        if (first === null) {
          this.#hooks.onHeaders?.(headers, each, "later");
          connection?.observer?.onHeaders?.(headers, each);
        } else Object.assign(headers, first);
        first = null;
      },
    });
    connection = this.#open({ id, request: exchange, revision }, transport);
    transport.onRequest(exchange);
  }

  #open(identity: ConnectionIdentity, transport: Transport): Connection {
    const connection = new Connection(identity, transport, this.#context);
    this.connections.set(identity.id, connection);
    transport.send(this.#handshake(identity.id, transport.name), true);
    if (this.#options.initialPacket !== undefined) connection.send(this.#options.initialPacket);
    connection.start(this.#hooks.onConnection(connection));
    return connection;
  }

  #handshake(sid: string, transport: TransportName): string {
    const terms = transport === "polling" ? this.#pollingTerms : this.#webSocketTerms;
    return `0{"sid":${JSON.stringify(sid)},${terms}`;
  }
}

/** What stands behind the id in the first packet of a session; the same for all of a transport. */
function termsOf(options: EngineOptions, transport: TransportName): string {
  const { pingInterval, pingTimeout, maxHttpBufferSize, allowUpgrades, transports } = options;
  const canUpgrade = transport === "polling" && allowUpgrades && transports.includes("websocket");
  const upgrades = canUpgrade ? ["websocket"] : [];
  const maxPayload = maxHttpBufferSize;
  return JSON.stringify({ upgrades, pingInterval, pingTimeout, maxPayload }).slice(1);
}

function noId(error: unknown): Refusal {
  return refusal(RefusalCode.BAD_REQUEST, { name: "ID_GENERATION_ERROR", error });
}
