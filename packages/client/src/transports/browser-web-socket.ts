// The platform's own WebSocket, with what not every page needs: binary as text, and headers.

import { textForm } from "./text-form.ts";
import type { Binary, OutgoingPacket } from "./transport.ts";
import { type WebSocketLike, WebSocketTransport } from "./web-socket.ts";

type ReactNativeWebSocket = new (
  url: string,
  protocols: string | string[],
  options: object,
) => WebSocketLike;

/** Carries packets over the WebSocket of the browser, Deno, Bun, a worker or React Native. */
export class BrowserWebSocket extends WebSocketTransport {
  protected override connect(url: string): WebSocketLike {
    const { protocols = [], extraHeaders: headers } = this.setup.options;
    // React Native takes headers; browsers ignore the third argument.
    const Constructor = WebSocket as unknown as ReactNativeWebSocket;
    return new Constructor(url, protocols, { headers });
  }

  protected override frameOf(packet: OutgoingPacket): string | Binary | Promise<string> {
    return this.setup.options.forceBase64 ? textForm(packet) : super.frameOf(packet);
  }
}
