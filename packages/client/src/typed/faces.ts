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
  Last,
  NoEvents,
  UntypedListener,
} from "@sockeye/events";
import type { EngineSocket } from "../engine-io/socket.ts";
import type { Auth, ManagerOptions, SocketOptions } from "../options.ts";
import type { Outbox } from "../outbox/event-queue.ts";
import type { SentPacket } from "../socket.ts";
import type { Status } from "../status.ts";
import type { ClientListening } from "./listening.ts";
import type { ManagerReservedEvents, SocketReservedEvents } from "./reserved-events.ts";

/** A setting that can be read and, given a value, changed. */
export interface Setting<Value, Owner> {
  (value: Value): Owner;
  (): Value;
  (value?: Value): Owner | Value;
}

/** A session, as `manager.engine` shows it. */
export type EngineSession = Omit<EngineSocket, "hostname" | "port" | "secure">;

/**
 * Keeps a connection to a server, and shares it between sockets. It has the type parameters of Socket.IO's manager;
 * as there, they say nothing of its sockets, whose namespaces have events of their own.
 */
export interface Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  _EmitEvents extends EventsMap = ListenEvents,
> extends ClientListening<NoEvents, ManagerReservedEvents> {
  /** The session in use, or the last one. Present from the first attempt to connect on. */
  readonly engine: EngineSession;
  /** Read anew for every connection that is made; may be changed. */
  readonly opts: ManagerOptions;
  /** Where the connection stands; the event `status` notifies of each new one. */
  readonly status: Status;
  /** The state of the connection in the words of Socket.IO. */
  readonly _readyState: "opening" | "open" | "closed";
  /** Whether to reconnect. Turned off, it ends the attempts under way as well. */
  readonly reconnection: Setting<boolean, this>;
  /** Attempts before giving up. */
  readonly reconnectionAttempts: Setting<number, this>;
  /** Milliseconds before the first attempt. */
  readonly reconnectionDelay: Setting<number, this>;
  /** Most milliseconds before an attempt. */
  readonly reconnectionDelayMax: Setting<number, this>;
  /** Randomisation of the delay, 0 to 1. */
  readonly randomizationFactor: Setting<number, this>;
  /** Milliseconds that an attempt may take; `false` for no limit. */
  readonly timeout: Setting<number | boolean, this>;
  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: (err?: Error) => void): this;
  /** The same as `open`. */
  connect(done?: (err?: Error) => void): this;
  /**
   * The socket of a namespace; always the same one.
   * @example const admin = manager.socket<AdminToClient, ClientToAdmin>("/admin");
   */
  socket<
    NamespaceListenEvents extends EventsMap = DefaultEventsMap,
    NamespaceEmitEvents extends EventsMap = NamespaceListenEvents,
  >(nsp: string, options?: SocketOptions): Socket<NamespaceListenEvents, NamespaceEmitEvents>;
}

/**
 * Sends to, and hears from, one namespace of the server.
 *
 * @typeParam ListenEvents - what the server sends
 * @typeParam EmitEvents - what the server hears
 */
export interface Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends ClientListening<ListenEvents, SocketReservedEvents>,
    CatchAllListening {
  /** The manager whose connection this socket shares. */
  readonly io: Manager<ListenEvents, EmitEvents>;
  /** Name of the namespace, with its leading slash. */
  readonly nsp: string;
  /** The id that the server knows the socket by; `undefined` while disconnected. */
  id: string | undefined;
  /** Whether the namespace has been joined. */
  readonly connected: boolean;
  /** The opposite of `connected`. */
  readonly disconnected: boolean;
  /** Whether the socket is connected, or will be as soon as there is a connection. */
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
  /** Whether the last connection took up the state of the one before. */
  recovered: boolean;
  /** Sent when the namespace is joined; may be changed between connections. */
  auth: Auth | undefined;
  /** Events that came before the server's answer; delivered with it. */
  receiveBuffer: unknown[][];
  /** Packets emitted while not connected; sent on connection. */
  sendBuffer: SentPacket[];
  /** The events that are not yet sent, or not yet acknowledged where they are sent until they are. */
  readonly outbox: Outbox;
  /** The next event is dropped rather than kept when it cannot be sent at once. */
  readonly volatile: this;
  /** Connects; needed after `autoConnect: false` and after a disconnection that was asked for. */
  connect(): this;
  /** The same as `connect`. */
  open(): this;
  /** Leaves the namespace, and does not reconnect. */
  disconnect(): this;
  /** The same as `disconnect`. */
  close(): this;
  /** Whether the next event may be compressed. */
  compress(compress: boolean): this;
  /**
   * Milliseconds that the next event waits for its acknowledgement, whose callback then takes an error first.
   */
  timeout(timeout: number): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
  /**
   * Sends an event. A function as last argument is called with the server's acknowledgement.
   * @throws Error when the name is the library's own
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): this;
  /**
   * Sends an event that has an acknowledgement, and resolves with it. Rejects when the connection is lost,
   * and after `timeout()` when the time is up.
   * @example const answer = await socket.timeout(1000).emitWithAck("question", "how are you?");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /** Emits `message`. Like Socket.IO's, it takes anything. */
  send(...args: Parameters<UntypedListener>): this;
}
