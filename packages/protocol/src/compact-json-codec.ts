// The wire form of json-codec.ts in a third of the code, for clients that every page loads. Slower by a few
// microseconds a packet, which a page does not notice and a server would. The same tests hold for both.

import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { MAX_ATTACHMENTS } from "./limits.ts";
import { isPayloadValid, type Packet, PacketType, tagOf } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Type, attachments, namespace, id, JSON. The last group matches the rest, so that matching never backtracks. */
const PARTS = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*),?)?(\d+)?(.*)/s;

/** Added to a packet's type when it has attachments. */
const BINARY = PacketType.BINARY_EVENT - PacketType.EVENT;

interface Unfinished {
  readonly packet: Packet;
  readonly json: string;
  readonly missing: number;
}

/** Whether a value is sent as bytes: a buffer, a view, or a Blob where the platform has it; of any realm. */
export function isBinary(value: unknown): boolean {
  return ArrayBuffer.isView(value) || / (ArrayBuffer|Blob|File)\]/.test(tagOf(value));
}

function encode({ type, nsp, id, data }: Packet): Encoded {
  const attachments: Frame[] = [];
  function extract(this: Record<string, unknown>, key: string, value: unknown): unknown {
    // The application's value; `value` is the result of its `toJSON`.
    const binary = [this[key], value].find(isBinary);
    return binary ? { _placeholder: true, num: attachments.push(binary as Frame) - 1 } : value;
  }
  const hasArguments = type === PacketType.EVENT || type === PacketType.ACK;
  const json = data === undefined ? "" : JSON.stringify(data, hasArguments ? extract : undefined);
  const count = attachments.length;
  const start = count > 0 ? `${type + BINARY}${count}-` : type;
  const text = start + (nsp === "/" ? "" : `${nsp},`) + (id ?? "") + json;
  return count > 0 ? [text, ...attachments] : text;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // An empty payload is no error; invalid JSON becomes a value that no packet accepts.
    return json === "" ? undefined : Number.NaN;
  }
}

function parseHead(text: string): Unfinished {
  const parts = PARTS.exec(text);
  if (!parts) throw new ProtocolError("PACKET_TYPE", `unknown packet type ${text.charAt(0)}`);
  const [, digit, count, nsp = "/", digits, json = ""] = parts;
  const type = Number(digit) as PacketType;
  const isBinary = type >= PacketType.BINARY_EVENT;
  const missing = isBinary ? Number(count) : 0;
  const id = digits ? Number(digits) : undefined;
  if (isBinary && !(missing > 0)) {
    throw new ProtocolError("ATTACHMENT_COUNT", "Illegal attachments");
  }
  if (missing > MAX_ATTACHMENTS) {
    throw new ProtocolError("TOO_MANY_ATTACHMENTS", "too many attachments");
  }
  const plainType = (isBinary ? type - BINARY : type) as PacketType;
  const data = parse(json);
  if (!Number.isSafeInteger(id ?? 0)) throw new ProtocolError("ACK_ID", "ack id out of range");
  // Only a packet that announces attachments has a dash in its head.
  if ((count && !isBinary) || !isPayloadValid(plainType, data)) {
    throw new ProtocolError("PAYLOAD", "invalid payload");
  }
  return { packet: { type: plainType, nsp, data, id }, json, missing };
}

function insertAttachments(json: string, attachments: Frame[]): unknown {
  return JSON.parse(json, (_, value: { _placeholder?: unknown; num?: unknown } | null) => {
    if (value?._placeholder !== true) return value;
    const { num } = value;
    const found = Number.isInteger(num) ? attachments[num as number] : undefined;
    if (!found) throw new ProtocolError("PLACEHOLDER", "illegal attachments");
    // Mark it as used.
    attachments[num as number] = "";
    return found;
  });
}

function createDecoder(): PacketDecoder {
  let unfinished: Unfinished | undefined;
  let attachments: Frame[] = [];
  return {
    reset() {
      unfinished = undefined;
    },
    add(frame) {
      if (typeof frame === "string") {
        if (unfinished) {
          throw new ProtocolError(
            "UNEXPECTED_TEXT",
            "got plaintext data when reconstructing a packet",
          );
        }
        const head = parseHead(frame);
        if (head.missing === 0) return head.packet;
        unfinished = head;
        attachments = [];
        return undefined;
      }
      if (!unfinished) {
        throw new ProtocolError(
          "UNEXPECTED_BINARY",
          "got binary data when not reconstructing a packet",
        );
      }
      const { packet, json, missing } = unfinished;
      if (attachments.push(frame) < missing) return undefined;
      unfinished = undefined;
      packet.data = insertAttachments(json, attachments);
      return packet;
    },
  };
}

/** Socket.IO's default wire form, with `Blob`s let through. At most 10 attachments are taken. */
export const compactJsonCodec: Codec = { encode, createDecoder };
