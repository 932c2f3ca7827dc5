// What goes over the wire, without a client in between: plain requests, and peers that send and record frames.

import { type IncomingHttpHeaders, type RequestOptions, request } from "node:http";
import { connect, type Socket } from "node:net";
import { type ClientOptions, WebSocket } from "ws";

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** Sends one request and reads the answer. */
export function ask(
  port: number,
  path: string,
  options: RequestOptions & { readonly body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const outgoing = request({ host: "127.0.0.1", port, path, agent: false, ...rest }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: whole,
          text: whole.toString(),
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Where handshakes of polling go. */
export const POLLING = "/socket.io/?EIO=4&transport=polling";
/** Where handshakes of WebSockets go. */
export const WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

/** A connection over WebSocket that records its frames from birth. */
export class WirePeer {
  readonly ws: WebSocket;
  /** The code the WebSocket was closed with. */
  readonly closed: Promise<number>;
  readonly #frames: (string | Buffer)[] = [];
  #wake: (() => void) | null = null;

  constructor(port: number, path: string = WEBSOCKET, options: ClientOptions = {}) {
    this.ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
    this.ws.on("message", (data: Buffer, isBinary) => {
      this.#frames.push(isBinary ? data : data.toString());
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => this.ws.on("close", (code) => resolve(code)));
    this.ws.on("error", () => {});
  }

  /** A peer that has done its handshake; the frame with it has been read. */
  static async open(port: number, path?: string, options?: ClientOptions): Promise<WirePeer> {
    const peer = new WirePeer(port, path, options);
    await peer.next();
    return peer;
  }

  /** The next frame; heartbeats are left out. */
  async next(): Promise<string | Buffer> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (frame !== "2") return frame;
    }
  }

  /** Frames that have come and were not read. */
  get unread(): readonly (string | Buffer)[] {
    return this.#frames;
  }

  send(frame: string | Buffer): void {
    this.ws.send(frame);
  }

  /** Joins a namespace and reads the answer. */
  async join(nsp = "/", auth = ""): Promise<string | Buffer> {
    this.send(nsp === "/" ? `40${auth}` : `40${nsp},${auth}`);
    return await this.next();
  }

  close(): void {
    this.ws.terminate();
  }
}

/** A connection over polling. */
export class PollingPeer {
  readonly port: number;
  readonly sid: string;

  constructor(port: number, sid: string) {
    this.port = port;
    this.sid = sid;
  }

  static async open(port: number): Promise<PollingPeer> {
    const { text } = await ask(port, POLLING);
    return new PollingPeer(port, (JSON.parse(text.slice(1)) as { sid: string }).sid);
  }

  get path(): string {
    return `${POLLING}&sid=${this.sid}`;
  }

  /** The frames of the next poll. */
  async poll(): Promise<string[]> {
    return (await ask(this.port, this.path)).text.split("\u001e");
  }

  post(...frames: string[]): Promise<Answer> {
    return ask(this.port, this.path, { method: "POST", body: frames.join("\u001e") });
  }
}

/** Sends bytes and reads whatever comes back until the other side ends. */
export function exchangeBytes(
  port: number,
  bytes: string,
): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (data) => {
    text += String(data);
  });
  socket.on("error", () => {});
  return { socket, answer: new Promise((resolve) => socket.on("close", () => resolve(text))) };
}
