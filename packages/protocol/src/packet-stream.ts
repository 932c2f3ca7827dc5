// Engine.IO packets in a stream of bytes, as WebTransport carries them: a header with the length, then the packet.
//
//   length n      header
//   up to 125     n
//   up to 65 535  7e, n in two bytes
//   beyond        7f, n in eight bytes        the first bit of the header says that the packet is bytes

import { ByteQueue } from "./byte-queue.ts";
import { bytesIn } from "./bytes.ts";
import { type BinaryType, decodePacket, encodePacket, type Packet } from "./loose-packet.ts";

const BINARY = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const LARGEST_HIGH_HALF = 2 ** 21 - 1;

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

function headerOf(length: number, kind: number): Uint8Array {
  if (length < LENGTH_16) return Uint8Array.of(kind | length);
  if (length < 65_536) return Uint8Array.of(kind | LENGTH_16, length >>> 8, length & 0xff);
  const header = new Uint8Array(9);
  header[0] = kind | LENGTH_64;
  new DataView(header.buffer).setBigUint64(1, BigInt(length));
  return header;
}

/** A `TransformStream` from packets to bytes: a header, then the packet. */
export function createPacketEncoderStream(): PlatformStream {
  const encoder = new TextEncoder();
  return makeStream<Packet, Uint8Array>((packet, controller) => {
    encodePacket(packet, true, (encoded: string | ArrayBuffer | ArrayBufferView) => {
      const isText = typeof encoded === "string";
      const payload = isText ? encoder.encode(encoded) : (bytesIn(encoded) as Uint8Array);
      controller.enqueue(headerOf(payload.length, isText ? 0 : BINARY));
      controller.enqueue(payload);
    });
  });
}

/** The length behind a header's first byte, or `undefined` when it exceeds the greatest exact integer. */
function longLength(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 2) return view.getUint16(0);
  const high = view.getUint32(0);
  return high > LARGEST_HIGH_HALF ? undefined : high * 2 ** 32 + view.getUint32(4);
}

/**
 * A `TransformStream` from bytes to packets. A packet that is empty or longer than `maxPayload` decodes to an `error`,
 * and nothing follows it.
 */
export function createPacketDecoderStream(
  maxPayload: number,
  binaryType?: BinaryType,
): PlatformStream {
  const decoder = new TextDecoder();
  const incoming = new ByteQueue();
  let wanted: "header" | "length" | "payload" | "nothing" = "header";
  let count = 1;
  let isBinary = false;

  const begin = (length: number | undefined): Packet | undefined => {
    if (length === undefined || length === 0 || length > maxPayload) {
      wanted = "nothing";
      return { type: "error", data: "parser error" };
    }
    wanted = "payload";
    count = length;
    return undefined;
  };
  const step = (): Packet | undefined => {
    const bytes = incoming.take(count);
    if (wanted === "header") {
      const first = bytes[0] as number;
      isBinary = first >= BINARY;
      const length = first & ~BINARY;
      if (length < LENGTH_16) return begin(length);
      wanted = "length";
      count = length === LENGTH_16 ? 2 : 8;
      return undefined;
    }
    if (wanted === "length") return begin(longLength(bytes));
    wanted = "header";
    count = 1;
    return decodePacket(isBinary ? bytes : decoder.decode(bytes), binaryType);
  };
  return makeStream<Uint8Array, Packet>((chunk, controller) => {
    if (wanted === "nothing") return;
    incoming.put(chunk);
    while (wanted !== ("nothing" as string) && incoming.length >= count) {
      const packet = step();
      if (packet !== undefined) controller.enqueue(packet);
    }
  });
}
