// Validates the results of a third-party codec: encoding must return frames, and decoding packets that a client may
// send. For servers; knows no parser.

import { bytesIn } from "./bytes.ts";
import type { Codec, Encoded, PacketDecoder } from "./codec.ts";
import type { EncodingFault } from "./encoding-errors.ts";
import type { Frame } from "./frame.ts";
import { MAX_DEPTH } from "./limits.ts";
import { isDeeperThan } from "./nesting.ts";
import { isPayloadValid, type Packet, PacketType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

/** The plain type of each binary type: decoded packets contain their attachments. */
const PLAIN_TYPE: Readonly<Partial<Record<PacketType, PacketType>>> = {
  [PacketType.BINARY_EVENT]: PacketType.EVENT,
  [PacketType.BINARY_ACK]: PacketType.ACK,
};

/** Validates the result of a third-party codec. @throws ProtocolError when it is no packet that a client may send */
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

/**
 * Validates a packet before an application receives it.
 * @throws ProtocolError when it is invalid or nested too deeply
 */
function checkedPacket(given: unknown): Packet {
  const packet = packetOf(given);
  // Checked for every packet, however short: a parser may decompress what it decodes.
  if (isDeeperThan(packet.data, MAX_DEPTH)) {
    throw new ProtocolError("NESTING", "data nested too deeply");
  }
  return packet;
}

/** @throws TypeError when a parser returned something other than text and bytes */
function frameOf(made: unknown): Frame {
  const frame = typeof made === "string" ? made : bytesIn(made);
  if (frame !== undefined) return frame;
  throw new TypeError(
    `a parser must encode to strings and bytes, not ${typeof made}` satisfies EncodingFault,
  );
}

function framesOf(made: unknown): Encoded {
  return Array.isArray(made) ? made.map(frameOf) : frameOf(made);
}

/**
 * A codec that checks another one, which may be a parser in Socket.IO's form: not every parser validates
 * what clients send, and reserved event names, for instance, must not get through.
 */
export function strictCodec(codec: Codec): Codec {
  return {
    encode: (packet) => framesOf(codec.encode(packet)),
    createDecoder(receiver): PacketDecoder {
      let isUnfinished = false;
      const decoder = codec.createDecoder(
        receiver && {
          onPacket(packet) {
            isUnfinished = false;
            receiver.onPacket(checkedPacket(packet));
          },
        },
      );
      return {
        get isUnfinished() {
          return isUnfinished;
        },
        add(frame) {
          isUnfinished = true;
          const packet = decoder.add(frame);
          if (packet === undefined) return undefined;
          isUnfinished = false;
          return checkedPacket(packet);
        },
        reset: () => decoder.reset(),
      };
    },
  };
}
