// WebSocket for sessions that send binary as text (`forceBase64`).

import type { Binary, OutgoingPacket } from "../transports/transport.ts";
import { WebSocketTransport } from "../transports/web-socket.ts";
import { textForm } from "./text-form.ts";

/** Carries packets over the WebSocket of the browser, Deno, Bun, a worker or React Native. */
export class BrowserWebSocket extends WebSocketTransport {
  protected override frameOf(packet: OutgoingPacket): string | Binary | Promise<string> {
    return this.setup.options.forceBase64 ? textForm(packet) : super.frameOf(packet);
  }
}
