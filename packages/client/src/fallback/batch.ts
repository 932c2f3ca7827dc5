// How many waiting packets fit into one polling body. The server announces the limit in its handshake.

import type { OutgoingPacket } from "../transports/transport.ts";

/** Base64 is a third longer than the bytes it stands for. */
const BASE64_OVERHEAD = 1.33;

/** UTF-16 has a unit for every three bytes of UTF-8, or fewer. */
const MOST_BYTES = 3;

/** Bytes of a packet in a body: with `isExact`, else at most so many, which costs no encoding. */
function sizeOf({ data }: OutgoingPacket, isExact: boolean): number {
  if (data === undefined) return 0;
  if (typeof data === "string") {
    return isExact ? new TextEncoder().encode(data).length : data.length * MOST_BYTES;
  }
  return Math.ceil(("size" in data ? data.size : data.byteLength) * BASE64_OVERHEAD);
}

function fitting(packets: readonly OutgoingPacket[], limit: number, isExact: boolean): number {
  let size = 1;
  for (let at = 0; at < packets.length; at++) {
    size += sizeOf(packets[at] as OutgoingPacket, isExact);
    if (at > 0 && size > limit) return at;
    // The separator, and the type of the next packet.
    size += 2;
  }
  return packets.length;
}

/** Number of packets, at least one, whose payload stays within `limit` bytes. A packet too large goes alone. */
export function batchLength(packets: readonly OutgoingPacket[], limit: number): number {
  const least = fitting(packets, limit, false);
  return least === packets.length ? least : fitting(packets, limit, true);
}
