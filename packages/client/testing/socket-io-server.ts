// The real Socket.IO server, started in the test process on a free port, and what tests wait for.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type ServerOptions } from "socket.io";

/** A running server. Ends with the test's scope: `await using`. */
export interface TestServer extends AsyncDisposable {
  readonly io: Server;
  readonly http: HttpServer;
  readonly port: number;
  readonly url: string;
}

/** Starts Socket.IO's own server; on `port` when one is given, as after a crash. */
export async function startServer(
  options: Partial<ServerOptions> = {},
  port = 0,
): Promise<TestServer> {
  const http = createServer();
  const io = new Server(http, options);
  await new Promise<void>((resolve) => {
    http.listen(port, "127.0.0.1", resolve);
  });
  const address = http.address() as AddressInfo;
  return {
    io,
    http,
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await io.close();
    },
  };
}

/** What emitters of either library have in common. */
interface Listening {
  // biome-ignore lint/suspicious/noExplicitAny: listeners declare their own parameters.
  once(event: string, listener: (...args: any[]) => void): unknown;
}

/** Resolves with the arguments of the next event of that name. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are the events' own.
export function next(emitter: Listening, event: string): Promise<any[]> {
  return new Promise((resolve) => {
    emitter.once(event, (...args) => resolve(args));
  });
}
