// What servers of a cluster say to each other about sessions that one of them holds and another was asked for. The link is
// brought by the adapter of the main namespace.

import type { HttpReply } from "@sockeye/engine";

/** What a message carries: text or bytes. */
export type Frame = HttpReply["body"];

/** A request without its body, as it travels. */
export interface TravellingHead {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly address: string;
  readonly secure: boolean;
}

/** What the server that was asked says to the holder of the session. */
export type ToHolder =
  | { readonly op: "request" | "upgrade"; readonly id: number; readonly head: TravellingHead }
  /** The client has disconnected before it was answered. */
  | { readonly op: "abort"; readonly id: number }
  /** The handshake is complete. */
  | { readonly op: "opened"; readonly id: number }
  | { readonly op: "up"; readonly id: number; readonly seq: number }
  /** So many bytes were passed to the operating system. */
  | { readonly op: "taken"; readonly id: number; readonly bytes: number }
  | { readonly op: "gone"; readonly id: number; readonly error?: string };

/** What the holder says. */
export type FromHolder =
  | {
      readonly op: "reply";
      readonly id: number;
      readonly status: number;
      readonly headers: Record<string, string | string[]>;
      readonly compress: boolean;
    }
  | { readonly op: "cut"; readonly id: number }
  | {
      readonly op: "accepted";
      readonly id: number;
      readonly headers: Record<string, string | string[]>;
    }
  | { readonly op: "refused"; readonly id: number; readonly text: string }
  | { readonly op: "down"; readonly id: number; readonly seq: number; readonly compress: boolean }
  | { readonly op: "end"; readonly id: number; readonly how: "close" | "terminate" };

/** Sends to another server. Never throws; `fail` is called, once and later, when the message was not sent. */
export type Tell<Message> = (message: Message, body: Frame | null, fail: () => void) => void;

/** What receives from the other servers. */
export interface SessionReceiver {
  onMessage(from: string, message: unknown, body: unknown): void;
  /** A server has ended, or has not been heard for too long. */
  onNodeLeft(node: string): void;
}

/** The way to the other servers. */
export interface SessionLink {
  /** The name of this server. */
  readonly id: string;
  isMember(node: string): boolean;
  /** Sends a message to one server, in order. Rejects when it was not sent. */
  tell(node: string, message: object, body: Frame | null): Promise<void> | void;
  /** Reports to `receiver` from now on. */
  receiveSessions(receiver: SessionReceiver): void;
}
