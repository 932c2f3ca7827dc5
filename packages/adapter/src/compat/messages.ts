// What the servers of a cluster send each other, in the form that packages for Socket.IO put on the wire: numbers of
// types, names of members. Holds no behaviour.

import type { BroadcastFlags, BroadcastOptions } from "../contract.ts";

/** The id of one adapter: of one namespace on one server. */
export type ServerId = string;
/** The place of a message in the broker's log, for connection state recovery. */
export type Offset = string;
/** The private id of a session. */
export type PrivateSessionId = string;

/** Types of messages by name, and names by type. */
export const MessageType = {
  INITIAL_HEARTBEAT: 1,
  HEARTBEAT: 2,
  BROADCAST: 3,
  SOCKETS_JOIN: 4,
  SOCKETS_LEAVE: 5,
  DISCONNECT_SOCKETS: 6,
  FETCH_SOCKETS: 7,
  FETCH_SOCKETS_RESPONSE: 8,
  SERVER_SIDE_EMIT: 9,
  SERVER_SIDE_EMIT_RESPONSE: 10,
  BROADCAST_CLIENT_COUNT: 11,
  BROADCAST_ACK: 12,
  ADAPTER_CLOSE: 13,
  1: "INITIAL_HEARTBEAT",
  2: "HEARTBEAT",
  3: "BROADCAST",
  4: "SOCKETS_JOIN",
  5: "SOCKETS_LEAVE",
  6: "DISCONNECT_SOCKETS",
  7: "FETCH_SOCKETS",
  8: "FETCH_SOCKETS_RESPONSE",
  9: "SERVER_SIDE_EMIT",
  10: "SERVER_SIDE_EMIT_RESPONSE",
  11: "BROADCAST_CLIENT_COUNT",
  12: "BROADCAST_ACK",
  13: "ADAPTER_CLOSE",
} as const;

type Types = typeof MessageType;
/** The number of a type of message. */
export type MessageType = Extract<Types[keyof Types], number>;

/** The address of a broadcast, as it is sent: lists in the place of sets. */
export interface SentOptions {
  rooms: string[];
  except: string[];
  flags: BroadcastFlags;
}

/** What every message has. */
interface Head {
  uid: ServerId;
  nsp: string;
}

/** A message to all servers. */
export type ClusterMessage = Head &
  (
    | { type: Types["INITIAL_HEARTBEAT"] | Types["HEARTBEAT"] | Types["ADAPTER_CLOSE"] }
    | {
        type: Types["BROADCAST"];
        data: { opts: SentOptions; packet: unknown; requestId?: string };
      }
    | {
        type: Types["SOCKETS_JOIN"] | Types["SOCKETS_LEAVE"];
        data: { opts: SentOptions; rooms: string[] };
      }
    | { type: Types["DISCONNECT_SOCKETS"]; data: { opts: SentOptions; close?: boolean } }
    | { type: Types["FETCH_SOCKETS"]; data: { opts: SentOptions; requestId: string } }
    | { type: Types["SERVER_SIDE_EMIT"]; data: { packet: unknown[]; requestId?: string } }
  );

/** A response to the server that has asked. */
export type ClusterResponse = Head &
  (
    | {
        type: Types["FETCH_SOCKETS_RESPONSE"];
        data: { requestId: string; sockets: unknown[] };
      }
    | { type: Types["SERVER_SIDE_EMIT_RESPONSE"]; data: { requestId: string; packet: unknown } }
    | {
        type: Types["BROADCAST_CLIENT_COUNT"];
        data: { requestId: string; clientCount: number };
      }
    | { type: Types["BROADCAST_ACK"]; data: { requestId: string; packet: unknown } }
  );

/** A message whose sender and namespace are not filled in yet. */
export type Unsent<Message> = Message extends unknown ? Omit<Message, keyof Head> : never;

/** Options of adapters that know the other servers by their heartbeats. */
export interface ClusterAdapterOptions {
  /** Milliseconds between two heartbeats. Default 5000. */
  heartbeatInterval?: number;
  /** Milliseconds without a heartbeat after which a server counts as gone. Default 10 000. */
  heartbeatTimeout?: number;
}

/** The address of a broadcast for the wire. */
export function sentOptions({ except, flags, rooms }: BroadcastOptions): SentOptions {
  return { rooms: [...rooms], except: [...(except ?? [])], flags: flags ?? {} };
}

/** The address of a broadcast that another server has sent. */
export function receivedOptions({ except, flags, rooms }: SentOptions): Required<BroadcastOptions> {
  return { rooms: new Set(rooms), except: new Set(except), flags: flags ?? {} };
}

const ID_BYTES = 8;

/** Sixteen random hexadecimal characters. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
