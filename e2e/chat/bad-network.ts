// A proxy between a page and the chat, with the faults of real networks: it may swallow WebSocket
// upgrades, as some company proxies do, it can be cut and mended, and it can fall silent.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * What happens to requests to upgrade to WebSocket: `"swallow"` reads them and never answers, `"refuse"` breaks
 * their connections.
 */
export type UpgradePolicy = "pass" | "swallow" | "refuse";

/** A listening proxy to one local port. */
export class BadNetwork implements AsyncDisposable {
  /** How many upgrade requests did not get through so far. */
  swallowed = 0;
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  readonly #pairs: Set<readonly [Socket, Socket]> = new Set();
  #isCut = false;
  #isLost = false;

  constructor(server: Server) {
    this.#server = server;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** The same by number: clients treat the name localhost in a way of their own. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes over one connection from a browser. */
  accept(
    browser: Socket,
    target: { readonly port: number; readonly upgrades: UpgradePolicy },
  ): void {
    this.#track(browser);
    if (this.#isCut) {
      browser.destroy();
      return;
    }
    if (this.#isLost) return;
    // A browser makes a connection of its own for each WebSocket: its first bytes tell.
    browser.once("data", (head: Buffer) => {
      if (target.upgrades !== "pass" && /^upgrade: *websocket/im.test(head.toString("latin1"))) {
        this.swallowed += 1;
        if (target.upgrades === "refuse") browser.destroy();
        return;
      }
      const server = connect(target.port, "localhost");
      this.#track(server);
      server.write(head);
      browser.pipe(server).pipe(browser);
      const pair = [browser, server] as const;
      this.#pairs.add(pair);
      // Once the network is silent, neither side hears of the other's end.
      for (const [side, other] of [pair, [server, browser] as const]) {
        side.once("close", () => {
          if (this.#pairs.delete(pair)) other.destroy();
        });
      }
    });
  }

  /** Loses, without a word to either side, whatever the present connections carry from now on, their end included. */
  silence(): void {
    for (const [browser, server] of this.#pairs) {
      browser.unpipe(server).resume();
      server.unpipe(browser).resume();
    }
    this.#pairs.clear();
  }

  /** The network is left without a word: silent, and new connections are never answered either, until `mend`. */
  lose(): void {
    this.silence();
    this.#isLost = true;
  }

  /** Breaks all connections, and lets none through until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
    this.#isLost = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

/** Puts a bad network in front of a port. */
export async function startBadNetwork(port: number, upgrades: UpgradePolicy): Promise<BadNetwork> {
  const server = createServer();
  const network = new BadNetwork(server);
  server.on("connection", (browser) => network.accept(browser, { port, upgrades }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return network;
}
