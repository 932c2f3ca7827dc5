// WebSocket as a transport: the platform's own, unless a subclass makes the socket by other means.

import { encodeEnginePacket, type Frame } from "@sockeye/protocol";
import type { EngineOptions, TransportSetup } from "../options.ts";
import {
  type Binary,
  type OutgoingPacket,
  SILENT,
  type Transport,
  type TransportError,
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

/** Makes the platform's socket. May throw. */
function platformSocket(
  url: string,
  { protocols = [], extraHeaders: headers }: EngineOptions,
): WebSocketLike {
  // React Native takes headers; browsers ignore the third argument.
  const Constructor = WebSocket as unknown as ReactNativeWebSocket;
  return new Constructor(url, protocols, { headers });
}

/** Carries each packet as one WebSocket message. */
export class WebSocketTransport implements Transport {
  declare sink: TransportSink;
  writable = false;
  declare protected readonly setup: TransportSetup;
  declare protected socket: WebSocketLike | undefined;

  constructor(setup: TransportSetup) {
    this.setup = setup;
  }

  get name(): string {
    return "websocket";
  }

  get bufferedAmount(): number | undefined {
    return this.socket?.bufferedAmount;
  }

  /** Makes the socket. May throw. */
  protected connect(url: string): WebSocketLike {
    return platformSocket(url, this.setup.options);
  }

  open(): void {
    const fail = (description: unknown): void => this.sink.onError(this.failure(description));
    try {
      const socket = this.connect(this.setup.url("ws"));
      this.socket = socket;
      socket.onopen = () => {
        // Not before: users set it on a session that is opening already.
        socket.binaryType = this.setup.binaryType();
        this.writable = true;
        this.sink.onOpen();
      };
      socket.onmessage = ({ data }: { data: string | Binary }) => this.sink.onFrame(data);
      socket.onclose = (context: unknown) =>
        this.sink.onClose({ description: "websocket connection closed", context });
      socket.onerror = fail;
    } catch (error) {
      // Later, so that the caller has listeners in place.
      queueMicrotask(() => fail(error));
    }
  }

  /** The error that listeners get for a cause of the platform's. */
  protected failure(description: unknown): TransportError {
    return transportError("websocket error", { description });
  }

  send(packets: readonly OutgoingPacket[]): void {
    this.writable = false;
    for (const packet of packets) {
      const frame = encodeEnginePacket(packet as { type: "message"; data: Frame });
      // The options are for Node.
      this.socket?.send(frame, packet.options);
    }
    // Writable again in the next microtask: volatile packets sent in one go are dropped but for the first.
    queueMicrotask(this.settle);
  }

  /** What was sent is on its way. */
  protected readonly settle = (): void => {
    if (!this.socket) return;
    this.writable = true;
    this.sink.onDrain();
  };

  close(): void {
    this.sink = SILENT;
    this.writable = false;
    this.socket?.close();
    this.socket = undefined;
  }
}
