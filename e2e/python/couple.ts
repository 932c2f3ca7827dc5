// The two ends of a connection between Node and Python, as far as they are alike whichever is the server.

import { within } from "../kit/deadline.ts";
import type { Inbox } from "../kit/inbox.ts";
import type { TransportMode } from "../kit/transport-modes.ts";

type Listener = (...args: unknown[]) => void;

/** The end in this process: a socket of ours or of Socket.IO's, of either side. */
export interface NodeEnd {
  readonly socket: {
    emit(event: string, ...args: unknown[]): unknown;
    send(...args: unknown[]): unknown;
    on(event: string, listener: Listener): unknown;
    disconnect(): unknown;
  };
  readonly inbox: Inbox;
}

/** The end in the Python process. */
interface PythonEnd {
  readonly inbox: Inbox;
  emit(event: string, ...args: unknown[]): Promise<void>;
  call(event: string, ...args: unknown[]): Promise<unknown[]>;
}

/** Both ends, connected and settled on their transport. */
export interface Couple {
  readonly node: NodeEnd;
  readonly python: PythonEnd;
}

/** What is changed of the server's settings, whichever server it is; times in milliseconds. */
export interface Tuning {
  readonly pingInterval?: number;
  readonly pingTimeout?: number;
  readonly maxHttpBufferSize?: number;
}

/** What a scenario needs that does not care which end is the server. */
export interface CoupleBench {
  readonly mode: TransportMode;
  /** The longest text that the end in this process may send in one event. */
  readonly longestUp: number;
  couple(tuning?: Tuning): Promise<Couple>;
}

/** Emits from the end in this process, and waits for everything the acknowledgement holds. */
export function ask({ socket }: Pick<NodeEnd, "socket">, ...args: unknown[]): Promise<unknown[]> {
  return within(
    new Promise((resolve) =>
      socket.emit("ask", ...args, (...answer: unknown[]) => resolve(answer)),
    ),
    "an acknowledgement by Python",
  );
}

/** Makes the end in this process acknowledge "ask" with its own arguments. */
export function answers({ socket }: Pick<NodeEnd, "socket">): void {
  socket.on("ask", (...args) => (args.pop() as Listener)(...args));
}

/** Any byte holder as a Buffer: receivers differ in the class, never in the bytes. */
export function bytes(value: unknown): Buffer {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw new TypeError(`not binary: ${JSON.stringify(value)}`);
}
