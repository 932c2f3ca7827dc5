// What Deno's declarations would say of the members that pages use.

declare const Deno: {
  readTextFileSync(path: string): string;
  serve(options: object, handler: object): void;
  upgradeWebSocket(request: Request): { socket: WebSocket; response: Response };
  upgradeWebTransport(connection: object): Promise<WebTransport & { url: string }>;
  QuicEndpoint: new (
    options: object,
  ) => {
    listen(
      options: object,
    ): AsyncIterable<{ accept(): Promise<{ remoteAddr: { hostname: string } }> }>;
  };
};
