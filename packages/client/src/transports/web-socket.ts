// WebSocket as a transport: the platform's own, unless a subclass makes the socket by other means.

import { encodeEnginePacket, type Frame } from "@sockeye/protocol";
import type { TransportSetup } from "../options.ts";
import {
  type Binary,
  type OutgoingPacket,
  type Transport,
  type TransportSink,
  transportError,
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
  readonly bufferedAmount?: number;
  close(): void;
}

type ReactNativeWebSocket = new (
  url: string,
  protocols: string | string[],
  options: object,
) => WebSocketLike;

/** Carries each packet as one WebSocket message. */
export class WebSocketTransport implements Transport {
  sink!: TransportSink;
  writable = false;
  protected readonly setup: TransportSetup;
  #socket: WebSocketLike | undefined;

  constructor(setup: TransportSetup) {
    this.setup = setup;
  }

  get name(): string {
    return "websocket";
  }

  get bufferedAmount(): number | undefined {
    return this.#socket?.bufferedAmount;
  }

  /** Makes the platform's socket. May throw. */
  protected connect(url: string): WebSocketLike {
    const { protocols = [], extraHeaders: headers } = this.setup.options;
    // React Native takes headers; browsers ignore the third argument.
    const Constructor = WebSocket as unknown as ReactNativeWebSocket;
    return new Constructor(url, protocols, { headers });
  }

  /** HTTP status of a refused handshake, where the platform tells it. */
  protected statusIn(_cause: unknown): number | undefined {
    return undefined;
  }

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
    socket.onopen = () => {
      // Not before: users set it on a session that is opening already.
      socket.binaryType = this.setup.binaryType();
      this.writable = true;
      this.sink.onOpen();
    };
    socket.onmessage = (event: { data: string | Binary }) => this.sink.onFrame(event.data);
    socket.onclose = (event: unknown) => {
      this.sink.onClose({ description: "websocket connection closed", context: event });
    };
    socket.onerror = (event: unknown) => this.#fail(event);
  }

  #fail(description: unknown): void {
    const status = this.statusIn(description);
    this.sink.onError(transportError("websocket error", { description, status }));
  }

  send(packets: readonly OutgoingPacket[]): void {
    for (const packet of packets) {
      const frame = encodeEnginePacket(packet as { type: "message"; data: Frame });
      this.transmit(frame, packet.options);
    }
    this.writable = false;
    // Writable again in the next microtask: volatile packets sent in one go are dropped but for the first.
    queueMicrotask(this.settle);
  }

  /** Hands a frame to the platform; `options` are for Node. */
  protected transmit(frame: string | Binary, options?: object): void {
    this.#socket?.send(frame, options);
  }

  /** What was sent is on its way. */
  protected readonly settle = (): void => {
    if (!this.#socket) return;
    this.writable = true;
    this.sink.onDrain();
  };

  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.writable = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Node's packages throw an error event that nobody listens to, and one comes of closing too early.
    socket.onerror = () => {};
    socket.close();
  }
}
