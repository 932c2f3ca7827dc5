// Checks the output of a third-party codec: what it encodes must be frames, and what it decodes must be packets
// that a client may send. For servers; knows no parser.

import { bytesIn } from "./bytes.ts";
import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { MAX_DEPTH } from "./limits.ts";
import { isDeeperThan } from "./nesting.ts";
import { isPayloadValid, type Packet, PacketType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Attachments are back in their places when a packet is given. */
const PLAIN_TYPE: Readonly<Partial<Record<PacketType, PacketType>>> = {
  [PacketType.BINARY_EVENT]: PacketType.EVENT,
  [PacketType.BINARY_ACK]: PacketType.ACK,
};

/** The output of a third-party decoder as a packet. @throws ProtocolError when a client may not send such a packet */
export function packetOf(given: unknown): Packet {
  const { data, id, nsp, type } = (given ?? {}) as Partial<Packet>;
  const isType = Number.isInteger(type) && type !== undefined;
  if (!isType || type < PacketType.CONNECT || type > PacketType.BINARY_ACK) {
    throw new ProtocolError("PACKET_TYPE", `unknown packet type ${String(type)}`);
  }
  if (typeof nsp !== "string" || !nsp.startsWith("/") || !isPayloadValid(type, data)) {
    throw new ProtocolError("PAYLOAD", "invalid payload");
  }
  if (id != null && !(Number.isSafeInteger(id) && id >= 0)) {
    throw new ProtocolError("ACK_ID", "invalid ack id");
  }
  return { type: PLAIN_TYPE[type] ?? type, nsp, data, id: id ?? undefined };
}

/** The same, for a codec that does not limit nesting. @throws ProtocolError also when the data nests too deeply */
function checkedPacket(given: unknown): Packet {
  const packet = packetOf(given);
  // Asked of every packet, however short: a parser may decompress what it decodes.
  if (isDeeperThan(packet.data, MAX_DEPTH)) {
    throw new ProtocolError("NESTING", "data nested too deeply");
  }
  return packet;
}

/** @throws TypeError when a parser made something else than text and bytes */
function frameOf(made: unknown): Frame {
  const frame = typeof made === "string" ? made : bytesIn(made);
  if (frame !== undefined) return frame;
  throw new TypeError(`a parser must encode to strings and bytes, not ${typeof made}`);
}

function framesOf(made: unknown): Encoded {
  return Array.isArray(made) ? made.map(frameOf) : frameOf(made);
}

/**
 * A codec that checks another one, which may be a parser in Socket.IO's form: not every parser looks at what peers
 * send, and reserved event names, for instance, must not get through.
 */
export function strictCodec(codec: Codec): Codec {
  return {
    encode: (packet) => framesOf(codec.encode(packet)),
    createDecoder(receiver): PacketDecoder {
      const decoder = codec.createDecoder(
        receiver && { onPacket: (packet) => receiver.onPacket(checkedPacket(packet)) },
      );
      return {
        add(frame) {
          const packet = decoder.add(frame);
          return packet === undefined ? undefined : checkedPacket(packet);
        },
        reset: () => decoder.reset(),
      };
    },
  };
}
