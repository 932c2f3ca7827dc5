// The public list of the React binding. The hooks without a map of events are a set like any other.

import type { DefaultEventsMap } from "@sockeye/events";
import { type SocketHooks, socketHooks } from "./socket-hooks.ts";

const untyped: SocketHooks<DefaultEventsMap, DefaultEventsMap> = socketHooks();

/**
 * `SocketProvider` of events without a map. See `socketHooks` for the typed one.
 * @example <SocketProvider create={() => io()}><Chat /></SocketProvider>
 */
export const SocketProvider: typeof untyped.SocketProvider = untyped.SocketProvider;
/**
 * `useSocket` of events without a map.
 * @example const socket = useSocket();
 */
export const useSocket: typeof untyped.useSocket = untyped.useSocket;
/**
 * `useEvent` of events without a map.
 * @example useEvent("said", (text: string) => setLast(text));
 */
export const useEvent: typeof untyped.useEvent = untyped.useEvent;
/**
 * `useStatus` of events without a map.
 * @example const { state } = useStatus();
 */
export const useStatus: typeof untyped.useStatus = untyped.useStatus;
/**
 * `useEmit` of events without a map.
 * @example const emit = useEmit();
 */
export const useEmit: typeof untyped.useEmit = untyped.useEmit;

export type {
  AnySocket,
  BoundSocket,
  Emit,
  EmitOptions,
  ReservedEvents,
  SocketStatus,
} from "@sockeye/binding";
export { type SocketHooks, type SocketProviderProps, socketHooks } from "./socket-hooks.ts";
