// Makes raw sockets of network sockets: with the built-in parser where the connection has no extension, with `ws` where it
// may compress, with the configured `wsEngine` where there is one.

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RawSocket, ReplyHeaders } from "@sockeye/engine";
import { EventedRawSocket, headerLines, TurnBatch } from "@sockeye/server";
import { FrameReader } from "@sockeye/websocket";
import { WebSocketServer } from "ws";
import { nodeBytes, nodeFrames } from "./bytes.ts";
import type { ServerOptions } from "./options.ts";
import { NodeRawSocket, type RawSocketContext } from "./raw-socket.ts";
import type { NodeRequestHead } from "./request-head.ts";
import { services } from "./runtime.ts";
import { SharedReads } from "./shared-reads.ts";
import { WriteBuffer } from "./write-buffer.ts";
import type { WebSocketEngine } from "./ws-options.ts";

/** What Node has of a handshake. `rest`: bytes received after the request. */
export interface NativeHandshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly rest: Buffer;
}

const CLOSE_TIMEOUT = 30_000;

/** The options that WebSockets depend on. */
type WebSocketOptions = Pick<ServerOptions, "maxHttpBufferSize" | "perMessageDeflate" | "wsEngine">;

/** Opens the WebSockets of one server. */
export class WebSocketGate {
  readonly #options: WebSocketOptions;
  readonly #context: RawSocketContext;
  readonly #headers = new WeakMap<IncomingMessage, ReplyHeaders>();
  #ws: WebSocketEngine | null;
  #isOpen = true;

  constructor(options: WebSocketOptions) {
    const { surface, clock, afterTurn } = services;
    this.#options = options;
    this.#context = {
      reader: new FrameReader(options.maxHttpBufferSize, nodeBytes),
      writer: nodeFrames,
      reads: new SharedReads(),
      batch: new TurnBatch(afterTurn, surface),
      writeBuffer: new WriteBuffer(),
      closeTimeout: CLOSE_TIMEOUT,
      after: clock.after,
      surface,
    };
    this.#ws = this.#createWs();
  }

  /** Whether handshakes are completed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether `ws` or the configured engine completes a handshake. */
  takes(head: NodeRequestHead): boolean {
    if (this.#ws === null) return false;
    if (this.#options.wsEngine !== undefined) return true;
    return head.header("sec-websocket-extensions")?.includes("permessage-deflate") === true;
  }

  /** Lets it complete a handshake; `headers` are those of the 101. */
  complete(
    { request, socket, rest }: NativeHandshake,
    headers: ReplyHeaders,
    onOpen: (raw: RawSocket) => void,
  ): void {
    this.#headers.set(request, headers);
    this.#ws?.handleUpgrade(request, socket, rest, (ws) => {
      onOpen(new EventedRawSocket(ws, services.surface));
    });
  }

  /** Completes a handshake with that text. */
  open(socket: Duplex, text: string): RawSocket {
    // A TCP or TLS socket; other streams have no such methods.
    const { setNoDelay, setTimeout, timeout } = socket as Partial<Socket>;
    if (timeout) setTimeout?.call(socket, 0);
    setNoDelay?.call(socket, true);
    const raw = new NodeRawSocket(socket, this.#context);
    raw.begin(text);
    return raw;
  }

  /** Writes the frames collected in this event-loop turn. */
  flush(): void {
    this.#context.batch.flush();
  }

  /** Refuses handshakes from now on. */
  close(): void {
    this.#isOpen = false;
    this.#ws?.close();
  }

  /** Accepts handshakes again. */
  reopen(): void {
    this.close();
    this.#isOpen = true;
    this.#ws = this.#createWs();
  }

  #createWs(): WebSocketEngine | null {
    const { maxHttpBufferSize, perMessageDeflate, wsEngine } = this.#options;
    if (wsEngine === undefined && perMessageDeflate === false) return null;
    const Constructor = wsEngine ?? WebSocketServer;
    const ws: WebSocketEngine = new Constructor({
      noServer: true,
      clientTracking: false,
      perMessageDeflate,
      maxPayload: maxHttpBufferSize,
    });
    ws.on("headers", (lines, request) => {
      const own = headerLines(this.#headers.get(request) ?? {});
      lines.push(...own.map(([name, value]) => `${name}: ${value}`));
    });
    return ws;
  }
}
