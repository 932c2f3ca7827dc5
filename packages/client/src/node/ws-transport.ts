// WebSocket by the `ws` package: Node 20 has no client of its own, and newer ones take no headers.

import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { BrowserWebSocket } from "../fallback/text-web-socket.ts";
import type { OutgoingPacket } from "../transports/transport.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";
import {
  connectionOptions,
  headersOf,
  type NodeEngineOptions,
  webSocketOptions,
} from "./node-options.ts";

/** Carries packets over `ws`. */
export class WsTransport extends BrowserWebSocket {
  #connection: Socket | undefined;

  protected override connect(url: string): WebSocketLike {
    const options = this.setup.options as NodeEngineOptions;
    const socket = new WebSocket(url, options.protocols ?? [], {
      ...connectionOptions(options),
      ...webSocketOptions(options),
      headers: headersOf(options),
      perMessageDeflate: deflateOptions(options.perMessageDeflate),
      // The server, not a redirect, decides where credentials go.
      followRedirects: false,
      finishRequest: (request: ClientRequest) => {
        this.#tellConnect(request);
        request.end();
      },
    });
    socket.once("upgrade", (response) => {
      this.#connection = response.socket;
      options.cookieJar?.store(response.headers["set-cookie"]);
      if (options.autoUnref) response.socket.unref();
    });
    return socket as unknown as WebSocketLike;
  }

  /** Tells how long the last round trip of establishing the connection took. */
  #tellConnect(request: ClientRequest): void {
    request.once("socket", (socket) => {
      let beganAt = performance.now();
      const told = (): void => this.sink.onConnect(performance.now() - beganAt);
      if (!socket.connecting) told();
      else if ("encrypted" in socket) {
        socket.once("connect", () => {
          beganAt = performance.now();
        });
        socket.once("secureConnect", told);
      } else socket.once("connect", told);
    });
  }

  override send(packets: readonly OutgoingPacket[]): Promise<void> {
    // `ws` writes each message by itself; what goes out together is one write.
    this.#connection?.cork();
    const sent = super.send(packets);
    this.#connection?.uncork();
    return sent;
  }

  protected override statusIn(cause: unknown): number | undefined {
    const found = /response: (\d+)$/.exec((cause as { message?: string }).message ?? "");
    return found ? Number(found[1]) : undefined;
  }
}

function deflateOptions(chosen: NodeEngineOptions["perMessageDeflate"]): boolean | object {
  if (chosen === false) return false;
  return { threshold: 1024, ...(typeof chosen === "object" ? chosen : undefined) };
}
