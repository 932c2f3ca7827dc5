// The public list of what the bindings of frameworks share.

export type { AnySocket, BoundSocket, Emitting, ReservedEvents } from "./any-socket.ts";
export { type Emit, type EmitOptions, emitThrough } from "./emit.ts";
export { type BindingError, type BindingErrorCode, bindingError } from "./errors.ts";
export { SharedSocket } from "./shared-socket.ts";
export { IDLE, type SocketStatus, watchStatus } from "./status.ts";
