// The typed faces of socket and manager. In one file because each names the other.

import type {
  AllButLast,
  CatchAllListening,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  IncomingCatchAllListening,
  Last,
  NoEvents,
  UntypedListener,
} from "@sockeye/events";
import type { BaseSession, EngineSession } from "../engine-io/socket.ts";
import type { Auth, ManagerOptions, SocketOptions } from "../options.ts";
import type { Outbox } from "../outbox/event-queue.ts";
import type { SentPacket } from "../socket-manager.ts";
import type { Status } from "../status.ts";
import type { ClientListening } from "./listening.ts";
import type { ManagerReservedEvents, SocketReservedEvents } from "./reserved-events.ts";

/** A setting that can be read and, given a value, changed. */
interface Setting<Value, Owner> {
  (value: Value): Owner;
  (): Value;
  (value?: Value): Owner | Value;
}

/** What the managers of all entries have: everything but options and sockets, which differ. */
export interface BaseManager extends ClientListening<NoEvents, ManagerReservedEvents> {
  /**
   * The session in use, or the last one. Present from the first attempt to connect on.
   * @example console.log(manager.engine.id);
   */
  readonly engine: BaseSession;
  /**
   * Where the connection stands; the event `status` notifies of each new one.
   * @example if (manager.status.state === "waiting") showCountdown(manager.status.until);
   */
  readonly status: Status;
  /**
   * The state of the connection in the words of Socket.IO. Waiting for the next attempt is `"closed"`.
   * @example console.log(manager._readyState); // "open"
   */
  readonly _readyState: "opening" | "open" | "closed";
  /**
   * Whether to reconnect. Default `true`. Turned off, it ends the attempts that are waited for as well.
   * @example manager.reconnection(false);
   */
  readonly reconnection: Setting<boolean, this>;
  /**
   * Attempts before giving up, after which `reconnect_failed` is raised. Default `Infinity`.
   * @example manager.reconnectionAttempts(10);
   */
  readonly reconnectionAttempts: Setting<number, this>;
  /**
   * Milliseconds before the first attempt; doubled for each further one. Default 1000.
   * @example manager.reconnectionDelay(2000);
   */
  readonly reconnectionDelay: Setting<number, this>;
  /**
   * Most milliseconds before an attempt. Default 5000.
   * @example manager.reconnectionDelayMax(30_000);
   */
  readonly reconnectionDelayMax: Setting<number, this>;
  /**
   * By how much delays are spread, as a part of them, 0 to 1. Default 0.5.
   * @example manager.randomizationFactor(0.2);
   */
  readonly randomizationFactor: Setting<number, this>;
  /**
   * Milliseconds that an attempt may take; `false` for no limit. Default 20 000.
   * @example manager.timeout(5000);
   */
  readonly timeout: Setting<number | boolean, this>;
  /**
   * Connects, unless connected or connecting.
   * @param done called once, when connected, or with an error; an attempt that was asked for in this way is not repeated
   * when it fails
   * @returns the manager
   * @example manager.open((error) => console.log(error ? "failed" : "connected"));
   */
  open(done?: (err?: Error) => void): this;
  /**
   * The same as `open`.
   * @example manager.connect();
   */
  connect(done?: (err?: Error) => void): this;
}

/**
 * Keeps a connection to a server, connects again when it is lost, and shares it between the sockets of its namespaces. It
 * has the type parameters of Socket.IO's manager; as there, they do not apply to its sockets, whose namespaces have events
 * of their own.
 * @example
 * const manager = new Manager("https://example.com");
 * const chat = manager.socket("/chat");
 */
export interface Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  _EmitEvents extends EventsMap = ListenEvents,
> extends BaseManager {
  /**
   * The session in use, or the last one. Present from the first attempt to connect on.
   * @example console.log(manager.engine.transport.name); // "websocket"
   */
  readonly engine: EngineSession;
  /**
   * The options, read anew for every connection that is made; may be changed.
   * @example manager.opts.query = { page: location.pathname };
   */
  readonly opts: ManagerOptions;
  /**
   * The socket of a namespace; always the same one. It connects unless `autoConnect` is off.
   * @param nsp name of the namespace, with its leading slash
   * @param options credentials and what is kept; of the first call for a namespace
   * @throws TypeError `ERR_OPTION` for an option of a wrong type
   * @example const admin = manager.socket<AdminToClient, ClientToAdmin>("/admin");
   */
  socket<
    NamespaceListenEvents extends EventsMap = DefaultEventsMap,
    NamespaceEmitEvents extends EventsMap = NamespaceListenEvents,
  >(nsp: string, options?: SocketOptions): Socket<NamespaceListenEvents, NamespaceEmitEvents>;
}

/** What the sockets of all entries have. */
export interface BaseSocket<ListenEvents extends EventsMap, EmitEvents extends EventsMap>
  extends ClientListening<ListenEvents, SocketReservedEvents>,
    IncomingCatchAllListening {
  /**
   * Name of the namespace, with its leading slash.
   * @example console.log(io("/admin").nsp); // "/admin"
   */
  readonly nsp: string;
  /**
   * Id of the socket, the same on the server; another one for each connection, and `undefined` while disconnected.
   * @example socket.on("connect", () => console.log(socket.id));
   */
  id: string | undefined;
  /**
   * Whether the namespace has been joined.
   * @example button.disabled = !socket.connected;
   */
  readonly connected: boolean;
  /**
   * The opposite of `connected`.
   * @example if (socket.disconnected) socket.connect();
   */
  readonly disconnected: boolean;
  /**
   * Whether the socket is connected, or will be as soon as there is a connection.
   * @example socket.on("disconnect", () => console.log(socket.active ? "reconnecting" : "ended"));
   */
  readonly active: boolean;
  /**
   * Where the socket stands.
   * @example if (socket.status.state === "closed" && socket.status.advice === "connect") socket.connect();
   */
  readonly status: Status;
  /**
   * Calls `listener` with each new status. Not an event, because the names of a socket's events are the application's.
   * @returns a function that ends it
   * @example const stop = socket.onStatus(({ state }) => console.log(state));
   */
  onStatus(listener: (status: Status) => void): () => void;
  /**
   * Whether this connection took up the state of the one before: missed events were delivered, rooms are joined.
   * @example socket.on("connect", () => { if (!socket.recovered) socket.emit("subscribe", topics); });
   */
  recovered: boolean;
  /**
   * Credentials that are sent when the namespace is joined; may be changed between connections.
   * @example socket.auth = { token: await freshToken() };
   */
  auth: Auth | undefined;
  /**
   * Events that came before the server's answer to the connection; delivered with it.
   * @example console.log(`${socket.receiveBuffer.length} events wait for connect`);
   */
  receiveBuffer: unknown[][];
  /**
   * Packets emitted while not connected; sent when connected. At most `maxSendBufferLength`.
   * @example console.log(`${socket.sendBuffer.length} events wait for the connection`);
   */
  sendBuffer: SentPacket[];
  /**
   * The next event is dropped unless the transport can take it at once, and never kept.
   * @example socket.volatile.emit("cursor", x, y);
   */
  readonly volatile: this;
  /**
   * Connects; needed after `autoConnect: false` and after a disconnection that either side asked for.
   * @returns the socket
   * @example socket.connect();
   */
  connect(): this;
  /**
   * The same as `connect`.
   * @example socket.open();
   */
  open(): this;
  /**
   * Leaves the namespace, and does not reconnect. The connection ends with its last active socket.
   * @returns the socket
   * @example socket.disconnect();
   */
  disconnect(): this;
  /**
   * The same as `disconnect`.
   * @example socket.close();
   */
  close(): this;
  /**
   * Sends an event; keeps it until there is a connection.
   * @param event name of the event
   * @param args what can be sent as JSON, and binary; a function as last argument is called with the acknowledgement
   * @returns the socket
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the name itself, TypeError `ERR_EVENT_NAME` when it is no
   * name (not in minified builds), TypeError for data that cannot be encoded
   * @example socket.emit("hello", "world", (answer) => console.log(answer));
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): this;
  /**
   * Sends an event that has an acknowledgement.
   * @returns a promise of the first argument of the acknowledgement. It rejects with `ERR_DISCONNECTED` when the connection
   * is lost, with `ERR_ACK_TIMEOUT` when the time of `timeout()` is up, with `ERR_BUFFER_FULL` when the event cannot be
   * kept, and with what `emit` throws
   * @example const answer = await socket.timeout(1000).emitWithAck("question", "how are you?");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /**
   * Emits the event `message`. Like Socket.IO's, it takes anything.
   * @returns the socket
   * @throws TypeError for data that cannot be encoded
   * @example socket.send("hello");
   */
  send(...args: Parameters<UntypedListener>): this;
}

/**
 * Sends events to, and receives events from, one namespace of the server.
 *
 * @typeParam ListenEvents - events that the server sends
 * @typeParam EmitEvents - events that the server listens to
 */
export interface Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends BaseSocket<ListenEvents, EmitEvents>,
    CatchAllListening {
  /**
   * The manager whose connection this socket shares.
   * @example socket.io.on("reconnect_attempt", (attempt) => console.log(attempt));
   */
  readonly io: Manager<ListenEvents, EmitEvents>;
  /**
   * The events that are not yet sent, or not yet acknowledged where they are sent until they are.
   * @example if (socket.outbox.size > 0) showBadge(socket.outbox.size);
   */
  readonly outbox: Outbox;
  /**
   * Whether the next event may be compressed. Default `true`, where the transport can.
   * @example socket.compress(false).emit("image", jpeg);
   */
  compress(compress: boolean): this;
  /**
   * Limits the time in which the next event must be acknowledged. The callback takes an error in front: `ERR_ACK_TIMEOUT`
   * when the time is up, `ERR_DISCONNECTED` when the connection is lost before, else `null`.
   * @param timeout milliseconds. Without it there is no limit, unless `ackTimeout` is set.
   * @example
   * socket.timeout(5000).emit("question", (error, answer) => {
   *   if (error) console.log("no answer within five seconds");
   * });
   */
  timeout(timeout: number): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
}
