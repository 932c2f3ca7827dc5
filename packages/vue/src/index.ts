// The public list of the Vue binding. The composables without a map of events are a set like any other.

import type { DefaultEventsMap } from "@sockeye/events";
import { type SocketComposables, socketComposables } from "./socket-composables.ts";

const untyped: SocketComposables<DefaultEventsMap, DefaultEventsMap> = socketComposables();

/**
 * The plugin for events without a map. See `socketComposables` for the typed one.
 * @example app.use(socketPlugin({ create: () => io() }));
 */
export const socketPlugin: typeof untyped.socketPlugin = untyped.socketPlugin;
/**
 * `useSocket` of events without a map.
 * @example const socket = useSocket();
 */
export const useSocket: typeof untyped.useSocket = untyped.useSocket;
/**
 * `useEvent` of events without a map.
 * @example useEvent("said", (text: string) => texts.value.push(text));
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
  type SocketComposables,
  type SocketPlugin,
  type SocketPluginOptions,
  socketComposables,
} from "./socket-composables.ts";
