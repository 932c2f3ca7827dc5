// The used part of the web's platform, beyond Request and Response: what a runtime or an application hands in for WebSockets.

/** A WebSocket as browsers, Deno and Cloudflare have it. */
export interface WebSocketLike {
  readonly readyState: number;
  /** Bytes that wait for the client; some platforms do not say. */
  readonly bufferedAmount?: number;
  binaryType?: string;
  addEventListener(type: string, listener: (event: Event) => void): void;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** An accepted handshake: the server's end of the WebSocket, and the response that completes the handshake. */
export interface UpgradedWebSocket {
  readonly socket: WebSocketLike;
  readonly response: Response;
}
