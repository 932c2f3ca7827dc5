// A bare TCP connection: bytes out, everything that comes back kept as one text, and a reset on demand.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { within } from "./deadline.ts";

/** A TCP connection in the hands of a test. */
export class RawTcp implements Disposable {
  readonly #socket: Socket;
  readonly #ended: Promise<unknown>;
  readonly #broken: Promise<unknown>;
  #received = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#ended = new Promise((resolve) => socket.once("close", resolve));
    this.#broken = new Promise((resolve) => socket.once("error", resolve));
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

  /** Waits until something received contains `text`; fails when the connection ends before. */
  async expect(text: string): Promise<void> {
    const arrival = (async () => {
      while (!this.#received.includes(text) && !this.#socket.destroyed) await this.#news();
    })();
    await within(arrival, () => `${JSON.stringify(text)} on a TCP connection (${this.#summary()})`);
    if (!this.#received.includes(text))
      throw new Error(`the TCP connection ended (${this.#summary()})`);
  }

  /** Waits for the head of an HTTP answer, or for the end without one; returns what was received. */
  async head(): Promise<string> {
    const arrival = (async () => {
      while (!this.#received.includes("\r\n\r\n") && !this.#socket.destroyed) await this.#news();
    })();
    await within(arrival, () => `the head of an HTTP answer (${this.#summary()})`);
    return this.#received;
  }

  /** Waits until the other side has closed, and returns everything received. */
  async ended(): Promise<string> {
    await within(this.#ended, () => `the end of a TCP connection (${this.#summary()})`);
    return this.#received;
  }

  /** Closes our half. */
  end(): void {
    this.#socket.end();
  }

  /** Stops reading, so that the other side can no longer get rid of what it writes. */
  pause(): void {
    this.#socket.pause();
  }

  /** Waits until the connection breaks under what is being written. */
  async broken(): Promise<void> {
    await within(this.#broken, "a TCP connection to break");
  }

  /** Breaks the connection off with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async #news(): Promise<void> {
    await Promise.race([new Promise((resolve) => this.#socket.once("data", resolve)), this.#ended]);
  }

  #summary(): string {
    return `got ${JSON.stringify(this.#received.slice(0, 200))}`;
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

/** Writes bytes to a connection of its own: the status of the HTTP answer, or "cut" without one. */
export async function statusOf(port: number, bytes: string | Uint8Array): Promise<string> {
  using tcp = await openTcp(port);
  tcp.write(bytes);
  return /^HTTP\/1\.1 (\d{3})/.exec(await tcp.head())?.[1] ?? "cut";
}
