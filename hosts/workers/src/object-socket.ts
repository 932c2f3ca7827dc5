// A WebSocket of a Durable Object, for the engine's port: the object's methods are called with what happens to it.

import type { Frame } from "@sockeye/engine";
import { type RawSocketContext, WebRawSocket, type WebSocketLike } from "@sockeye/fetch/kit";

/** What the sockets of one object share. */
export interface ObjectSocketContext extends RawSocketContext {
  onSend(): void;
}

/** A WebSocket that has gone with an earlier process. */
export const GONE: WebSocketLike = {
  readyState: 3,
  addEventListener: () => {},
  send: () => {},
  close: () => {},
};

/** The raw socket of one connection. */
export class ObjectSocket extends WebRawSocket {
  /** The session id of the connection. */
  readonly id: string;
  /** When the client was last answered without the object. */
  answeredAt = 0;
  readonly #onSend: () => void;

  /** `context.onSend` is called with each frame that is sent. */
  constructor(ws: WebSocketLike, context: ObjectSocketContext, id: string) {
    super(ws, context);
    this.id = id;
    this.#onSend = context.onSend;
  }

  override send(frame: Frame): number {
    this.#onSend();
    return super.send(frame);
  }
}
