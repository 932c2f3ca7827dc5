// Socket.IO's default wire form: `<type>[<attachments>-][<nsp>,][<id>][<JSON>]`, attachments as binary frames behind
// it. Hot path: no closure, no spread, no search for binary in data that is plain, no copy of data without binary.

import { type BlobPolicy, type Extraction, extractAttachments } from "./attachments.ts";
import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import { JsonDecoder } from "./json-decoder.ts";
import { DEFAULT_LIMITS, type DecodeLimits } from "./limits.ts";
import { type Packet, PacketType } from "./packet.ts";
import { isPlainData } from "./plain-data.ts";
import { UndecodedJson } from "./undecoded.ts";

/** Options of the JSON codec. */
export interface JsonCodecOptions {
  /** Bounds applied to what a peer sends. */
  readonly limits?: DecodeLimits;
  /** What to do with a `Blob`. Default `"refuse"`. */
  readonly blobs?: BlobPolicy;
  /** Is shown each event and acknowledgement whose data are not plain, before it is encoded. */
  readonly onNotPlain?: ((packet: Packet) => void) | undefined;
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
  const { onNotPlain } = options;
  return {
    encode(packet: Packet): Encoded {
      const { type } = packet;
      if (packet.data === undefined) return header(type, packet, 0);
      const isEvent = type === PacketType.EVENT || type === PacketType.ACK;
      if (!isEvent || isPlainData(packet.data as unknown[])) {
        return header(type, packet, 0) + JSON.stringify(packet.data);
      }
      onNotPlain?.(packet);
      const extraction: Extraction = { blobs, attachments: null };
      const data = extractAttachments(packet.data, extraction);
      const { attachments } = extraction;
      if (attachments === null) return header(type, packet, 0) + JSON.stringify(packet.data);
      const binaryType =
        type === PacketType.EVENT ? PacketType.BINARY_EVENT : PacketType.BINARY_ACK;
      attachments.unshift(header(binaryType, packet, attachments.length) + JSON.stringify(data));
      return attachments;
    },
    createDecoder(): PacketDecoder {
      return new JsonDecoder(limits);
    },
    undecoded: new UndecodedJson(limits),
  };
}
