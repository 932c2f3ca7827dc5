// The parts of a server's sockets and namespaces that are used; the same in Socket.IO's server and in ours.

import type { AuthHandshake, AuthState } from "./identity.ts";

/** A server or namespace, of Socket.IO or of Sockeye; parent namespaces too. */
export interface AuthNamespace {
  use(middleware: (socket: never, next: (error?: Error) => void) => void): unknown;
  on(event: "connection", listener: (socket: never) => void): unknown;
}

/** An event that has arrived. */
export interface EventPacket {
  readonly data?: unknown;
  readonly id?: number | null | undefined;
}

/** A socket as this package uses it. */
export interface ServerSocket {
  readonly id: string;
  readonly connected: boolean;
  readonly recovered?: boolean;
  readonly handshake: AuthHandshake;
  readonly request: unknown;
  readonly rooms: ReadonlySet<string>;
  data: { user?: unknown; auth?: AuthState };
  onevent(packet: EventPacket): void;
  ack(id: number): (...answer: unknown[]) => void;
  emit(event: string, ...args: unknown[]): unknown;
  on(event: "disconnect", listener: () => void): unknown;
  join(rooms: string | readonly string[]): unknown;
  leave(room: string): unknown;
  disconnect(close?: boolean): unknown;
}

/** A namespace whose sockets are known. */
export interface ServedNamespace {
  use(middleware: (socket: ServerSocket, next: (error?: Error) => void) => void): unknown;
  on(event: "connection", listener: (socket: ServerSocket) => void): unknown;
}

/**
 * Takes the place of a socket's `onevent`, which both libraries call with each event that arrives: before catch-all listeners,
 * middleware of the socket and relays.
 */
export function interceptEvents(
  socket: ServerSocket,
  take: (packet: EventPacket, deliver: (packet: EventPacket) => void) => void,
): void {
  const { onevent } = socket;
  const deliver = (packet: EventPacket): void => onevent.call(socket, packet);
  socket.onevent = (packet) => take(packet, deliver);
}

/** Answers an event, if its sender has asked for that. */
export function answer(socket: ServerSocket, { id }: EventPacket, value: unknown): void {
  if (id !== null && id !== undefined) socket.ack(id)(value);
}

/** Calls a function of the application; what it throws is uncaught, as it is in any listener, and harms nothing else. */
export function callUser(callback: () => unknown): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** What a client sends to renew its credentials: the token, and a callback. */
export const RENEW = "auth:renew";

/** Sockets whose credentials can be renewed: the event is none of the application's there. */
export const renewable: WeakSet<ServerSocket> = new WeakSet<ServerSocket>();

const changes = new WeakMap<ServerSocket, Set<() => void>>();

/** Calls back whenever a socket's user has changed. */
export function onUserChange(socket: ServerSocket, callback: () => void): void {
  const callbacks = changes.get(socket) ?? new Set();
  changes.set(socket, callbacks.add(callback));
}

/** A socket's user has changed. */
export function userChanged(socket: ServerSocket): void {
  for (const callback of changes.get(socket) ?? []) callback();
}
