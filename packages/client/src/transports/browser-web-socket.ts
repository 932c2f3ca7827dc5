// The browser's own WebSocket as a transport.

import { type WebSocketLike, WebSocketTransport } from "./web-socket.ts";

/** Carries packets over the WebSocket of the browser, Deno, Bun, a worker or React Native. */
export class BrowserWebSocket extends WebSocketTransport {
  protected connect(url: string): WebSocketLike {
    const { protocols } = this.setup.options;
    return (protocols
      ? new WebSocket(url, protocols)
      : new WebSocket(url)) as unknown as WebSocketLike;
  }
}
