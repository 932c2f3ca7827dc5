// The response that middleware sees during a WebSocket handshake. Headers set on it go into the 101;
// ending it refuses the handshake.

import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** A response without a connection of its own: it only collects headers. */
export class UpgradeResponse extends ServerResponse {
  readonly #socket: Duplex;

  constructor(request: IncomingMessage, socket: Duplex) {
    super(request);
    this.#socket = socket;
  }

  override end(): this {
    this.#socket.destroy();
    return this;
  }

  override write(): boolean {
    return true;
  }

  override writeHead(): this {
    return this;
  }
}
