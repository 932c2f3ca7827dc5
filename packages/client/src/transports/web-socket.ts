// WebSocket, over whatever constructor the platform has: the browser's own, or one for Node.

import { encodeEnginePacket, type Frame } from "@sockeye/protocol";
import { textForm } from "./text-form.ts";
import {
  type Binary,
  type OutgoingPacket,
  type Transport,
  TransportError,
  type TransportSetup,
  type TransportSink,
} from "./transport.ts";

/** The part of the standard WebSocket used here. */
export interface WebSocketLike {
  binaryType: string;
  onopen: (() => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: browsers and Node packages disagree on the event types.
  onmessage: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  onclose: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  onerror: ((event: any) => void) | null;
  /** The second argument is for Node; browsers ignore it. */
  send(data: string | Binary, options?: object): void;
  close(): void;
}

/** Carries each packet as one WebSocket message. Subclasses say how a socket is made. */
export abstract class WebSocketTransport implements Transport {
  sink!: TransportSink;
  writable = false;
  protected readonly setup: TransportSetup;
  #socket: WebSocketLike | null = null;

  constructor(setup: TransportSetup) {
    this.setup = setup;
  }

  get name(): string {
    return "websocket";
  }

  /** Makes the platform's socket. May throw. */
  protected abstract connect(url: string): WebSocketLike;

  open(): void {
    let socket: WebSocketLike;
    try {
      socket = this.connect(this.setup.url("ws"));
    } catch (error) {
      // Later, so that the caller has listeners in place.
      queueMicrotask(() => this.#fail(error));
      return;
    }
    this.#socket = socket;
    socket.binaryType = this.setup.binaryType();
    socket.onopen = () => {
      this.writable = true;
      this.sink.onOpen();
    };
    socket.onmessage = (event: { data: string | Binary }) => this.sink.onFrame(event.data);
    socket.onclose = (event: unknown) => {
      this.sink.onClose({ description: "websocket connection closed", context: event });
    };
    socket.onerror = (event: unknown) => this.#fail(event);
  }

  #fail(cause: unknown): void {
    this.sink.onError(new TransportError("websocket error", cause));
  }

  async send(packets: readonly OutgoingPacket[]): Promise<void> {
    this.writable = false;
    for (const packet of packets) {
      const frame = this.setup.options.forceBase64
        ? await textForm(packet)
        : (encodeEnginePacket(packet as { type: "message"; data: Frame }) as string | Binary);
      this.#socket?.send(frame, packet.options);
    }
    // Writable again in the next microtask: volatile packets sent in one go are dropped but for the first.
    await null;
    if (this.#socket) {
      this.writable = true;
      this.sink.onDrain();
    }
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.writable = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Node's packages throw an error event that nobody listens to, and one comes of closing too early.
    socket.onerror = () => {};
    socket.close();
  }
}
