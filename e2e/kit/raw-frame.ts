// WebSocket frames as bytes, right or wrong in any respect a test asks for.

/** What is unusual about a frame; everything absent is as a client should send it. */
export interface FramePlan {
  /** Default 1, text. */
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. Default 0. */
  readonly reserved?: number;
  /** Default true, as a client must. */
  readonly masked?: boolean;
  /** A payload length to claim instead of the true one. */
  readonly claim?: bigint;
}

/** Builds one frame, masked with zeros unless asked otherwise. */
export function frame({
  opcode = 1,
  payload = "",
  fin = true,
  reserved = 0,
  masked = true,
  claim,
}: FramePlan): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const length = claim ?? BigInt(body.byteLength);
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126n ? Buffer.from([first, mask | Number(length)]) : longHead(first, mask, length);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}

function longHead(first: number, mask: number, length: bigint): Buffer {
  if (length <= 0xffffn) {
    const head = Buffer.from([first, mask | 126, 0, 0]);
    head.writeUInt16BE(Number(length), 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head.set([first, mask | 127]);
  head.writeBigUInt64BE(length, 2);
  return head;
}
