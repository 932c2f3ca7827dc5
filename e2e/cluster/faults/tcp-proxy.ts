// A connection that can be cut: passes bytes on to a port until it is told to hold them back, or to reset.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What happens to bytes: they pass; they are kept, as on a path that has died; connections are reset and refused. */
export type Passage = "open" | "held" | "reset";

/** A proxy in front of one port. */
export class TcpProxy implements AsyncDisposable {
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #passage: Passage = "open";

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Changes what happens to bytes from now on. */
  turn(passage: Passage): void {
    this.#passage = passage;
    for (const socket of this.#sockets) {
      if (passage === "reset") socket.resetAndDestroy();
      else if (passage === "held") socket.pause();
      else socket.resume();
    }
  }

  #accept(socket: Socket): void {
    if (this.#passage === "reset") {
      socket.resetAndDestroy();
      return;
    }
    const peer = connect(this.#target, "127.0.0.1");
    this.#join(socket, peer);
    this.#join(peer, socket);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on("data", (bytes) => to.write(bytes));
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#passage === "held") from.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
