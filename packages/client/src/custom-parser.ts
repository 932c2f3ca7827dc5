// Lets a parser written for Socket.IO, `{ Encoder, Decoder }`, stand where a codec is expected.

import type { Codec, Frame, Packet, PacketDecoder } from "@sockeye/protocol";

/** The decoder of a custom parser: raises `decoded` with each packet it completed. */
export interface CustomDecoder {
  on(event: "decoded", listener: (packet: Packet) => void): unknown;
  add(chunk: unknown): void;
  destroy?(): void;
}

/** A parser as Socket.IO's `parser` option takes it. */
export interface CustomParser {
  Encoder: new () => { encode(packet: Packet): readonly unknown[] };
  Decoder: new () => CustomDecoder;
}

/** A decoder that hands each packet to the callback it was made with. */
export interface PacketSink {
  /** Takes one frame. Throws when it breaks the protocol. */
  add(frame: Frame): void;
}

/** Makes the decoder of one connection, for a codec or a custom parser alike. */
export function packetSink(
  parser: Codec | CustomParser,
  deliver: (packet: Packet) => void,
): PacketSink {
  if ("Decoder" in parser) {
    const decoder = new parser.Decoder();
    decoder.on("decoded", deliver);
    return decoder;
  }
  const decoder: PacketDecoder = parser.createDecoder({ onPacket: deliver });
  return {
    add(frame) {
      const packet = decoder.add(frame);
      if (packet) deliver(packet);
    },
  };
}

/** The function that turns packets into frames. */
export function frameMaker(parser: Codec | CustomParser): (packet: Packet) => readonly Frame[] {
  if ("Encoder" in parser) {
    const encoder = new parser.Encoder();
    return (packet) => encoder.encode(packet) as readonly Frame[];
  }
  return (packet) => {
    const encoded = parser.encode(packet);
    return Array.isArray(encoded) ? (encoded as readonly Frame[]) : [encoded as Frame];
  };
}
