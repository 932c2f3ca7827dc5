// The callbacks of a connection to the layer above. One handler per connection, set once: no subscriptions, no leaks.

import type { Frame } from "@sockeye/protocol";
import type { ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { Closing } from "./reasons.ts";
import type { Saved } from "./saved-connection.ts";
import type { Transport } from "./transports/transport.ts";

/** Receives a connection's events. User code is isolated above; errors thrown nevertheless are contained. */
export interface ConnectionHandler {
  /** The payload of a message: text without its type character, or bytes. */
  onMessage(payload: Frame): void;
  /** The connection has ended; no call follows. */
  onClose(closing: Closing): void;
  /** A ping is about to be sent to a client of revision 4, behind everything that was sent before. */
  onPing?(): void;
  /** The client has answered the ping: it has received what was sent before. */
  onPong?(): void;
  /** Its state as data, or why that cannot be had at this moment. Without this member it has none. */
  save?(): Saved<unknown>;
  /** The connection was taken down; no call follows, and the client must not notice. */
  onReleased?(): void;
  /** Whether nothing in this process waits for the client. Default `true`. */
  readonly isIdle?: boolean;
}

/** Observes one connection, for instance for users of `socket.conn`. Must not throw. */
export interface ConnectionObserver {
  onPacket(frame: Frame): void;
  /** A packet is about to be passed to the transport. */
  onPacketCreate(frame: Frame, compress: boolean): void;
  /** The packet has been passed to the transport. */
  onPacketSent(): void;
  onHeartbeat(): void;
  onUpgrading(transport: Transport): void;
  onUpgrade(transport: Transport): void;
  /** The transport has passed on everything that it accepted. */
  onDrain(): void;
  /** A polling response, except the first, is about to be sent; headers may be added. */
  onHeaders?(headers: ReplyHeaders, request: RequestHead): void;
  /** The transport is about to be ended; `unsent` are the frames that it has not passed on, as far as it knows. */
  onEnding(unsent: readonly Frame[]): void;
  /** The connection has ended; its handler has been notified. */
  onClose(closing: Closing): void;
}
