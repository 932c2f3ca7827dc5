// The engine: turns requests and raw sockets into connections. Hosts call it; the layer above receives the connections.
// It knows no platform, no paths, no CORS (the host's), and not the meaning of messages.

import { Deadlines } from "@sockeye/portable";
import { textToFrame, type WireFormat } from "@sockeye/protocol";
import {
  type Admission,
  type AdmissionContext,
  admit,
  admitSession,
  engineQuery,
} from "./admission.ts";
import { Connection } from "./connection.ts";
import type { ConnectionContext, ConnectionIdentity } from "./connection-context.ts";
import type { ConnectionHandler } from "./connection-handler.ts";
import { createEngineDiagnostics, type EngineDiagnostics } from "./diagnostics.ts";
import { DrainWaiters } from "./drain-waiters.ts";
import type { EnginePlatform } from "./engine-platform.ts";
import { engineError } from "./errors.ts";
import { type HandshakeHooks, Handshakes } from "./handshakes.ts";
import { Lingers } from "./lingers.ts";
import { termsOf } from "./open-packet.ts";
import type { EngineOptions } from "./options.ts";
import type { HttpExchange, ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { RawSocket, RawSocketSink } from "./ports/raw-socket.ts";
import type { WebTransportSession } from "./ports/web-transport.ts";
import { refusedRequest } from "./refusal-hints.ts";
import { bodyOf, type Refusal, statusOf } from "./refusals.ts";
import { SAVED_VERSION, type SavedConnection } from "./saved-connection.ts";
import { RevivedRequest } from "./saved-request.ts";
import { SendLimits } from "./send-limits.ts";
import { type SessionGuard, SessionOpenings } from "./session-openings.ts";
import { SlowReaders } from "./slow-readers.ts";
import type { Ticket } from "./ticket.ts";
import { TotalLimit, totalLimitOf } from "./total-limit.ts";
import { ownKinds, POLLING, type TransportKind, WEBSOCKET } from "./transports/kinds.ts";
import { PollingTransport } from "./transports/polling.ts";
import type { Transport } from "./transports/transport.ts";
import { WebSocketTransport } from "./transports/websocket.ts";

// How long a client may take to fetch the end of its session; the time is Socket.IO's.
const LINGER = 30_000;

/** The closing of a connection that the layer above refused. */
const NO_HANDLER: ConnectionHandler = { onMessage: () => {}, onClose: () => {} };

/** Callbacks of the layer above and of the host. */
export interface EngineHooks extends HandshakeHooks {
  /** A connection was opened. Returns its handler synchronously; messages follow later. */
  onConnection(connection: Connection): ConnectionHandler;
  /** A connection was set up again from `data` of its earlier handler's `save`. Default: as `onConnection`. */
  onRevived?(connection: Connection, data: unknown): ConnectionHandler;
  /** A request was refused. */
  onRefused?(refused: Refusal, request: RequestHead): void;
  /** May add headers to a response; `which` says whether it is the first of its session. */
  onHeaders?(headers: ReplyHeaders, request: RequestHead, which: "initial" | "later"): void;
  /** May add headers with the session id to the first polling response: a cookie for load balancers. */
  onSessionHeaders?(headers: ReplyHeaders, id: string, request: RequestHead): void;
}

/** The connections by session id, and the entry points for hosts. */
export class Engine {
  readonly deadlines: Deadlines;
  readonly connections: Map<string, Connection> = new Map();
  /** The diagnostics points of this engine. */
  readonly points: EngineDiagnostics;
  readonly #options: EngineOptions;
  readonly #platform: EnginePlatform;
  readonly #hooks: EngineHooks;
  readonly #context: ConnectionContext;
  readonly #admission: AdmissionContext;
  readonly #handshakes: Handshakes;
  readonly #openings: SessionOpenings;
  /** The part of the open packet after the session id, by the kind of transport. */
  readonly #terms: ReadonlyMap<TransportKind, string>;

  constructor(options: EngineOptions, platform: EnginePlatform, hooks: EngineHooks) {
    this.#options = options;
    this.#platform = platform;
    this.#hooks = hooks;
    this.deadlines = platform.deadlines ?? new Deadlines(platform.clock);
    this.points = platform.diagnostics ?? createEngineDiagnostics();
    const { transports: names } = options;
    const isOn = ({ name }: TransportKind): boolean => names.some((each) => each === name);
    const transports = [...ownKinds.filter(isOn), ...(platform.transports ?? [])];
    this.#admission = { transports, connections: this.connections, hooks };
    this.#terms = new Map(transports.map((kind) => [kind, termsOf(options, kind, transports)]));
    const afterTurn = (callback: () => void): void => {
      if (platform.afterTurn !== undefined) platform.afterTurn(callback);
      else platform.clock.after(0, callback);
    };
    const onFault = (error: unknown): void => this.#onFault(error);
    const total = new TotalLimit(totalLimitOf(options.maxTotalSendBufferSize, platform), {
      connections: this.connections,
      afterTurn,
      onFault,
    });
    const owner = {
      allowEIO3: options.allowEIO3,
      hooks,
      hasSession: (id: string) => this.connections.has(id),
      onFault,
    };
    this.#handshakes = new Handshakes(owner, platform.fillRandom);
    this.#context = {
      clock: platform.clock,
      deadlines: this.deadlines,
      pingInterval: options.pingInterval,
      pingTimeout: options.pingTimeout,
      upgradeTimeout: options.upgradeTimeout,
      maxSendBufferSize: options.maxSendBufferSize,
      limits: new SendLimits(options.maxSendBufferSize, afterTurn, onFault),
      total,
      slowReaders: new SlowReaders(platform.clock, total, onFault),
      drains: new DrainWaiters(afterTurn),
      lingers: new Lingers(this.deadlines, LINGER),
      points: this.points,
      onFault,
      onClosed: (connection: Connection) => this.#forget(connection),
    };
    this.#openings = new SessionOpenings({
      deadlines: this.deadlines,
      upgradeTimeout: options.upgradeTimeout,
      maxHttpBufferSize: options.maxHttpBufferSize,
      collect: platform.collect,
      onFault,
      admitSession: (request, sid, decide) =>
        this.#decide(request, admitSession(request, sid, this.#admission), decide),
      adopt: (ticket, transport) => this.adopt(ticket, transport),
      reportRefused: (refused, request) => this.#reportRefused(refused, request),
    });
  }

  /** Handles a plain HTTP request and answers it, synchronously or later. */
  respond(exchange: HttpExchange): void {
    const admission = admit(exchange.head, "http", this.#admission);
    switch (admission.kind) {
      case "refusal":
        this.#refuse(exchange, admission);
        return;
      case "session":
        admission.connection.onRequest(exchange);
        return;
      case "handshake":
        this.#handshakes.prepare(exchange.head, admission, (outcome) => {
          if (typeof outcome !== "string") this.#refuse(exchange, outcome);
          else this.#openPolling(exchange, outcome, admission);
        });
        return;
    }
  }

  /**
   * Decides about a handshake before the host completes it. `decide` is called once, synchronously or later: with a
   * ticket, to be passed to `attach` with the raw socket (or to `adopt` with a transport), or with a refusal.
   */
  admit(request: RequestHead, decide: (outcome: Ticket | Refusal) => void): void {
    this.#decide(request, admit(request, "upgrade", this.#admission), decide);
  }

  /**
   * Accepts a WebTransport session. Its first packet opens a connection or begins an upgrade, once `guard` has let it
   * pass. `request` describes the session to the application.
   */
  acceptSession(
    session: WebTransportSession,
    request: RequestHead,
    guard: SessionGuard = (proceed) => proceed(),
  ): void {
    this.#openings.accept(session, request, guard);
  }

  #decide(
    request: RequestHead,
    admission: Admission,
    decide: (outcome: Ticket | Refusal) => void,
  ): void {
    if (admission.kind === "refusal") {
      this.#reportRefused(admission, request);
      decide(admission);
    } else if (admission.kind === "session") {
      decide(this.#ticket(request, admission, null));
    } else {
      this.#handshakes.prepare(request, admission, (outcome) => {
        if (typeof outcome === "string") decide(this.#ticket(request, admission, outcome));
        else {
          this.#reportRefused(outcome, request);
          decide(outcome);
        }
      });
    }
  }

  /**
   * Accepts the raw socket of an admitted WebSocket handshake. Calls `raw.listen` before anything else of it; returns the
   * same sink.
   */
  attach(ticket: Ticket, raw: RawSocket): RawSocketSink {
    const transport = new WebSocketTransport(raw, this.#platform.framer, ticket.admission.format);
    raw.listen(transport);
    this.adopt(ticket, transport);
    return transport;
  }

  /** Accepts a transport whose handshake was admitted. A transport of another kind than requested is closed. */
  adopt(ticket: Ticket, transport: Transport): void {
    const { admission } = ticket;
    if (admission.transport !== transport.kind) transport.end("closing");
    // The session may have ended or moved since it was admitted; the connection's state decides.
    else if (admission.kind === "session") admission.connection.onCandidate(transport);
    // Ids may come from the application, which may have given this one to another client since.
    else if (this.connections.has(ticket.id as string)) transport.end("closing");
    else {
      const { revision } = admission;
      const identity = { id: ticket.id as string, request: ticket.request, revision };
      this.#start(this.#open(identity, transport));
    }
  }

  /**
   * Sets up a connection again that `Connection.save` or `Connection.release` made data of, over the WebSocket that it had,
   * or over polling. Its client is sent nothing. `raw.listen` is called before anything else of the socket.
   * @param saved the data; `JSON.parse(JSON.stringify(data))` is the same
   * @param raw the socket of a WebSocket; `null` for polling
   * @param request the first request; by default one made from the data
   * @returns the sink that `raw.listen` was called with, or `null` for polling
   * @throws Error `ERR_SAVED_CONNECTION` when the data are of another version, or for a session or a transport that
   * cannot be; then the socket was not touched
   * @example const sink = engine.revive(JSON.parse(text), new RawSocketOver(socket));
   */
  revive(
    saved: SavedConnection,
    raw: RawSocket | null,
    request: RequestHead = new RevivedRequest(saved.request),
  ): RawSocketSink | null {
    const { id, revision } = saved;
    const { kind, parameters, frames } = saved.transport;
    const wrong = this.#faultIn(saved, raw);
    if (wrong !== null) throw engineError("ERR_SAVED_CONNECTION", wrong);
    const { format } = engineQuery(`?EIO=${revision}&transport=${kind}&${parameters}`);
    const identity = { id, request, revision };
    const sink = raw && new WebSocketTransport(raw, this.#platform.framer, format);
    const transport = sink ?? this.#polling(id, format, { initial: null, owner: () => connection });
    if (sink !== null) raw?.listen(sink);
    for (const frame of frames) transport.send(textToFrame(frame), true);
    const connection: Connection = new Connection(identity, transport, this.#context);
    this.connections.set(id, connection);
    this.#start(connection, saved);
    return sink;
  }

  #faultIn({ id, transport, version }: SavedConnection, raw: RawSocket | null): string | null {
    if (version !== SAVED_VERSION) return `their version is ${version}, not ${SAVED_VERSION}`;
    if (this.connections.has(id)) return "its session is here already";
    const { kind: name } = transport;
    if (!this.#admission.transports.some((kind) => kind.name === name)) {
      return `the transport "${name}" is not enabled`;
    }
    const isFitting = raw === null ? name === POLLING.name : name === WEBSOCKET.name;
    return isFitting ? null : `its transport is "${name}"`;
  }

  /** Terminates every connection. */
  close(): void {
    this.#openings.close();
    for (const connection of [...this.connections.values()]) connection.close("discard");
  }

  #forget(connection: Connection): void {
    const { drains, limits, lingers } = this.#context;
    this.deadlines.disarm(connection);
    drains.forget(connection);
    limits.forget(connection);
    lingers.forget(connection);
    this.connections.delete(connection.id);
  }

  #onFault(error: unknown): void {
    const { failed } = this.points;
    if (failed.active) failed.publish({ error });
    try {
      if (this.#platform.onFault === undefined) surface(error);
      else this.#platform.onFault(error);
    } catch (another) {
      surface(another);
    }
  }

  /** Reports a request that was refused. */
  #reportRefused(refused: Refusal, request: RequestHead): void {
    const { requestRefused } = this.points;
    if (requestRefused.active) requestRefused.publish(refusedRequest(refused, request));
    this.#hooks.onRefused?.(refused, request);
  }

  #refuse(exchange: HttpExchange, refused: Refusal): void {
    this.#reportRefused(refused, exchange.head);
    exchange.reply({
      status: statusOf(refused),
      headers: { "content-type": "application/json" },
      body: bodyOf(refused),
      compress: false,
    });
  }

  #ticket(request: RequestHead, admission: Exclude<Admission, Refusal>, id: string | null): Ticket {
    const headers: ReplyHeaders = {};
    const which = admission.kind === "handshake" ? "initial" : "later";
    // A session of WebTransport has been answered already.
    if (admission.transport.arrival !== "session") this.#hooks.onHeaders?.(headers, request, which);
    return { kind: "ticket", request, headers, admission, id };
  }

  #openPolling(
    exchange: HttpExchange,
    id: string,
    { format, revision }: Extract<Admission, { kind: "handshake" }>,
  ): void {
    // The client may have disconnected before the decision.
    if (exchange.isAborted) return;
    const { head } = exchange;
    // Before the layer above gets the connection, as for a WebSocket.
    const first: ReplyHeaders = {};
    this.#hooks.onSessionHeaders?.(first, id, head);
    this.#hooks.onHeaders?.(first, head, "initial");
    const transport = this.#polling(id, format, { initial: first, owner: () => connection });
    const connection = this.#open({ id, request: head, revision }, transport);
    // The handshake is answered first, without other packets, before the layer above can close the connection.
    transport.onRequest(exchange);
    this.#start(connection);
  }

  /** The polling transport of a session; `initial`: the headers of its first answer, unless that was given already. */
  #polling(
    id: string,
    format: WireFormat,
    made: { readonly initial: ReplyHeaders | null; readonly owner: () => Connection },
  ): PollingTransport {
    let first = made.initial;
    return new PollingTransport({
      maxHttpBufferSize: this.#options.maxHttpBufferSize,
      format,
      decorate: (headers, each) => {
        if (first === null) {
          this.#hooks.onHeaders?.(headers, each, "later");
          made.owner().onReplyHeaders(headers, each);
        } else Object.assign(headers, first);
        first = null;
      },
      onTooLarge: () => this.#onTooLarge(id),
      platform: this.#platform,
    });
  }

  #onTooLarge(id: string): void {
    const { limitHit } = this.points;
    const connection = this.connections.get(id);
    if (!limitHit.active || connection === undefined) return;
    const value = this.#options.maxHttpBufferSize;
    limitHit.publish({ connection, limit: "maxHttpBufferSize", value });
  }

  /** Creates a connection, and sends the open packet. */
  #open(identity: ConnectionIdentity, transport: Transport): Connection {
    const connection = new Connection(identity, transport, this.#context);
    this.connections.set(identity.id, connection);
    const terms = this.#terms.get(transport.kind) as string;
    transport.send(`0{"sid":${JSON.stringify(identity.id)},${terms}`, true);
    if (this.#options.initialPacket !== undefined) connection.send(this.#options.initialPacket);
    return connection;
  }

  /** Passes a connection to the layer above, and starts it. */
  #start(connection: Connection, saved?: SavedConnection): void {
    const { connectionOpened, connectionRevived } = this.points;
    const point = saved === undefined ? connectionOpened : connectionRevived;
    if (point.active) point.publish({ connection });
    let handler = NO_HANDLER;
    try {
      handler =
        saved === undefined || this.#hooks.onRevived === undefined
          ? this.#hooks.onConnection(connection)
          : this.#hooks.onRevived(connection, saved.handler);
    } catch (error) {
      connection.close("discard");
      this.#onFault(error);
    }
    connection.start(handler, saved);
  }
}

/** Rethrows an error as an uncaught one, outside the current stack. */
function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
