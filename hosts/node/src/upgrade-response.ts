// The response that middleware receives during a WebSocket handshake. Headers set on it are sent with the 101; ending
// it refuses the handshake.

import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ReplyHeaders } from "@sockeye/engine";

/** A response without a connection: it only collects headers. */
export class UpgradeResponse extends ServerResponse {
  readonly #socket: Duplex;

  constructor(request: IncomingMessage, socket: Duplex) {
    super(request);
    this.#socket = socket;
  }

  /** The headers of middleware, including middleware that waits for `writeHead`, as `express-session` does. */
  finish(status: number): ReplyHeaders {
    (this as ServerResponse).writeHead(status);
    return this.getHeaders() as ReplyHeaders;
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
