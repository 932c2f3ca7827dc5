// The wire form of json-codec.ts in a third of the code, for clients that every page loads. Slower by a few
// microseconds a packet, which a page does not notice and a server would. The same tests hold for both.

import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { MAX_ATTACHMENTS } from "./limits.ts";
import { type Packet, PacketType, RESERVED_EVENTS, tagOf } from "./packet.ts";
import { ProtocolError, type ProtocolErrorCode } from "./protocol-error.ts";

/**
 * Type with 1 to 10 attachments, namespace, id, JSON, the first characters of the JSON. Matches every text: what has no
 * valid type has an empty one. Matching never backtracks, because the last group but one matches the rest.
 */
const PARTS = /^([0-4]|[56]0*([1-9]|10)-|)(?:(\/[^,]*),?)?(\d*)(\s*(.?\s*.?).*)/s;

type Reviver = Parameters<typeof JSON.parse>[1];

type Parts = [
  text: string,
  type: string,
  count: string | undefined,
  nsp: string | undefined,
  id: string,
  json: string,
  first: string,
];

/** How JSON begins, by the type of the packet. */
const PAYLOADS = /^(0(\{|$)|1$|2\[\s*["\d-]|3\[|4["{])/;

/** Added to a packet's type when it has attachments. */
const BINARY = PacketType.BINARY_EVENT - PacketType.EVENT;

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
  const json = JSON.stringify(data, hasArguments ? extract : undefined) ?? "";
  const rest = (nsp === "/" ? "" : `${nsp},`) + (id ?? "") + json;
  const count = attachments.length;
  return count > 0 ? [`${type + BINARY}${count}-${rest}`, ...attachments] : type + rest;
}

/** The code that a text is refused with. A function, because the bundles leave the codes out. */
function faultIn(text: string): ProtocolErrorCode {
  const pattern = /^(?:([56])(\d+-)?|[0-4])(?:\/[^,]*,?)?(\d*)/;
  const [head, binary, count, id] = pattern.exec(text) ?? [];
  if (!head) return "PACKET_TYPE";
  const attachments = Number.parseInt(count ?? "0", 10);
  if (binary && attachments === 0) return "ATTACHMENT_COUNT";
  if (attachments > MAX_ATTACHMENTS) return "TOO_MANY_ATTACHMENTS";
  return Number.isSafeInteger(Number(id)) ? "PAYLOAD" : "ACK_ID";
}

/** `JSON.parse`, with a code for broken JSON. The bundles have `JSON.parse` itself, whose error says what is wrong. */
function parseJson(json: string, reviver: Reviver): unknown {
  try {
    return JSON.parse(json, reviver) as unknown;
  } catch (error) {
    throw error instanceof ProtocolError ? error : new ProtocolError("PAYLOAD", "invalid packet");
  }
}

function createDecoder(): PacketDecoder {
  /** Of the packet whose attachments are awaited. */
  let parts: Parts | undefined;
  let attachments: Frame[] = [];

  const insert = (_: string, value: { _placeholder?: unknown; num?: unknown } | null): unknown => {
    if (value?._placeholder !== true) return value;
    const found = attachments.find((_, index) => index === value.num);
    if (!found) throw new ProtocolError("PLACEHOLDER", "invalid packet");
    // Mark it as used.
    attachments[value.num as number] = "";
    return found;
  };

  return {
    reset() {
      parts = undefined;
    },
    add(frame) {
      const isText = typeof frame === "string";
      if (isText === !!parts) {
        const code = isText ? "UNEXPECTED_TEXT" : "UNEXPECTED_BINARY";
        throw new ProtocolError(code, "invalid packet");
      }
      if (isText) {
        parts = PARTS.exec(frame) as unknown as Parts;
        attachments = [];
      } else attachments.push(frame);
      const [text, head, count, nsp = "/", digits, json, first] = parts as Parts;
      const type = (Number(head[0]) - (count ? BINARY : 0)) as PacketType;
      const id = digits ? Number(digits) : undefined;
      if (PAYLOADS.test(type + first) && Number.isSafeInteger(Number(digits))) {
        if (attachments.length < Number(count ?? 0)) return undefined;
        parts = undefined;
        const data = json ? parseJson(json, count ? insert : undefined) : undefined;
        // A message that is an object might not become text.
        if (
          type === PacketType.EVENT
            ? !RESERVED_EVENTS.has((data as string[])[0] as string)
            : typeof (data as { message?: unknown } | undefined)?.message !== "object"
        ) {
          return { type, nsp, data, id };
        }
      }
      throw new ProtocolError(faultIn(text), "invalid packet");
    },
  };
}

/** Socket.IO's default wire form, with `Blob`s let through. At most 10 attachments are taken. */
export const compactJsonCodec: Codec = { encode, createDecoder };
