// What a peer uses of its connection and of its members.

import type { Connection } from "@sockeye/engine";
import type { Packet } from "@sockeye/protocol";
import type { DisconnectReason } from "../base/reasons.ts";
import type { SavedSocket } from "./saved-peer.ts";

/** The part of a connection that a peer uses. Implemented by the engine's connections and by ForeignConnection. */
export type PeerConnection = Pick<
  Connection,
  | ("id" | "isOpen" | "request" | "revision")
  | ("close" | "faceFrom" | "isWritable" | "onLost" | "send" | "sendShared")
>;

/** The part of a member that a peer uses: one socket in one namespace. */
export interface PeerMember {
  readonly id: string;
  readonly nspName: string;
  receive(packet: Packet): void;
  /** Sends a packet that is no event. @throws TypeError when its data cannot be serialised */
  sendPlain(packet: Packet): void;
  disconnect(close: boolean): void;
  leave(reason: DisconnectReason, details?: Error): void;
  raiseError(error: Error): void;
  /** Whether it is in its namespace: admitted, and not about to leave. */
  readonly isSettled: boolean;
  /** Whether no callback waits for an acknowledgement of the client. */
  readonly isIdle: boolean;
  /** As data; `pattern`: the number of its namespace's pattern. */
  save(pattern: number | null): SavedSocket;
  /** A ping is sent to the client, and was answered. */
  onPing(): void;
  onPong(): void;
  /** Its connection was taken down: it is gone from here, and `disconnect` is not raised. */
  release(): void;
}
