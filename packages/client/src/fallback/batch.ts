// How many waiting packets fit into one polling body. The server announces the limit in its handshake.

import type { OutgoingPacket } from "../transports/transport.ts";

/** Base64 is a third longer than the bytes it stands for. */
const BASE64_OVERHEAD = 1.33;

function sizeOf({ data }: OutgoingPacket): number {
  if (data === undefined) return 0;
  if (typeof data === "string") {
    // Most texts are ASCII, whose length needs no copy.
    return /[\u0080-\uffff]/.test(data) ? new TextEncoder().encode(data).length : data.length;
  }
  return Math.ceil(("size" in data ? data.size : data.byteLength) * BASE64_OVERHEAD);
}

/** Number of packets, at least one, whose payload stays within `limit` bytes. A packet too large goes alone. */
export function batchLength(packets: readonly OutgoingPacket[], limit: number): number {
  let size = 1;
  for (let at = 0; at < packets.length; at++) {
    size += sizeOf(packets[at] as OutgoingPacket);
    if (at > 0 && size > limit) return at;
    // The separator, and the type of the next packet.
    size += 2;
  }
  return packets.length;
}
