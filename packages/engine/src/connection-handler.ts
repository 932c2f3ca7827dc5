// What a connection reports upwards. One handler per connection, given once: nothing to subscribe, nothing to leak.

import type { Frame } from "@sockeye/protocol";
import type { ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { Closing } from "./reasons.ts";
import type { Transport } from "./transports/transport.ts";

/** Receives what happens to a connection. User code is isolated above; what is thrown all the same is contained. */
export interface ConnectionHandler {
  /** The payload of a message: text without its type character, or bytes. */
  onMessage(payload: Frame): void;
  /** The connection has ended; nothing follows. */
  onClose(closing: Closing): void;
}

/** Watches one connection, such as for users of `socket.conn`. Nothing may be thrown. */
export interface ConnectionObserver {
  onPacket(frame: Frame): void;
  /** A packet is about to be given to the transport. */
  onPacketCreate(frame: Frame, compress: boolean): void;
  /** It has been. */
  onPacketSent(): void;
  onHeartbeat(): void;
  onUpgrading(transport: Transport): void;
  onUpgrade(transport: Transport): void;
  /** The transport has handed on everything that it was given. */
  onDrain(): void;
  /** An answer over polling, but for the first, is about to be sent; headers may be added. */
  onHeaders?(headers: ReplyHeaders, request: RequestHead): void;
  /** The transport is about to be ended; `unsent` is what it has not handed on, as far as it knows. */
  onEnding(unsent: readonly Frame[]): void;
  /** The connection has ended; its handler has been notified. */
  onClose(closing: Closing): void;
}
