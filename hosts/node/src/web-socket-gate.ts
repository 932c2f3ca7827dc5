// Completes WebSocket handshakes and creates raw sockets: with the built-in handshake and parser where the connection
// has no extension, with `ws` where it may compress, with the configured `wsEngine` where there is one.

import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RawSocket, ReplyHeaders } from "@sockeye/engine";
import { EventedRawSocket, type EventedSocket, TurnBatch } from "@sockeye/server";
import {
  answerHandshake,
  FrameReader,
  type RefusedHandshake,
  refusalText,
  refusedHandshake,
  switchingText,
} from "@sockeye/websocket";
import { WebSocketServer } from "ws";
import { nodeBytes, nodeFrames } from "./bytes.ts";
import { nodeError } from "./errors.ts";
import { answerAndClose } from "./lingering-close.ts";
import type { NodeOptions, ServerOptions } from "./options.ts";
import { isTaken, NodeRawSocket, type RawSocketContext } from "./raw-socket.ts";
import type { NodeRequestHead } from "./request-head.ts";
import { nodeClock, surface } from "./runtime.ts";
import { SharedReads } from "./shared-reads.ts";
import { WriteBuffer } from "./write-buffer.ts";
import type { WebSocketEngine } from "./ws-options.ts";

const CLOSE_TIMEOUT = 30_000;

/** A handshake that the engine has admitted. */
export interface AdmittedHandshake {
  readonly head: NodeRequestHead;
  readonly socket: Duplex;
  /** Bytes received after the request. */
  readonly rest: Buffer;
  /** A raw socket without a sink was created. */
  onOpen(raw: RawSocket): void;
  /** It was refused here. */
  onRefused(answer: RefusedHandshake): void;
}

type WebSocketOptions = Pick<NodeOptions, "perMessageDeflate" | "wsEngine"> &
  Pick<ServerOptions, "maxHttpBufferSize">;

const sha1 = (text: string): string => hash("sha1", text, "base64");

/** Completes the WebSocket handshakes of one server. */
export class WebSocketGate {
  readonly #options: WebSocketOptions;
  readonly #context: RawSocketContext;
  readonly #headers = new WeakMap<IncomingMessage, ReplyHeaders>();
  #ws: WebSocketEngine | null;
  #isOpen = true;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    this.#context = {
      reader: new FrameReader(options.maxHttpBufferSize, nodeBytes),
      writer: nodeFrames,
      reads: new SharedReads(),
      batch: new TurnBatch(setImmediate, surface),
      writeBuffer: new WriteBuffer(),
      closeTimeout: CLOSE_TIMEOUT,
      after: nodeClock.after,
      surface,
    };
    this.#ws = this.#createWs();
  }

  /** Completes a handshake; `headers` are those of the 101. */
  complete(handshake: AdmittedHandshake, headers: ReplyHeaders): void {
    const { head, socket, rest } = handshake;
    if (this.#ws === null || !this.#needsWs(head)) {
      this.#completeOwn(handshake, headers);
      return;
    }
    const { request } = head;
    this.#headers.set(request, headers);
    this.#ws.handleUpgrade(request, socket, rest, (ws) => {
      handshake.onOpen(new EventedRawSocket(ws as EventedSocket, surface));
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

  #needsWs(head: NodeRequestHead): boolean {
    if (this.#options.wsEngine !== undefined) return true;
    return head.header("sec-websocket-extensions")?.includes("permessage-deflate") === true;
  }

  #completeOwn(handshake: AdmittedHandshake, headers: ReplyHeaders): void {
    const { head, socket, rest } = handshake;
    // The client may have disconnected before the decision.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      return;
    }
    if (isTaken(socket)) throw nodeError("ERR_HANDSHAKE_COMPLETED");
    const answer = this.#isOpen
      ? answerHandshake(head, sha1)
      : refusedHandshake(503, "Service Unavailable");
    if (answer.kind === "refused") {
      answerAndClose(socket, refusalText({ ...answer, body: answer.message }, nodeBytes));
      handshake.onRefused(answer);
      return;
    }
    // A TCP or TLS socket; other streams have no such methods.
    const { setNoDelay, setTimeout, timeout } = socket as Partial<Socket>;
    if (timeout) setTimeout?.call(socket, 0);
    setNoDelay?.call(socket, true);
    if (rest.length > 0) socket.unshift(rest);
    const raw = new NodeRawSocket(socket, this.#context);
    raw.begin(switchingText(answer, headers, nodeBytes));
    handshake.onOpen(raw);
  }
}
