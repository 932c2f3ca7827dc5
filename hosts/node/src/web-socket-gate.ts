// Completes WebSocket handshakes and creates raw sockets: with the built-in handshake and parser where the connection
// has no extension, with `ws` where it may compress, with the configured `wsEngine` where there is one.

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RawSocket, RawSocketSink, ReplyHeaders } from "@sockeye/engine";
import { type WebSocket, WebSocketServer } from "ws";
import { nodeError } from "./errors.ts";
import { FrameReader } from "./frame-reader.ts";
import { answerAndClose } from "./lingering-close.ts";
import type { ServerOptions, WebSocketEngine } from "./options.ts";
import { isTaken, NodeRawSocket, type RawSocketContext } from "./raw-socket.ts";
import { SharedReads } from "./shared-reads.ts";
import { answerHandshake, refusedHandshake } from "./web-socket-handshake.ts";
import { WriteBatch } from "./write-batch.ts";
import { WriteBuffer } from "./write-buffer.ts";
import { WsRawSocket } from "./ws-raw-socket.ts";

const CLOSE_TIMEOUT = 30_000;

/** A handshake that the engine has admitted. */
export interface AdmittedHandshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** Bytes received after the request. */
  readonly head: Buffer;
  /** Headers of the 101. */
  readonly headers: ReplyHeaders;
}

/** A raw socket without a sink yet. */
export type OpenedSocket = RawSocket & { listen(sink: RawSocketSink): void };

/** Receives each handshake that was refused here, and with what. */
export type HandshakeRefused = (
  request: IncomingMessage,
  answer: { readonly status: number; readonly message: string },
) => void;

type WebSocketOptions = Pick<ServerOptions, "maxHttpBufferSize" | "perMessageDeflate" | "wsEngine">;

/** Completes the WebSocket handshakes of one server. */
export class WebSocketGate {
  readonly #options: WebSocketOptions;
  readonly #context: RawSocketContext;
  readonly #onRefused: HandshakeRefused | undefined;
  readonly #headers = new WeakMap<IncomingMessage, ReplyHeaders>();
  #ws: WebSocketEngine | null;
  #isOpen = true;

  constructor(options: WebSocketOptions, onRefused?: HandshakeRefused) {
    this.#onRefused = onRefused;
    this.#options = options;
    this.#context = {
      reader: new FrameReader(options.maxHttpBufferSize),
      reads: new SharedReads(),
      batch: new WriteBatch(),
      writeBuffer: new WriteBuffer(),
      closeTimeout: CLOSE_TIMEOUT,
    };
    this.#ws = this.#createWs();
  }

  /** Completes a handshake; `onOpen` is called unless it is refused. */
  complete(handshake: AdmittedHandshake, onOpen: (raw: OpenedSocket) => void): void {
    const { request, socket, head } = handshake;
    if (this.#ws === null || !this.#needsWs(request)) {
      this.#completeOwn(handshake, onOpen);
      return;
    }
    this.#headers.set(request, handshake.headers);
    this.#ws.handleUpgrade(request, socket, head, (ws) => {
      onOpen(new WsRawSocket(ws as WebSocket));
    });
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
      for (const [name, value] of Object.entries(this.#headers.get(request) ?? {})) {
        for (const each of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${each}`);
      }
    });
    return ws;
  }

  #needsWs(request: IncomingMessage): boolean {
    if (this.#options.wsEngine !== undefined) return true;
    return request.headers["sec-websocket-extensions"]?.includes("permessage-deflate") === true;
  }

  #completeOwn(
    { request, socket, head, headers }: AdmittedHandshake,
    onOpen: (raw: OpenedSocket) => void,
  ): void {
    // The client may have disconnected before the decision.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      return;
    }
    if (isTaken(socket)) throw nodeError("ERR_HANDSHAKE_COMPLETED");
    const answer = this.#isOpen
      ? answerHandshake(request, headers)
      : refusedHandshake(503, "Service Unavailable");
    if (answer.kind === "refused") {
      answerAndClose(socket, answer.text);
      this.#onRefused?.(request, answer);
      return;
    }
    // A TCP or TLS socket; other streams have no such methods.
    const { setNoDelay, setTimeout, timeout } = socket as Partial<Socket>;
    if (timeout) setTimeout?.call(socket, 0);
    setNoDelay?.call(socket, true);
    if (head.length > 0) socket.unshift(head);
    const raw = new NodeRawSocket(socket, this.#context);
    raw.begin(answer.text);
    onOpen(raw);
  }
}
