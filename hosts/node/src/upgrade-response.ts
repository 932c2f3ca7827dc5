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

  /**
   * The headers of the 101: those of the engine, and those of middleware, including middleware that waits for
   * `writeHead`, as `express-session` does. Both may set cookies.
   */
  headersWith(own: ReplyHeaders): ReplyHeaders {
    (this as ServerResponse).writeHead(101);
    const set = this.getHeaders() as ReplyHeaders;
    const cookies = set["set-cookie"];
    const headers = { ...set, ...own };
    if (cookies !== undefined && own["set-cookie"] !== undefined) {
      headers["set-cookie"] = [cookies, own["set-cookie"]].flat();
    }
    return headers;
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
