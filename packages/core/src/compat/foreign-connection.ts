// A connection of a foreign engine, passed to the server by `io.bind(engine)`: that of another runtime, or of the
// package `engine.io`. It adapts the connection to the interface of the library's own engine.

import type { Closing, RequestHead, SendOutcome, SharedMessage } from "@sockeye/engine";
import { bytesIn, type Frame } from "@sockeye/protocol";
import type { PeerConnection } from "../members/peer-parts.ts";

/** The used part of a foreign engine's socket; applications see it as `socket.conn`. */
export interface ForeignSocket {
  readonly id: string;
  /** Revision of the Engine.IO protocol; 4 when the engine does not specify it. */
  readonly protocol?: number;
  /** The platform's request, if there was one. */
  readonly request?: unknown;
  readonly remoteAddress?: string;
  readonly readyState: string;
  readonly transport: { readonly name?: string; readonly writable?: boolean };
  write(data: Frame, options?: { readonly compress?: boolean }): unknown;
  close(discard?: boolean): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each event has arguments of its own.
  on(event: string, listener: (...args: any[]) => void): unknown;
}

/** A foreign engine: any object that raises `connection` with such sockets. */
export interface ForeignEngine {
  on(event: "connection", listener: (socket: ForeignSocket) => void): unknown;
  /** Ends every connection, when the server closes. */
  close?(): unknown;
}

/** The receiver of a foreign connection's events. */
export interface ForeignHandler {
  onMessage(payload: Frame): void;
  onError(error: Error): void;
  onClose(closing: Closing): void;
}

/** The used part of a foreign socket's request, in the form of Node's. */
interface RequestLike {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: object;
  readonly connection?: { readonly encrypted?: boolean } | null;
  readonly _query?: Record<string, string>;
}

function headersOf(headers: object | undefined): RequestHead["headers"] {
  const entries = (headers as { entries?: () => Iterable<[string, string]> } | undefined)?.entries;
  // The web's Headers, or an object.
  if (typeof entries === "function") return Object.fromEntries(entries.call(headers));
  return (headers ?? {}) as RequestHead["headers"];
}

function headOf(socket: ForeignSocket): RequestHead {
  const request = (socket.request ?? {}) as RequestLike;
  const headers = headersOf(request.headers);
  return {
    method: request.method ?? "GET",
    url: request.url ?? "",
    header(name) {
      const value = headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
    headers,
    remoteAddress: socket.remoteAddress ?? "",
    // A connection without a request uses WebTransport, which is always encrypted.
    secure: socket.request == null || request.connection?.encrypted === true,
    native: socket.request ?? null,
    ...(request._query === undefined ? {} : { query: request._query }),
  };
}

/** Bytes in any of the forms that engines use. */
function payloadOf(data: unknown): Frame {
  if (typeof data === "string") return data;
  return bytesIn(data) ?? (data == null ? "" : String(data));
}

/** A connection over a foreign socket. */
export class ForeignConnection implements PeerConnection {
  readonly socket: ForeignSocket;
  readonly request: RequestHead;
  readonly revision: 3 | 4;
  /** What waits for `drain`, once something has. */
  #drains: (() => void)[] | null = null;

  constructor(socket: ForeignSocket) {
    this.socket = socket;
    this.request = headOf(socket);
    this.revision = socket.protocol === 3 ? 3 : 4;
  }

  /** Starts listening to the socket. */
  start(handler: ForeignHandler): void {
    this.socket.on("data", (data: unknown) => handler.onMessage(payloadOf(data)));
    this.socket.on("error", (error: Error) => handler.onError(error));
    this.socket.on("close", (reason: Closing["reason"], error?: Error) =>
      handler.onClose({ reason, error }),
    );
  }

  get id(): string {
    return this.socket.id;
  }

  /** The foreign engine's socket. */
  faceFrom<Face>(_make: unknown): Face {
    return this.socket as unknown as Face;
  }

  get isOpen(): boolean {
    return this.socket.readyState === "open";
  }

  isWritable(): boolean {
    return this.socket.transport.writable === true;
  }

  /** Unknown: the engine has its own limits. */
  get queuedBytes(): number {
    return 0;
  }

  get sendLimit(): number {
    return Infinity;
  }

  cut(): void {
    this.close("discard");
  }

  onHeld(): void {}

  whenSent(callback: () => void): void {
    if (this.isWritable()) {
      callback();
      return;
    }
    if (this.#drains === null) {
      this.#drains = [];
      this.socket.on("drain", () => {
        for (const each of this.#drains?.splice(0) ?? []) each();
      });
    }
    this.#drains.push(callback);
  }

  send(payload: Frame, compress = true): SendOutcome {
    if (!this.isOpen) return "closed";
    this.socket.write(payload, { compress });
    return "sent";
  }

  sendShared(message: SharedMessage): SendOutcome {
    let outcome: SendOutcome = "sent";
    for (const frame of message.frames) {
      // The foreign engine adds the type character.
      const payload = typeof frame === "string" ? frame.slice(1) : frame;
      outcome = this.send(payload, message.compress);
    }
    return outcome;
  }

  close(how: "flush" | "discard" = "flush"): void {
    this.socket.close(how === "discard");
  }

  /** Ends the connection, even when the engine has not detected it. */
  onLost(_closing: Closing): void {
    this.socket.close(true);
  }
}
