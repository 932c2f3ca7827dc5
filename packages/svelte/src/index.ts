// The public list of the Svelte binding. The functions without a map of events are a set like any other.

import type { DefaultEventsMap } from "@sockeye/events";
import { type SocketFunctions, socketFunctions } from "./socket-functions.ts";

const untyped: SocketFunctions<DefaultEventsMap, DefaultEventsMap> = socketFunctions();

/**
 * `provideSocket` of events without a map. See `socketFunctions` for the typed one.
 * @example provideSocket({ create: () => io() });
 */
export const provideSocket: typeof untyped.provideSocket = untyped.provideSocket;
/**
 * `useSocket` of events without a map.
 * @example const socket = useSocket();
 */
export const useSocket: typeof untyped.useSocket = untyped.useSocket;
/**
 * `useEvent` of events without a map.
 * @example useEvent("said", (text: string) => texts.push(text));
 */
export const useEvent: typeof untyped.useEvent = untyped.useEvent;
/**
 * `useStatus` of events without a map.
 * @example const status = useStatus();
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
export {
  type Live,
  type ProvideOptions,
  type SocketFunctions,
  socketFunctions,
} from "./socket-functions.ts";
