// The sockets of a client as data, in the data of its connection. Does not know how they are taken or used.

import type { Room, SocketId } from "@sockeye/adapter";
import { type Frame, textToFrame } from "@sockeye/protocol";
import type { Auth } from "../base/handshake.ts";

/** What recovery keeps of a connected socket. */
export interface SavedRecovery {
  /** The private id. Secret. */
  readonly pid: string;
  /** The offset at which the session began. */
  readonly offset?: string | undefined;
  /** See `Session.joined`: of the session that was restored. */
  readonly joined?: readonly (readonly [Room, string])[] | undefined;
  /** The last packet that was addressed to the socket. */
  readonly sent: string;
  readonly isRecovered: boolean;
}

/** A socket as data. */
export interface SavedSocket {
  readonly nsp: string;
  /** Number of the pattern from which the namespace was made, in the order of registration; `null`: it was not. */
  readonly pattern: number | null;
  readonly id: SocketId;
  /** What the client sent to join. */
  readonly auth: Auth | null;
  /** When it joined, in milliseconds since 1970. */
  readonly joinedAt: number;
  /** `socket.data`, not a copy; absent when it was never used. */
  readonly data?: unknown;
  readonly rooms: readonly Room[];
  /** Rooms with the offset at which they were joined, where recovery needs it. */
  readonly joined?: readonly (readonly [Room, string])[];
  readonly recovery: SavedRecovery | null;
}

/** The sockets of one client as data. */
export interface SavedPeer {
  readonly sockets: readonly SavedSocket[];
  /** No number of an acknowledgement below this one is used again. */
  readonly nextAckId: number;
  /** Namespaces that the server disconnected the client from: it may not know yet. */
  readonly disconnectedFrom: readonly string[];
  /** Milliseconds to join a first namespace, counted from `at`; `null` when one was joined, or it may take for ever. */
  readonly joinWithin: number | null;
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number;
  /** The frames of a packet that is partly received: `4` and text, or `b` and base64. */
  readonly frames: readonly string[];
}

/** The payload of a message from its text in `SavedPeer.frames`. */
export function revivedFrame(text: string): Frame {
  const frame = textToFrame(text);
  return typeof frame === "string" ? frame.slice(1) : frame;
}
