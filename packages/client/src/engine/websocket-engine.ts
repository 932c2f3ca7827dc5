// The session of a client that has WebSocket and nothing else, which is its own transport. Sessions that may change theirs
// are in racing-engine.ts, with the WebSocket of transports/web-socket.ts.

import { encodeEnginePacket, type Frame } from "@sockeye/protocol";
import { type Carrier, transportError } from "../transports/transport.ts";
import { platformSocket, type WebSocketLike } from "../transports/web-socket.ts";
import { Engine } from "./engine.ts";
import { sessionUrl } from "./session-url.ts";

const nothing = (): void => {};

/** One session over one WebSocket. */
export class WebSocketEngine extends Engine implements Carrier {
  readonly name = "websocket";
  writable = false;
  #socket: WebSocketLike | undefined;

  get transport(): Carrier {
    return this;
  }

  get bufferedAmount(): number | undefined {
    return this.#socket?.bufferedAmount;
  }

  start(): void {
    const { name, opts } = this;
    const options = { ...opts, ...opts.transportOptions?.[name] };
    const fail = (description: unknown): void =>
      this.fail(transportError("websocket error", { description }));
    try {
      const socket = platformSocket(sessionUrl(options, "ws", { transport: name }), options);
      this.#socket = socket;
      socket.onopen = () => {
        // Not before: users set it on a session that is opening already.
        socket.binaryType = this.binaryType;
        this.writable = true;
      };
      socket.onmessage = ({ data }: { data: Frame }) => this.onFrame(data);
      socket.onclose = (context: unknown) =>
        this.lost({ description: "websocket connection closed", context });
      socket.onerror = fail;
    } catch (error) {
      // Later, so that the caller has listeners in place.
      queueMicrotask(() => fail(error));
    }
  }

  transmit(): number {
    const { writeBuffer } = this;
    this.writable = false;
    for (const packet of writeBuffer) {
      this.#socket?.send(encodeEnginePacket(packet as { type: "message"; data: Frame }));
    }
    // Writable again in the next microtask: volatile packets sent in one go are dropped but for the first.
    queueMicrotask(this.#settle);
    return writeBuffer.length;
  }

  readonly #settle = (): void => {
    if (!this.#socket) return;
    this.writable = true;
    this.drained();
  };

  stop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.isSending = this.writable = false;
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onerror = nothing;
    socket.close();
  }
}
