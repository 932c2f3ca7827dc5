// Engine.IO packets in a stream of bytes, as WebTransport carries them, in the form of the package `engine.io-parser`:
// transforms of the platform's streams.

import { bytesIn } from "./bytes.ts";
import { type BinaryType, decodePacket, encodePacket, type Packet } from "./loose-packet.ts";
import { StreamFrameReader, streamHeader } from "./stream-frames.ts";

/** The part of the platform's streams that is used. */
interface Controller<T> {
  enqueue(chunk: T): void;
}

interface Streams {
  readonly TransformStream: new (transformer: {
    transform(chunk: never, controller: Controller<never>): void;
  }) => unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the platform's TransformStream, which portable code has no type for.
type PlatformStream = any;

function makeStream<In, Out>(
  transform: (chunk: In, controller: Controller<Out>) => void,
): PlatformStream {
  const { TransformStream } = globalThis as unknown as Streams;
  return new TransformStream({ transform: transform as never });
}

/** A `TransformStream` from packets to bytes: a header, then the packet. */
export function createPacketEncoderStream(): PlatformStream {
  const encoder = new TextEncoder();
  return makeStream<Packet, Uint8Array>((packet, controller) => {
    encodePacket(packet, true, (encoded: string | ArrayBuffer | ArrayBufferView) => {
      const isText = typeof encoded === "string";
      const payload = isText ? encoder.encode(encoded) : (bytesIn(encoded) as Uint8Array);
      controller.enqueue(streamHeader(payload.length, isText ? "text" : "bytes"));
      controller.enqueue(payload);
    });
  });
}

/**
 * A `TransformStream` from bytes to packets. A packet that is empty or longer than `maxPayload` decodes to an `error`,
 * and nothing follows it.
 */
export function createPacketDecoderStream(
  maxPayload: number,
  binaryType?: BinaryType,
): PlatformStream {
  const frames = new StreamFrameReader(maxPayload, () => new Error("parser error"));
  let isBroken = false;
  const next = (): Packet | undefined => {
    try {
      const frame = frames.next();
      if (frame === undefined) return undefined;
      if (frame.length > 0) return decodePacket(frame, binaryType);
    } catch {
      // Longer than allowed, or text that is none.
    }
    isBroken = true;
    return { type: "error", data: "parser error" };
  };
  return makeStream<Uint8Array, Packet>((chunk, controller) => {
    if (isBroken) return;
    frames.put(chunk);
    for (let packet = next(); packet !== undefined; packet = next()) {
      controller.enqueue(packet);
      if (isBroken) return;
    }
  });
}
