// Socket.IO's default wire form: `<type>[<attachments>-][<nsp>,][<id>][<JSON>]`, attachments as binary frames behind it.
// Hot path: no closure, no spread, no copy of data without binary.

import { type BlobPolicy, extractAttachments } from "./attachments.ts";
import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { JsonDecoder } from "./json-decoder.ts";
import { DEFAULT_LIMITS, type DecodeLimits } from "./limits.ts";
import { type Packet, PacketType } from "./packet.ts";

/** What can be chosen about the JSON codec. */
export interface JsonCodecOptions {
  /** Bounds applied to what a peer sends. */
  readonly limits?: DecodeLimits;
  /** What to do with a `Blob`. Default `"refuse"`. */
  readonly blobs?: BlobPolicy;
}

function header(type: number, packet: Packet, attachments: number): string {
  let text = String(type);
  if (attachments > 0) text += `${attachments}-`;
  if (packet.nsp !== "/") text += `${packet.nsp},`;
  if (packet.id !== undefined) text += packet.id;
  return text;
}

/** A codec for Socket.IO's default wire form. */
export function jsonCodec(options: JsonCodecOptions = {}): Codec {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const blobs = options.blobs ?? "refuse";
  return {
    encode(packet: Packet): Encoded {
      const { type } = packet;
      if (type !== PacketType.EVENT && type !== PacketType.ACK) {
        const text = header(type, packet, 0);
        return packet.data === undefined ? text : text + JSON.stringify(packet.data);
      }
      const attachments: Frame[] = [];
      const data = extractAttachments(packet.data, attachments, blobs);
      if (attachments.length === 0) return header(type, packet, 0) + JSON.stringify(data);
      const binaryType =
        type === PacketType.EVENT ? PacketType.BINARY_EVENT : PacketType.BINARY_ACK;
      attachments.unshift(header(binaryType, packet, attachments.length) + JSON.stringify(data));
      return attachments;
    },
    createDecoder(): PacketDecoder {
      return new JsonDecoder(limits);
    },
  };
}
