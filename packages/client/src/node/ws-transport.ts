// WebSocket by the `ws` package: Node 20 has no client of its own, and newer ones take no headers.

import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { BrowserWebSocket } from "../fallback/text-web-socket.ts";
import type {
  Binary,
  OutgoingPacket,
  TransportError,
  WriteOptions,
} from "../transports/transport.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";
import {
  connectionOptions,
  headersOf,
  type NodeEngineOptions,
  webSocketOptions,
} from "./node-options.ts";

/** In characters: above, copying costs more than a second buffer. */
const LONGEST_MERGED = 4096;

/** What `ws` is to do with the bytes of a text. */
const TEXT = { binary: false, compress: true };
const PLAIN_TEXT = { binary: false, compress: false };

/** Carries packets over `ws`. */
export class WsTransport extends BrowserWebSocket {
  #connection: Socket | undefined;

  protected override connect(url: string): WebSocketLike {
    const options = this.setup.options as NodeEngineOptions;
    const socket = new TextSocket(url, options.protocols ?? [], {
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

  /** Reports how long the last round trip of establishing the connection took. */
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
      } else {
        // How long the name took to look up says nothing of the distance.
        socket.once("lookup", () => {
          beganAt = performance.now();
        });
        socket.once("connect", told);
      }
    });
  }

  override send(packets: readonly OutgoingPacket[]): void {
    // `ws` writes each message by itself; what goes out together is one write.
    const together = packets.length > 1 ? this.#connection : undefined;
    together?.cork();
    super.send(packets);
    together?.uncork();
  }

  protected override failure(description: unknown): TransportError {
    const found = /response: (\d+)$/.exec((description as { message?: string }).message ?? "");
    const status = found ? Number(found[1]) : undefined;
    return Object.assign(super.failure(description), { status });
  }
}

/** Sends a short text in bytes, so that it leaves as one buffer with its header; as a string it would be two. */
class TextSocket extends WebSocket {
  override send(frame: Binary | string, options?: unknown): void {
    const isShort = typeof frame === "string" && frame.length <= LONGEST_MERGED;
    const { compress } = (options ?? {}) as WriteOptions;
    if (!isShort) super.send(frame as Uint8Array, (options ?? {}) as WriteOptions);
    else super.send(Buffer.from(frame), compress === false ? PLAIN_TEXT : TEXT);
  }
}

function deflateOptions(chosen: NodeEngineOptions["perMessageDeflate"]): boolean | object {
  if (chosen === false) return false;
  return { threshold: 1024, ...(typeof chosen === "object" ? chosen : undefined) };
}
