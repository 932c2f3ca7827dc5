// The wire form of Socket.IO's cluster adapter, which its adapters for sharded Redis, streams of Redis and PostgreSQL have in
// common: messages as JSON, or as MessagePack where there are bytes in them. Pure.

import { decodeMsgpack, encodeMsgpack } from "@sockeye/protocol";
import { isListOrAbsent, membersOf } from "../cluster/header-check.ts";
import {
  type Body,
  type Intent,
  type Request,
  type SharedFlags,
  Values,
} from "../cluster/intents.ts";
import { decodeValues, encodeValues } from "../cluster/message.ts";
import { MessageType } from "../compat/messages.ts";

/** The name of programs that only send. They are no servers. */
export const EMITTER = "emitter";

/** The address of a broadcast on the wire. */
export interface CompatibleOptions {
  readonly rooms?: readonly string[];
  readonly except?: readonly string[];
  readonly flags?: SharedFlags & { readonly timeout?: number };
}

/** What a message carries; which members there are depends on its type. */
export interface CompatibleData {
  readonly requestId?: string;
  readonly opts?: CompatibleOptions;
  readonly rooms?: readonly string[];
  readonly close?: boolean;
  readonly packet?: unknown;
  readonly sockets?: readonly unknown[];
  readonly clientCount?: number;
}

/** A message. */
export interface CompatibleMessage {
  /** The server, or the emitter. */
  readonly uid: string;
  /** Emitters may leave it out. */
  readonly nsp?: string;
  readonly type: number;
  readonly data?: CompatibleData;
}

/** The targets out of an address. */
export function targetIn(options: CompatibleOptions | null = null): {
  readonly rooms: readonly string[];
  readonly except: readonly string[];
} {
  return { rooms: options?.rooms ?? [], except: options?.except ?? [] };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Whether a value is absent, also as programs in other languages say it, or a list. */
function isListOrNull(value: unknown): boolean {
  return value === null || isListOrAbsent(value);
}

/** Whether a value is the address of a broadcast, or absent. */
function isAddress(value: unknown): boolean {
  if (isAbsent(value)) return true;
  const { except, flags, rooms } = membersOf(value) ?? { rooms: false };
  return (
    isListOrNull(rooms) && isListOrNull(except) && (isAbsent(flags) || membersOf(flags) !== null)
  );
}

/** Whether the members of a message, or of one of Socket.IO's older form, are of their types, as far as they are there. */
export function areFields(fields: Readonly<Record<string, unknown>>): boolean {
  const { opts, requestId, rooms, sockets } = fields;
  const isId = isAbsent(requestId) || typeof requestId === "string";
  return isId && isAddress(opts) && isListOrNull(rooms) && isListOrNull(sockets);
}

/** Whether values can be sent as JSON: there are no bytes in them. */
export function isPlain(value: unknown): boolean {
  return typeof encodeValues([value]) === "string";
}

/** Writes a message. */
export function encodeCompatible(message: CompatibleMessage): Uint8Array {
  if (!isPlain(message.data)) return encodeMsgpack(message);
  return new TextEncoder().encode(JSON.stringify(message));
}

/** Reads a message; nothing when it is none. */
export function decodeCompatible(bytes: Uint8Array): CompatibleMessage | undefined {
  const brace = 0x7b;
  try {
    return messageIn(
      bytes[0] === brace ? JSON.parse(new TextDecoder().decode(bytes)) : decodeMsgpack(bytes),
    );
  } catch {
    return undefined;
  }
}

/** A value as a message; nothing when it is none. */
export function messageIn(value: unknown): CompatibleMessage | undefined {
  const { data, nsp, type, uid } = membersOf(value) ?? {};
  const isAddressed = typeof uid === "string" && (isAbsent(nsp) || typeof nsp === "string");
  const fields = isAbsent(data) ? {} : membersOf(data);
  const isMessage = isAddressed && typeof type === "number" && fields !== null && areFields(fields);
  return isMessage ? (value as CompatibleMessage) : undefined;
}

/** An intent as a message without its sender. */
export function messageOf(
  intent: Intent,
  body: Body,
): { readonly type: number; readonly data: CompatibleData } {
  const args = body instanceof Values ? body.list : decodeValues(body);
  if (intent.kind === "server event") {
    return { type: MessageType.SERVER_SIDE_EMIT, data: { packet: args } };
  }
  const opts = { ...targetIn(intent.target), flags: {} };
  switch (intent.kind) {
    case "event": {
      const data = {
        packet: { type: 2, data: args },
        opts: { ...opts, flags: intent.flags ?? {} },
      };
      return { type: MessageType.BROADCAST, data };
    }
    case "join":
      return { type: MessageType.SOCKETS_JOIN, data: { opts, rooms: intent.change } };
    case "leave":
      return { type: MessageType.SOCKETS_LEAVE, data: { opts, rooms: intent.change } };
    case "disconnect":
      return { type: MessageType.DISCONNECT_SOCKETS, data: { opts, close: intent.close } };
  }
}

/** A question as a message without its sender. */
export function questionOf(
  request: Request,
  body: Body,
  requestId: string,
): { readonly type: number; readonly data: CompatibleData } {
  const args = body instanceof Values ? body.list : decodeValues(body);
  if (request.kind === "server event") {
    return { type: MessageType.SERVER_SIDE_EMIT, data: { requestId, packet: args } };
  }
  const opts = { ...targetIn(request.target), flags: {} };
  if (request.kind === "fetch") {
    return { type: MessageType.FETCH_SOCKETS, data: { requestId, opts } };
  }
  const flags = { ...request.flags, timeout: request.wait };
  const packet = { type: 2, data: args };
  return { type: MessageType.BROADCAST, data: { requestId, packet, opts: { ...opts, flags } } };
}
