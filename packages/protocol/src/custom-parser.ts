// Adapts a parser written for Socket.IO, `{ Encoder, Decoder }`, to the codec contract.

import type { Codec, Encoded, PacketDecoder, PacketReceiver } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { type Packet, PacketType } from "./packet.ts";

/** Turns packets into frames; one for all connections. */
export interface CustomEncoder {
  encode(packet: Packet): readonly unknown[];
}

/** Collects frames into packets for one connection; raises `decoded` with each packet it completed. */
export interface CustomDecoder {
  on(event: "decoded", listener: (packet: Packet) => void): unknown;
  add(chunk: unknown): void;
  destroy?(): void;
}

/** A parser as Socket.IO's `parser` option takes it. */
export interface CustomParser {
  readonly Encoder: new () => CustomEncoder;
  readonly Decoder: new () => CustomDecoder;
}

/** Whether a value is a parser in Socket.IO's form. */
export function isCustomParser(value: unknown): value is CustomParser {
  const parser = value as Partial<CustomParser> | null | undefined;
  return typeof parser?.Encoder === "function" && typeof parser.Decoder === "function";
}

/** Converts a binary packet type to the plain one: older parsers keep it after inserting the attachments. */
function unmarked(packet: Packet): Packet {
  const mark = PacketType.BINARY_EVENT - PacketType.EVENT;
  if (!(packet.type >= PacketType.BINARY_EVENT)) return packet;
  return { ...packet, type: (packet.type - mark) as PacketType };
}

class CustomPacketDecoder implements PacketDecoder {
  readonly #decoder: CustomDecoder;

  constructor(decoder: CustomDecoder, receiver: PacketReceiver | undefined) {
    this.#decoder = decoder;
    decoder.on("decoded", (packet) => receiver?.onPacket(unmarked(packet)));
  }

  add(frame: Frame): undefined {
    this.#decoder.add(frame);
  }

  reset(): void {
    this.#decoder.destroy?.();
  }
}

/** A codec that uses a parser in Socket.IO's form. */
export function codecOf(parser: CustomParser): Codec {
  const encoder = new parser.Encoder();
  return {
    encode: (packet) => encoder.encode(packet) as Encoded,
    createDecoder: (receiver) => new CustomPacketDecoder(new parser.Decoder(), receiver),
  };
}
