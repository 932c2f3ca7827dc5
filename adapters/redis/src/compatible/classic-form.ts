// The wire form of Socket.IO's adapter for Redis (`@socket.io/redis-adapter`) and of its emitter: what is published as
// MessagePack, what is asked as JSON, and the channels. Pure: values to bytes and back.

import { areFields, encodeValues, type SharedFlags, type Target } from "@sockeye/adapter/cluster";
import { decodeMsgpack, encodeMsgpack, PacketType } from "@sockeye/protocol";

/** The kinds of requests and responses, as numbers on the wire. */
export const ClassicType = {
  SOCKETS: 0,
  ALL_ROOMS: 1,
  JOIN: 2,
  LEAVE: 3,
  DISCONNECT: 4,
  FETCH: 5,
  SERVER_EVENT: 6,
  ASK: 7,
  COUNT: 8,
  ACK: 9,
} as const;

/** The channels of one namespace. */
export interface ClassicChannels {
  /** What is broadcast: this text, or this with a room and `#`. */
  readonly events: string;
  readonly requests: string;
  readonly responses: string;
}

/** The channels of a namespace; `key` is the option of Socket.IO's adapter. */
export function channelsOf(key: string, nsp: string): ClassicChannels {
  return {
    events: `${key}#${nsp}#`,
    requests: `${key}-request#${nsp}#`,
    responses: `${key}-response#${nsp}#`,
  };
}

/** The address of a broadcast on the wire. */
export interface ClassicOptions {
  readonly rooms?: readonly string[];
  readonly except?: readonly string[];
  readonly flags?: SharedFlags & { readonly timeout?: number };
}

/** A request or response; which members there are depends on `type`. */
export interface ClassicFields {
  readonly uid?: string;
  readonly type?: number;
  readonly requestId?: string;
  readonly opts?: ClassicOptions;
  readonly rooms?: readonly string[];
  readonly close?: boolean;
  readonly packet?: unknown;
  readonly data?: unknown;
  readonly sockets?: readonly unknown[];
  readonly clientCount?: number;
}

/** The address as it is sent. */
export function classicOptions({ except = [], rooms = [] }: Target, flags = {}): ClassicOptions {
  return { rooms, except, flags };
}

/** Writes a broadcast of an event. */
export function encodeEvent(
  uid: string,
  { args, nsp }: { readonly nsp: string; readonly args: readonly unknown[] },
  options: ClassicOptions,
): Uint8Array {
  return encodeMsgpack([uid, { type: PacketType.EVENT, data: args, nsp }, options]);
}

/** Reads a broadcast; nothing when it is none. */
export function decodeEvent(
  bytes: Uint8Array,
):
  | { readonly uid: string; readonly args: unknown[]; readonly options: ClassicOptions }
  | undefined {
  const parts = unpacked(bytes);
  const [uid, packet, opts] = (Array.isArray(parts) ? parts : []) as [
    string?,
    { data?: unknown }?,
    object?,
  ];
  const args = packet?.data;
  if (!Array.isArray(args) || !areFields({ opts })) return undefined;
  return { uid: uid ?? "", args, options: opts ?? {} };
}

/** Writes a request or response: JSON, as older nodes expect it, or MessagePack where there are bytes in it. */
export function encodeFields(fields: ClassicFields): Uint8Array {
  const isPlain = typeof encodeValues([fields]) === "string";
  return isPlain ? Buffer.from(JSON.stringify(fields)) : encodeMsgpack(fields);
}

/** Writes a request or response that is MessagePack always. */
export function packFields(fields: ClassicFields): Uint8Array {
  return encodeMsgpack(fields);
}

/** Reads a request or response; nothing when it is none. */
export function decodeFields(bytes: Uint8Array): ClassicFields | undefined {
  const brace = 0x7b;
  try {
    const fields = bytes[0] === brace ? JSON.parse(Buffer.from(bytes).toString()) : unpacked(bytes);
    const isObject = typeof fields === "object" && fields !== null;
    return isObject && areFields(fields) ? (fields as ClassicFields) : undefined;
  } catch {
    return undefined;
  }
}

function unpacked(bytes: Uint8Array): unknown {
  try {
    return decodeMsgpack(bytes);
  } catch {
    return undefined;
  }
}
