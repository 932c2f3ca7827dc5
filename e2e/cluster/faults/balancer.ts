// A load balancer without stickiness, for connections: each goes to the next server that takes it.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Passes connections on to one of several ports. */
export class Balancer implements AsyncDisposable {
  /** The ports of the servers. */
  targets: readonly number[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket, 3));
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #accept(socket: Socket, tries: number): void {
    socket.on("error", () => {});
    const port = this.targets[this.#next++ % Math.max(1, this.targets.length)];
    if (port === undefined || tries === 0) {
      socket.destroy();
      return;
    }
    const server = connect(port, "127.0.0.1");
    let isJoined = false;
    server.once("connect", () => {
      isJoined = true;
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      server.setNoDelay(true);
      socket.pipe(server);
      server.pipe(socket);
    });
    server.on("error", () => {
      if (!isJoined) this.#accept(socket, tries - 1);
    });
    server.on("close", () => {
      if (isJoined) socket.destroy();
    });
    socket.on("close", () => {
      this.#sockets.delete(socket);
      server.destroy();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
