// The public list of the events package.

export { CatchAll } from "./catch-all.ts";
export { Emitter } from "./emitter.ts";
export { type EventKey, type Listener, Listeners, type ListenMode } from "./listeners.ts";
export { SocketEmitter } from "./socket-emitter.ts";
