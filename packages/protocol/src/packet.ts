// Socket.IO packets of protocol revision 5.

/** The revision of the Socket.IO protocol implemented here. */
export const PROTOCOL_REVISION = 5;

/** Numeric packet types, as on the wire. */
export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
} as const;

/** One of the numeric packet types. */
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** A Socket.IO packet. Codecs convert it to frames; layers above the codec see packets only. */
export interface Packet {
  type: PacketType;
  /** The namespace, with its leading slash. */
  nsp: string;
  /** Event name and arguments, ack arguments, or the payload of CONNECT and CONNECT_ERROR. */
  data?: unknown;
  /** Present when an acknowledgement is asked for or given. */
  id?: number | undefined;
}

/** Event names that only the library itself may raise. */
export const RESERVED_EVENTS: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** The class tag of a value, which is the same in every realm: `[object Blob]`, for instance. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return tagOf(value) === "[object Object]";
}

function isEventName(name: unknown): boolean {
  return typeof name === "number" || (typeof name === "string" && !RESERVED_EVENTS.has(name));
}

/**
 * Whether `data` is a valid payload of this packet type, by the rules of `socket.io-parser` 4.2; beyond these, a refusal has no
 * object for its message.
 */
export function isPayloadValid(type: PacketType, data: unknown): boolean {
  // The most frequent type first: this runs for every received packet.
  if (type === PacketType.EVENT || type === PacketType.BINARY_EVENT) {
    return Array.isArray(data) && isEventName(data[0]);
  }
  if (type === PacketType.ACK || type === PacketType.BINARY_ACK) return Array.isArray(data);
  if (type === PacketType.CONNECT) return data === undefined || isPlainObject(data);
  if (type === PacketType.CONNECT_ERROR) {
    // The client makes an error of the message: an object might not become text.
    return typeof data === "string" || (isPlainObject(data) && typeof data["message"] !== "object");
  }
  return type === PacketType.DISCONNECT && data === undefined;
}
