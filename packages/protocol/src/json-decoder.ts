// Decodes Socket.IO's default wire form, strictly and in linear time. One instance may serve any
// number of connections that have no packet half sent.
// Hot path: a plain event is one scan of its header and one JSON.parse.

import { restoreAttachments } from "./attachments.ts";
import type { PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { type DecodeOptions, MAX_DEPTH } from "./limits.ts";
import { isDeeperThan, mayNestDeeper } from "./nesting.ts";
import { PackedFrames } from "./packed-frames.ts";
import { isPayloadValid, type Packet, PacketType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

const ZERO = 0x30;
const NINE = 0x39;
const DASH = 0x2d;
const SLASH = 0x2f;
const COMMA = ",";
/** So many attachments may each hold the network buffer that they came in. */
const FEW = 10;

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

type Reviver = DecodeOptions["reviver"];

interface Partial {
  readonly text: string;
  readonly packet: Packet;
  readonly missing: number;
  readonly attachments: PackedFrames | Uint8Array[];
}

/** Collects the frames of the JSON codec into packets. */
export class JsonDecoder implements PacketDecoder {
  readonly #options: DecodeOptions;
  readonly #maxDepth: number;
  readonly #maxBytes: number;
  #partial: Partial | null = null;
  /** Bytes of its attachments so far. */
  #bytes = 0;

  constructor(options: DecodeOptions) {
    this.#options = options;
    this.#maxDepth = options.maxDepth ?? MAX_DEPTH;
    this.#maxBytes = options.maxAttachmentBytes ?? Infinity;
  }

  get isBusy(): boolean {
    return this.#partial !== null;
  }

  get partial(): readonly Frame[] {
    return this.#partial === null ? [] : [this.#partial.text, ...listOf(this.#partial)];
  }

  add(frame: Frame): Packet | undefined {
    if (typeof frame === "string") {
      if (this.#partial !== null) {
        throw new ProtocolError(
          "UNEXPECTED_TEXT",
          "got plaintext data when reconstructing a packet",
        );
      }
      return this.#text(frame);
    }
    return this.#binary(frame);
  }

  reset(): void {
    this.#partial = null;
  }

  #binary(frame: Uint8Array): Packet | undefined {
    const partial = this.#partial;
    if (partial === null) {
      throw new ProtocolError(
        "UNEXPECTED_BINARY",
        "got binary data when not reconstructing a packet",
      );
    }
    this.#bytes += frame.byteLength;
    if (this.#bytes > this.#maxBytes) {
      throw new ProtocolError(
        "ATTACHMENTS_TOO_LARGE",
        `attachments exceed maxAttachmentBytes (${this.#maxBytes})`,
      );
    }
    const { attachments, missing, packet } = partial;
    if (Array.isArray(attachments)) attachments.push(frame);
    else attachments.add(frame);
    if (attachments.length < missing) return undefined;
    this.#partial = null;
    packet.data = restoreAttachments(packet.data, listOf(partial));
    return packet;
  }

  #text(text: string): Packet | undefined {
    const type = (text.charCodeAt(0) - ZERO) as PacketType;
    if (!(type >= PacketType.CONNECT && type <= PacketType.BINARY_ACK)) {
      throw new ProtocolError("PACKET_TYPE", `unknown packet type ${Number(text[0])}`);
    }
    let at = 1;
    let attachments = 0;
    const isBinary = type === PacketType.BINARY_EVENT || type === PacketType.BINARY_ACK;
    if (isBinary) {
      while (isDigit(text.charCodeAt(at))) at++;
      attachments = this.#attachmentCount(text.slice(1, at), text.charCodeAt(at));
      at++;
    }

    let nsp = "/";
    if (text.charCodeAt(at) === SLASH) {
      const end = text.indexOf(COMMA, at);
      nsp = end === -1 ? text.slice(at) : text.slice(at, end);
      at = end === -1 ? text.length : end + 1;
      // Namespaces keep their names; a slice would keep the whole packet in memory.
      if (type === PacketType.CONNECT) nsp = unshared(nsp);
    }

    let id: number | undefined;
    if (isDigit(text.charCodeAt(at))) {
      const start = at;
      while (isDigit(text.charCodeAt(at))) at++;
      id = Number(text.slice(start, at));
      if (!Number.isSafeInteger(id)) throw new ProtocolError("ACK_ID", "ack id out of range");
    }

    const packet: Packet = { type: isBinary ? plainType(type) : type, nsp, data: undefined, id };
    if (at < text.length) {
      packet.data = this.#payload(text, at);
      if (!isPayloadValid(type, packet.data)) throw new ProtocolError("PAYLOAD", "invalid payload");
    } else if (type !== PacketType.CONNECT && type !== PacketType.DISCONNECT) {
      throw new ProtocolError("PAYLOAD", "invalid payload");
    }
    if (!isBinary) return packet;
    this.#bytes = 0;
    this.#partial = { text, packet, missing: attachments, attachments: keeperOf(attachments) };
    return undefined;
  }

  #payload(text: string, from: number): unknown {
    const data = parse(text, from, this.#options.reviver);
    if (mayNestDeeper(text, from, this.#maxDepth) && isDeeperThan(data, this.#maxDepth)) {
      throw new ProtocolError("NESTING", "data nested too deeply");
    }
    return data;
  }

  #attachmentCount(digits: string, next: number): number {
    const count = Number(digits);
    if (digits === "" || next !== DASH || count < 1) {
      throw new ProtocolError("ATTACHMENT_COUNT", "Illegal attachments");
    }
    if (count > this.#options.maxAttachments) {
      throw new ProtocolError("TOO_MANY_ATTACHMENTS", "too many attachments");
    }
    return count;
  }
}

/** What keeps so many attachments until the last has come: a few as they are. */
function keeperOf(count: number): PackedFrames | Uint8Array[] {
  return count <= FEW ? [] : new PackedFrames();
}

function listOf({ attachments }: Partial): Uint8Array[] {
  return Array.isArray(attachments) ? attachments : attachments.list();
}

/** A copy of the text: JavaScript engines represent a slice as a view that keeps the whole text. Keys are copies. */
function unshared(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}

function plainType(type: PacketType): PacketType {
  return type === PacketType.BINARY_EVENT ? PacketType.EVENT : PacketType.ACK;
}

function parse(text: string, from: number, reviver: Reviver): unknown {
  try {
    return JSON.parse(text.slice(from), reviver) as unknown;
  } catch {
    throw new ProtocolError("PAYLOAD", "invalid payload");
  }
}
