// Middleware of one socket: functions that hear every incoming event before its listeners.

import { type ExtendedError, type Next, runChain } from "./middleware.ts";

/** An incoming event: its name and its arguments. */
export type Event = [string, ...unknown[]];

/** Hears incoming events before their listeners; an error keeps the event from them. */
export type SocketMiddleware = (event: Event, next: Next) => void | Promise<void>;

/** Lets every middleware hear an event, in order; `done` is called with the first error or without one. */
export function runSocketMiddleware(
  middleware: readonly SocketMiddleware[],
  event: Event,
  done: (error?: ExtendedError) => void,
): void {
  const steps = middleware.map((each) => ({
    run: (next: Next): unknown => each(event, next),
    takesNext: each.length !== 1,
  }));
  runChain(steps, done);
}
