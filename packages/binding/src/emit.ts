// The function that components emit with.

import type {
  AllButLast,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
} from "@sockeye/events";
import type { AnySocket, Emitting } from "./any-socket.ts";
import { bindingError } from "./errors.ts";
import type { SharedSocket } from "./shared-socket.ts";

/** How a component emits. */
export interface EmitOptions {
  /** Milliseconds in which `withAck` must be answered; it rejects after that. Default none. */
  readonly timeout?: number;
}

/**
 * Sends events of the map. Kept by the client until there is a connection.
 * @example
 * emit("typing", true);
 * const { id } = await emit.withAck("say", "hello");
 */
export interface Emit<EmitEvents extends EventsMap> {
  /** @throws Error `ERR_NO_SOCKET` while rendering, before the component is mounted */
  <Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): void;
  /**
   * Sends an event that is acknowledged.
   * @returns a promise of the acknowledgement; it rejects when the time is up, when the connection is lost, and with
   * `ERR_NO_SOCKET` while rendering
   * @example const answer = await emit.withAck("question", "how are you?");
   */
  withAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
}

/**
 * Makes the function that emits through whatever socket is there at the time.
 * @param shared of the components
 * @param options how acknowledgements are awaited
 * @example const emit = emitThrough<ClientToServer>(shared, { timeout: 5000 });
 */
export function emitThrough<EmitEvents extends EventsMap>(
  shared: SharedSocket,
  options: EmitOptions = {},
): Emit<EmitEvents> {
  const socketFor = (event: string): AnySocket & Emitting => {
    const { socket } = shared;
    if (socket === undefined) throw bindingError("ERR_NO_SOCKET", event);
    return socket as AnySocket & Emitting;
  };
  const emit = (event: string, ...args: unknown[]): void => {
    socketFor(event).emit(event, ...args);
  };
  const withAck = async (event: string, ...args: unknown[]): Promise<unknown> => {
    const socket = socketFor(event);
    const limited = options.timeout === undefined ? socket : socket.timeout(options.timeout);
    return await limited.emitWithAck(event, ...args);
  };
  // The map is the compiler's business: any name and arguments do at run time.
  return Object.assign(emit, { withAck }) as unknown as Emit<EmitEvents>;
}
