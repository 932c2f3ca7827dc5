// What Deno's declarations would say of the members that pages use.

declare const Deno: {
  readTextFileSync(path: string): string;
  serve(options: object, handler?: object): void;
  upgradeWebSocket: import("@sockeye/fetch").UpgradeWebSocket;
  upgradeWebTransport(connection: object): Promise<WebTransport & { url: string }>;
  QuicEndpoint: new (
    options: object,
  ) => {
    listen(
      options: object,
    ): AsyncIterable<{ accept(): Promise<{ remoteAddr: { hostname: string } }> }>;
  };
};

declare module "uWebSockets.js" {
  interface HttpResponse {
    end(body: string): void;
  }
  interface App {
    get(path: string, handler: (response: HttpResponse) => void): this;
    listen(port: number, done: (socket: object | false) => void): this;
  }
  const uws: { App(): App & import("@sockeye/uws").UwsApp };
  export default uws;
}
