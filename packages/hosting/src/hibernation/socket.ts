// A WebSocket that outlives the memory of its process, for the engine's port: the host passes on what happens to it.

import type { Frame } from "@sockeye/engine";
import type { WebSocketLike } from "../web.ts";
import { WebRawSocket, type WebSocketContext } from "../web-socket.ts";

/** What the sockets of one process share. */
export interface KeptSocketContext extends WebSocketContext {
  /** Called with each frame that is sent. */
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
export class KeptSocket extends WebRawSocket {
  /** The session id of the connection. */
  readonly id: string;
  /** When the client was last answered without the process. */
  answeredAt = 0;
  readonly #onSend: () => void;

  constructor(ws: WebSocketLike, context: KeptSocketContext, id: string) {
    super(ws, context);
    this.id = id;
    this.#onSend = context.onSend;
  }

  override send(frame: Frame): number {
    this.#onSend();
    return super.send(frame);
  }
}
