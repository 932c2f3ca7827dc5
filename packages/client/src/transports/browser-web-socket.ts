// The platform's own WebSocket, with what not every page needs: binary as text.

import { textForm } from "./text-form.ts";
import type { Binary, OutgoingPacket } from "./transport.ts";
import { WebSocketTransport } from "./web-socket.ts";

/** Carries packets over the WebSocket of the browser, Deno, Bun, a worker or React Native. */
export class BrowserWebSocket extends WebSocketTransport {
  protected override frameOf(packet: OutgoingPacket): string | Binary | Promise<string> {
    return this.setup.options.forceBase64 ? textForm(packet) : super.frameOf(packet);
  }
}
