// The parts of a server, its engine and its sockets that are used; the same in Socket.IO's server and in ours.

/** A server, of Socket.IO or of Sockeye. */
export interface LimitedServer<Socket> {
  on(event: "connection", listener: (socket: Socket) => void): unknown;
}

/** An event that has arrived. */
export interface EventPacket {
  readonly data?: unknown;
  readonly id?: number | null | undefined;
}

type Answer = (...args: unknown[]) => void;
type Join = (rooms: string | readonly string[]) => unknown;

/** A socket as this package uses it. */
export interface LimitedSocket {
  readonly id: string;
  readonly connected: boolean;
  readonly rooms: ReadonlySet<string>;
  readonly nsp: { readonly name: string };
  readonly conn: { readonly id: string; readonly receivedBytes?: number };
  readonly handshake: {
    readonly address: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  };
  readonly acks: { readonly size?: number };
  readonly data: { readonly user?: unknown } | undefined;
  onevent(packet: EventPacket): void;
  ack(id: number): Answer;
  emit(event: string, ...args: unknown[]): unknown;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  on(event: "disconnect", listener: () => void): unknown;
  join: Join;
  disconnect(close?: boolean): unknown;
}

/** A namespace. */
export interface LimitedNamespace {
  readonly name: string;
  use(middleware: (socket: LimitedSocket, next: (error?: Error) => void) => void): unknown;
  on(event: "connection", listener: (socket: LimitedSocket) => void): unknown;
}

/** The inside of a server. */
export interface ServerInside {
  readonly _nsps: ReadonlyMap<string, LimitedNamespace>;
  readonly engine?: EngineInside | undefined;
  on(event: "new_namespace", listener: (namespace: LimitedNamespace) => void): unknown;
}

/** An engine. */
interface EngineInside {
  readonly clients: Readonly<Record<string, { close(discard?: boolean): unknown } | undefined>>;
}

/** What a function of the application has thrown is uncaught, as it is in any listener, and harms nothing else. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
