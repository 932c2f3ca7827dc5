// The codec of Socket.IO with the names and shapes of the package `socket.io-parser`, for programs that use that
// package. The library's own server and client do not use this file. It validates as strictly as that package.

import { PlaceholderWalk } from "./attachments-kept.ts";
import { DecodedEmitter } from "./decoded-emitter.ts";
import { JsonDecoder } from "./json-decoder.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { type Packet as AnyPacket, isPayloadValid, PROTOCOL_REVISION } from "./packet.ts";

/** The revision of the protocol. */
export const protocol: number = PROTOCOL_REVISION;

/** Packet types by name, and names by type. */
export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
  0: "CONNECT",
  1: "DISCONNECT",
  2: "EVENT",
  3: "ACK",
  4: "CONNECT_ERROR",
  5: "BINARY_EVENT",
  6: "BINARY_ACK",
} as const;

/** One of the numeric packet types. */
export type PacketType = AnyPacket["type"];

/** A packet. */
export interface Packet {
  type: PacketType;
  nsp: string;
  // biome-ignore lint/suspicious/noExplicitAny: as the package types it; applications assign it to variables of any type.
  data?: any;
  id?: number;
  attachments?: number;
}

/** A function for `JSON.stringify`. */
// biome-ignore lint/suspicious/noExplicitAny: the types of `JSON.stringify`.
export type JSONReplacer = (this: any, key: string, value: any) => any;

/** A function for `JSON.parse`. */
// biome-ignore lint/suspicious/noExplicitAny: the types of `JSON.parse`.
export type JSONReviver = (this: any, key: string, value: any) => any;

/** Options of a decoder. */
export interface DecoderOptions {
  /** Given to `JSON.parse`. */
  reviver?: JSONReviver;
  /** Most binary attachments that a packet may announce. Default 10. */
  maxAttachments?: number;
}

const { ACK, BINARY_ACK, BINARY_EVENT, EVENT } = PacketType;

/** Turns packets into frames. */
export class Encoder {
  readonly #replacer: JSONReplacer | undefined;

  /** `replacer` is given to `JSON.stringify`. */
  constructor(replacer?: JSONReplacer) {
    this.#replacer = replacer;
  }

  /**
   * The frames of a packet: a text, and after it the attachments as they are.
   * @throws TypeError when the data cannot be serialised
   */
  // biome-ignore lint/suspicious/noExplicitAny: text first, then the application's binary values.
  encode(packet: Packet): any[] {
    const { type } = packet;
    if (type === EVENT || type === ACK) {
      const walk = new PlaceholderWalk();
      const data: unknown = walk.replaceIn(packet.data);
      if (walk.found.length > 0) {
        const binary = type === EVENT ? BINARY_EVENT : BINARY_ACK;
        const attachments = walk.found.length;
        return [this.#text({ ...packet, type: binary, data, attachments }), ...walk.found];
      }
    }
    return [this.#text(packet)];
  }

  #text({ attachments, data, id, nsp, type }: Packet): string {
    let text = String(type);
    if (type === BINARY_EVENT || type === BINARY_ACK) text += `${attachments}-`;
    if (nsp && nsp !== "/") text += `${nsp},`;
    if (id != null) text += id;
    return data == null ? text : text + JSON.stringify(data, this.#replacer);
  }
}

function isBinary(value: unknown): value is Uint8Array {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return true;
  const tag = Object.prototype.toString.call(value);
  // Old engines pass base64 in an object.
  return tag === "[object Blob]" || tag === "[object File]" || "base64" in value;
}

/** Collects frames into packets; raises `decoded` with each. */
export class Decoder extends DecodedEmitter<Packet> {
  readonly #decoder: JsonDecoder;

  /** `options` may be a function for `JSON.parse` alone. */
  constructor(options?: DecoderOptions | JSONReviver) {
    super();
    const { maxAttachments = DEFAULT_LIMITS.maxAttachments, reviver } =
      typeof options === "function" ? { reviver: options } : (options ?? {});
    this.#decoder = new JsonDecoder({ maxAttachments, reviver });
  }

  /**
   * Takes a frame.
   * @throws Error when it breaks the protocol; the decoder should then be destroyed
   */
  // biome-ignore lint/suspicious/noExplicitAny: as the package types it.
  add(frame: any): void {
    if (typeof frame !== "string" && !isBinary(frame)) throw new Error(`Unknown type: ${frame}`);
    const packet = this.#decoder.add(frame);
    if (packet === undefined) return;
    const { data, id, nsp, type } = packet;
    const decoded: Packet = { type, nsp };
    if (id !== undefined) decoded.id = id;
    if (data !== undefined) decoded.data = data;
    this.raiseDecoded(decoded);
  }

  /** Forgets a half-received packet. */
  destroy(): void {
    this.#decoder.reset();
  }
}

/** Whether a packet is one that may be sent. Its bytes have not been extracted yet: it has no binary type. */
export function isPacketValid(packet: Packet): boolean {
  const { data, id, nsp, type } = (packet ?? {}) as Partial<Packet>;
  if (typeof nsp !== "string" || !(id === undefined || Number.isInteger(id))) return false;
  const isKnown = type !== undefined && type !== BINARY_EVENT && type !== BINARY_ACK;
  return isKnown && isPayloadValid(type, data);
}
