// A bare TCP connection: bytes out, everything that comes back kept as one text, and a reset on demand.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { within } from "./deadline.ts";

/** A TCP connection in the hands of a test. */
export class RawTcp implements Disposable {
  readonly #socket: Socket;
  readonly #ended: Promise<unknown>;
  #received = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#ended = new Promise((resolve) => socket.once("close", resolve));
    socket.setEncoding("latin1").on("data", (text: string) => {
      this.#received += text;
    });
    // A broken connection is what many tests want; it is seen as the end.
    socket.on("error", () => undefined);
  }

  /** Everything received so far, one character per byte. */
  get received(): string {
    return this.#received;
  }

  /** Writes without waiting. */
  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Waits until something received contains `text`. */
  async expect(text: string): Promise<void> {
    const arrival = (async () => {
      while (!this.#received.includes(text)) await once(this.#socket, "data");
    })();
    await within(arrival, `${JSON.stringify(text)} on a TCP connection (got ${JSON.stringify(this.#received.slice(0, 200))})`);
  }

  /** Waits until the other side has closed, and returns everything received. */
  async ended(): Promise<string> {
    await within(this.#ended, `the end of a TCP connection (got ${JSON.stringify(this.#received.slice(0, 200))})`);
    return this.#received;
  }

  /** Closes our half. */
  end(): void {
    this.#socket.end();
  }

  /** Breaks the connection off with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Connects to a port of this machine. */
export async function openTcp(port: number): Promise<RawTcp> {
  const socket = connect({ port, host: "127.0.0.1" });
  const tcp = new RawTcp(socket);
  await within(once(socket, "connect"), "a TCP connection");
  return tcp;
}

/** The head of a WebSocket handshake, as bytes to be written to a TCP connection. */
export function handshakeHead(path: string, extra: readonly string[] = []): string {
  const lines = [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", ...extra];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
