// Bodies of revision 3 as a peer of that time writes and counts them; written apart from what is under test.

/** A packet: text with its type, or the bytes of a message. */
export type OldPacket = string | Buffer;

/** A packet as a WebSocket carries it: bytes have their type in front. */
export function oldFrame(packet: OldPacket): string | Buffer {
  return typeof packet === "string" ? packet : Buffer.concat([Buffer.from([4]), packet]);
}

/** A body of text when nothing in it is bytes, else of bytes. */
export function oldBody(packets: readonly OldPacket[]): string | Buffer {
  if (packets.every((packet) => typeof packet === "string")) {
    return packets.map((packet) => `${packet.length}:${packet}`).join("");
  }
  return Buffer.concat(
    packets.flatMap((packet) => {
      const data = Buffer.from(oldFrame(packet) as string);
      const digits = [...String(data.length)].map(Number);
      return [Buffer.from([typeof packet === "string" ? 0 : 1, ...digits, 0xff]), data];
    }),
  );
}

/** How many packets there are in a body. */
export function countOld(body: string | Buffer): number {
  let count = 0;
  for (let at = 0; at < body.length; count++) {
    if (typeof body === "string") {
      const colon = body.indexOf(":", at);
      at = colon + 1 + Number(body.slice(at, colon));
    } else {
      const end = body.indexOf(0xff, at);
      at = end + 1 + Number([...body.subarray(at + 1, end)].join(""));
    }
  }
  return count;
}
