// The part of a server that the applications of the black-box cases use. Structural, so that any server with
// Socket.IO's face fits: applications are handed one by the program of the host.

type Listener = (...args: never[]) => unknown;

/** A socket of the server. */
export interface IoSocket {
  readonly id: string;
  readonly nsp: { readonly name: string };
  readonly rooms: ReadonlySet<string>;
  readonly data: Record<string, unknown>;
  readonly handshake: { readonly auth: Readonly<Record<string, unknown>> };
  readonly recovered?: boolean;
  on(name: string, listener: Listener): unknown;
  onAny(listener: Listener): unknown;
  use(middleware: Listener): unknown;
  emit(name: string, ...args: unknown[]): unknown;
}

/** A namespace. */
export interface IoNamespace {
  readonly sockets?: ReadonlyMap<string, IoSocket>;
  on(name: string, listener: Listener): unknown;
  use(middleware: Listener): unknown;
}

/** The engine, with the face that Socket.IO's has. */
export interface IoEngine {
  generateId?: unknown;
  on(name: string, listener: Listener): unknown;
  use(middleware: Listener): unknown;
}

/** A server. */
export interface Io extends IoNamespace {
  readonly engine: IoEngine;
  of(name: string | RegExp): IoNamespace;
}
