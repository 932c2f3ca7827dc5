// The wire form of Socket.IO's sharded adapter for Redis: messages of its cluster adapter, as JSON, or as MessagePack
// where there are bytes in them. Pure.

import { encodeValues, type SharedFlags } from "@sockeye/adapter/cluster";
import { decodeMsgpack, encodeMsgpack } from "@sockeye/protocol";

/** The kinds of messages, as numbers on the wire. */
export const MessageType = {
  BROADCAST: 3,
  JOIN: 4,
  LEAVE: 5,
  DISCONNECT: 6,
  FETCH: 7,
  FETCHED: 8,
  SERVER_EVENT: 9,
  SERVER_EVENT_ANSWER: 10,
  COUNT: 11,
  ACK: 12,
} as const;

/** The address of a broadcast on the wire. */
export interface ShardedOptions {
  readonly rooms?: readonly string[];
  readonly except?: readonly string[];
  readonly flags?: SharedFlags & { readonly timeout?: number };
}

/** What a message carries; which members there are depends on its type. */
export interface ShardedData {
  readonly requestId?: string;
  readonly opts?: ShardedOptions;
  readonly rooms?: readonly string[];
  readonly close?: boolean;
  readonly packet?: unknown;
  readonly sockets?: readonly unknown[];
  readonly clientCount?: number;
}

/** A message. */
export interface ShardedMessage {
  readonly uid: string;
  readonly nsp: string;
  readonly type: number;
  readonly data: ShardedData;
}

/** Writes a message. */
export function encodeSharded(message: ShardedMessage): Uint8Array {
  const isPlain = typeof encodeValues([message.data]) === "string";
  return isPlain ? Buffer.from(JSON.stringify(message)) : encodeMsgpack(message);
}

/** Reads a message; nothing when it is none. */
export function decodeSharded(bytes: Uint8Array): ShardedMessage | undefined {
  const brace = 0x7b;
  try {
    const message = (
      bytes[0] === brace ? JSON.parse(Buffer.from(bytes).toString()) : decodeMsgpack(bytes)
    ) as Partial<ShardedMessage> | null;
    const isMessage = typeof message?.uid === "string" && typeof message.type === "number";
    return isMessage ? ({ data: {}, nsp: "/", ...message } as ShardedMessage) : undefined;
  } catch {
    return undefined;
  }
}
