// WebSocket for sessions that send binary as text (`forceBase64`).

import type { OutgoingPacket } from "../transports/transport.ts";
import { WebSocketTransport } from "../transports/web-socket.ts";
import { textForm } from "./text-form.ts";

/** Carries packets over the WebSocket of the browser, Deno, Bun, a worker or React Native. */
export class BrowserWebSocket extends WebSocketTransport {
  override send(packets: readonly OutgoingPacket[]): void {
    if (this.setup.options.forceBase64) void this.#sendTexts(packets);
    else super.send(packets);
  }

  async #sendTexts(packets: readonly OutgoingPacket[]): Promise<void> {
    this.writable = false;
    for (const packet of packets) this.socket?.send(await textForm(packet), packet.options);
    queueMicrotask(this.settle);
  }
}
