// WebSocket frames of a client as bytes, right or wrong in any respect that a case asks for.

/** What is unusual about a frame; everything absent is as a client should send it. */
export interface FramePlan {
  /** Default 1, text. */
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. Default 0. */
  readonly reserved?: number;
  /** Default true, as a client must. The mask is all zeros. */
  readonly masked?: boolean;
  /** A length in place of the true one. */
  readonly claim?: bigint;
}

/** Builds one frame. */
export function frame(plan: FramePlan): Uint8Array {
  const { opcode = 1, payload = "", fin = true, reserved = 0, masked = true, claim } = plan;
  const body = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const length = lengthBytes(claim ?? BigInt(body.byteLength), masked ? 0x80 : 0);
  const head = [first, ...length, ...(masked ? [0, 0, 0, 0] : [])];
  const made = new Uint8Array(head.length + body.byteLength);
  made.set(head);
  made.set(body, head.length);
  return made;
}

function lengthBytes(length: bigint, mask: number): number[] {
  if (length < 126n) return [mask | Number(length)];
  const count = length <= 0xffffn ? 2 : 8;
  const digits = Array.from({ length: count }, (_, at) =>
    Number((length >> BigInt(8 * (count - 1 - at))) & 0xffn),
  );
  return [mask | (count === 2 ? 126 : 127), ...digits];
}
