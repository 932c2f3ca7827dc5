// When a volatile event is dropped. Knows no sockets and no packets.

import type { Transport } from "./transports/transport.ts";

/** The part of a session's transport that sockets see. */
export type SessionTransport = Pick<Transport, "name" | "writable" | "bufferedAmount">;

/** A WebSocket always takes more. With more bytes than this before it, a volatile event would arrive late. */
const MOST_BUFFERED = 65_536;

/** Whether a volatile event would leave at once. */
export function takesVolatile(transport: SessionTransport | undefined): boolean {
  return !!transport?.writable && !((transport.bufferedAmount as number) > MOST_BUFFERED);
}
