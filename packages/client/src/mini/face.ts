// What applications see of the small client.

import type {
  AllButLast,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
} from "@sockeye/events";
import type { Auth } from "../options.ts";
import type { Status } from "../status.ts";
import type { SocketReservedEvents } from "../typed/reserved-events.ts";
import type { MiniOptions } from "./options.ts";

/**
 * Sends to, and hears from, one namespace of the server, over a connection of its own. It has the names of Socket.IO's
 * socket, as far as it has the features. Its methods need no receiver: `const { emit } = connect()`.
 *
 * @typeParam ListenEvents - what the server sends
 * @typeParam EmitEvents - what the server hears
 */
export interface MiniSocket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> {
  /** The id that the server knows the socket by; `undefined` while disconnected. */
  readonly id: string | undefined;
  /** Whether the namespace has been joined. */
  readonly connected: boolean;
  /** Whether the last connection took up the state of the one before. */
  readonly recovered: boolean;
  /**
   * Where the socket stands.
   * @example if (socket.status.state === "closed" && socket.status.advice === "connect") socket.connect();
   */
  readonly status: Status;
  /** Sent when the namespace is joined; may be changed between connections. */
  auth: Auth | undefined;
  /**
   * The next event is dropped rather than kept when it cannot be sent at once.
   * @example socket.volatile.emit("position", { x: 1, y: 2 });
   */
  readonly volatile: this;
  /**
   * Calls `listener` with each new status. Not an event, because the names of a socket's events are the application's.
   * @returns a function that ends it
   * @example const stop = socket.onStatus(({ state }) => console.log(state));
   */
  onStatus(listener: (status: Status) => void): () => void;
  /**
   * Adds a listener. Listeners are called in the order in which they were added.
   * @throws TypeError when the listener is not a function
   * @example socket.on("hello", (name, answer) => answer(`hello ${name}`));
   */
  on<Ev extends ReservedOrUserEventNames<SocketReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<SocketReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Adds a listener that is called once.
   * @throws TypeError when the listener is not a function
   * @example socket.once("ready", () => start());
   */
  once<Ev extends ReservedOrUserEventNames<SocketReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<SocketReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Removes one listener; without one, all listeners of the event; without an event, all.
   * @example socket.off("hello");
   */
  off<Ev extends ReservedOrUserEventNames<SocketReservedEvents, ListenEvents>>(
    event?: Ev,
    listener?: ReservedOrUserListener<SocketReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Sends an event, or keeps it until there is a connection. A function as last argument is called with the server's
   * acknowledgement.
   * @throws Error when the name is the library's own
   * @throws TypeError when an argument cannot be sent, such as circular data
   * @example socket.emit("hello", "world", (answer) => console.log(answer));
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): this;
  /**
   * Sends an event that has an acknowledgement, and resolves with it. Rejects when the connection is lost, when as many
   * events are kept as may be, and after `timeout()` when the time is up.
   * @example const answer = await socket.timeout(1000).emitWithAck("question", "how are you?");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /**
   * Milliseconds that the next event waits for its acknowledgement, whose callback then takes an error first.
   * @example socket.timeout(1000).emit("question", (err, answer) => console.log(err ?? answer));
   */
  timeout(timeout: number): MiniSocket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
  /**
   * Connects; needed after `autoConnect: false`, a refusal by the server, and a disconnection that was asked for.
   * @example socket.on("disconnect", (reason) => reason === "io server disconnect" && socket.connect());
   */
  connect(): this;
  /**
   * Leaves the namespace, ends the connection, and does not reconnect.
   * @example button.onclick = () => void socket.disconnect();
   */
  disconnect(): this;
}

/**
 * A socket of the namespace that the path of the address names, over a connection of its own.
 * @param url address of the server; the page's own origin when absent
 * @throws TypeError for an address that is none, and for an option that another entry has and this one has not
 * @example const socket = connect<ServerToClient, ClientToServer>("https://example.com/chat");
 */
export type Connect = <
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(
  url?: string,
  options?: MiniOptions,
) => MiniSocket<ListenEvents, EmitEvents>;
