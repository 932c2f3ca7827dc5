// Middleware for the events of one socket, as applications type it.

/** An incoming event: its name, then its arguments. */
// biome-ignore lint/suspicious/noExplicitAny: the client decides; middleware of applications reads members of it.
export type Event = [eventName: string, ...args: any[]];

/** Runs before the listeners of every incoming event; an error or a rejection drops the event. */
export type SocketMiddleware =
  | ((event: Event, next: (err?: Error) => void) => void)
  | ((event: Event, next: (err?: Error) => void) => Promise<void>);
