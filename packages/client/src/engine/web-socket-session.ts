// A session over one WebSocket and nothing else: no transports to choose from, nothing to upgrade to, and no buffer,
// because a WebSocket has its own.

import { ENGINE_PACKET_TYPES } from "@sockeye/protocol";
import { type Binary, type OutgoingPacket, transportError } from "../transports/transport.ts";
import { Session } from "./session.ts";
import { sessionUrl } from "./session-url.ts";

/** One session with a server, as `manager.engine` shows it in the client that has WebSocket only. */
export class WebSocketSession extends Session {
  #socket: WebSocket | undefined;

  get name(): string {
    return "websocket";
  }

  /** The session is its own transport. */
  get transport(): this {
    return this;
  }

  /** Whether all that was sent has left. Volatile events are dropped otherwise. */
  get writable(): boolean {
    return this.isOpen() && this.#socket?.bufferedAmount === 0;
  }

  send(data: string | Binary): this {
    this.post({ type: "message", data });
    return this;
  }

  close(): this {
    this.finish("forced close");
    return this;
  }

  protected dial(): void {
    const fail = (description: unknown): void =>
      this.fail(transportError("websocket error", { description }));
    const { opts } = this;
    try {
      const socket = new WebSocket(
        sessionUrl(opts, "ws", { transport: this.name }),
        opts.protocols ?? [],
      );
      this.#socket = socket;
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => this.receive(data as string | Binary);
      socket.onclose = (context) => {
        this.finish("transport close", { description: "websocket connection closed", context });
      };
      socket.onerror = fail;
    } catch (error) {
      // Later, so that the caller has listeners in place.
      queueMicrotask(() => fail(error));
    }
  }

  protected post({ type, data = "" }: OutgoingPacket): void {
    if (!this.isOpen()) return;
    const isText = typeof data === "string";
    this.#socket?.send(isText ? ENGINE_PACKET_TYPES.indexOf(type) + data : (data as ArrayBuffer));
  }

  protected hangUp(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }
}
