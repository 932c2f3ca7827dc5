// The typed face of a client socket.

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
  UntypedListener,
} from "@sockeye/events";
import type { SentPacket } from "../manager.ts";
import type { Auth } from "../options.ts";
import type { ClientListening } from "./listening.ts";
import type { Manager } from "./manager.ts";
import type { SocketReservedEvents } from "./reserved-events.ts";

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
  connected: boolean;
  readonly disconnected: boolean;
  /** Whether the socket is connected, or will be as soon as there is a connection. */
  readonly active: boolean;
  /** Whether the last connection took up the state of the one before. */
  recovered: boolean;
  /** Sent when the namespace is joined; may be changed between connections. */
  auth: Auth | undefined;
  /** Events that came before the server's answer; delivered with it. */
  receiveBuffer: unknown[][];
  /** Packets emitted while not connected; sent on connection. */
  sendBuffer: SentPacket[];
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
