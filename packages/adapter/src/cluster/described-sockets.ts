// Sockets as other nodes see them: descriptions, in as many messages as the broker's limit demands.

import type { Encoded } from "@sockeye/protocol";
import type { AdapterSocket, Room, SocketId } from "../contract.ts";
import { clusterError } from "./errors.ts";
import { encodeValues, framesOf } from "./message.ts";

/** A socket of another node, as it was when it was asked for. */
export interface SocketDescription {
  readonly id: SocketId;
  readonly handshake: unknown;
  readonly rooms: readonly Room[];
  readonly data: unknown;
}

/** The members of a socket that are described; namespaces of the core have them. */
interface Describable extends AdapterSocket {
  readonly handshake?: object;
  readonly rooms?: Iterable<Room>;
  readonly data?: unknown;
}

/** How many bytes of a message stay free for its header. */
export const RESERVE = 1000;

/** Receives a socket that cannot be described, with the error. */
export type OnUnreadable = (id: SocketId, error: unknown) => void;

/** Describes sockets; returns the bodies of the messages, at least one, each at most `limit` bytes long or one socket. */
export function describeSockets(
  sockets: Iterable<AdapterSocket>,
  limit: number,
  onUnreadable: OnUnreadable,
): Encoded[] {
  const bodies: Encoded[] = [];
  let batch: SocketDescription[] = [];
  let bytes = 0;
  for (const socket of sockets) {
    const [description, size] = described(socket as Describable, { limit, onUnreadable });
    if (batch.length > 0 && bytes + size > limit) {
      bodies.push(encodeValues(batch));
      batch = [];
      bytes = 0;
    }
    batch.push(description);
    bytes += size;
  }
  bodies.push(encodeValues(batch));
  return bodies;
}

function described(
  socket: Describable,
  { limit, onUnreadable }: { readonly limit: number; readonly onUnreadable: OnUnreadable },
): [SocketDescription, number] {
  const { data, id, rooms } = socket;
  const whole = { id, handshake: plainHandshake(socket), rooms: [...(rooms ?? [])], data };
  try {
    const size = sizeOf(whole);
    const bytes = size > limit ? bytesOf(whole) : 0;
    // Half of what is reserved for the header remains.
    if (bytes > limit + RESERVE / 2) throw clusterError("ERR_CLUSTER_PAYLOAD", bytes, limit);
    return [whole, size];
  } catch (error) {
    // Data of the application: circular, a BigInt, a `toJSON` that throws, more than the broker takes in one message.
    onUnreadable(id, error);
    const safe = { ...whole, handshake: {}, data: {} };
    return [safe, sizeOf(safe)];
  }
}

/** Session middleware leaves its store there, which is neither data nor small. */
function plainHandshake({ handshake = {} }: Describable): object {
  const { sessionStore: _, ...plain } = handshake as Record<string, unknown>;
  return plain;
}

const encoder = new TextEncoder();

function bytesOf(description: SocketDescription): number {
  let bytes = 0;
  for (const frame of framesOf(encodeValues([description]))) {
    bytes += typeof frame === "string" ? encoder.encode(frame).byteLength : frame.byteLength;
  }
  return bytes;
}

/** At most three bytes for each character. */
function sizeOf(description: SocketDescription): number {
  let size = 0;
  for (const frame of framesOf(encodeValues([description]))) {
    size += typeof frame === "string" ? 3 * frame.length : frame.byteLength + 5;
  }
  return size;
}
