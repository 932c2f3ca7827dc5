// A peer that sends frames as they are and writes down what it gets, over either transport. It knows when the server
// has dealt with everything that it has sent so far.

import { Agent, request } from "node:http";
import { WebSocket } from "ws";

/** A frame; bytes are hexadecimal digits between angle brackets. */
export type TracedFrame = string;

/** A peer. */
export interface TracedPeer {
  readonly isOpen: boolean;
  send(frame: TracedFrame): void;
  /** Resolves when the server has had the time to answer everything. */
  settle(): Promise<void>;
  leave(): Promise<void>;
  /** What has come since this was asked last. */
  take(): string[];
}

function bytesOf(frame: TracedFrame): Buffer | undefined {
  return frame.startsWith("<") ? Buffer.from(frame.slice(1, -1), "hex") : undefined;
}

/** Two rounds of the event loop: whoever puts work off by a tick has done it by then. */
async function rounds(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise(setImmediate);
}

/** Over a WebSocket. */
export class TracedWebSocket implements TracedPeer {
  readonly #ws: WebSocket;
  #got: string[] = [];

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on("message", (data: Buffer, isBinary) => {
      this.#got.push(isBinary ? `<${data.toString("hex")}>` : data.toString());
    });
    ws.on("error", () => {});
    ws.on("close", (code) => this.#got.push(`closed ${code}`));
  }

  static async open(port: number, name: number): Promise<TracedWebSocket> {
    const path = `/socket.io/?EIO=4&transport=websocket&peer=${name}`;
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    const peer = new TracedWebSocket(ws);
    await new Promise((resolve) => ws.once("open", resolve));
    return peer;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  send(frame: TracedFrame): void {
    this.#ws.send(bytesOf(frame) ?? frame);
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      if (this.isOpen) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            this.#ws.off("pong", done).off("close", done);
            resolve();
          };
          this.#ws.on("pong", done).on("close", done).ping();
        });
      }
      await rounds();
    }
  }

  leave(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ws.readyState === WebSocket.CLOSED) resolve();
      else this.#ws.once("close", () => resolve()).close();
    });
  }

  take(): string[] {
    const got = this.#got;
    this.#got = [];
    return got;
  }
}

const agent = new Agent({ keepAlive: true });

function ask(port: number, path: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const method = body === undefined ? "GET" : "POST";
    const outgoing = request({ host: "127.0.0.1", port, path, method, agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    outgoing.on("error", () => resolve({ status: 0, text: "" }));
    outgoing.end(body);
  });
}

/** Over polling: a poll always waits. */
export class TracedPoller implements TracedPeer {
  readonly #port: number;
  readonly #path: string;
  #state: "open" | "left" | "closed" = "open";
  #got: string[] = [];
  #sending: Promise<void> = Promise.resolve();
  #polls = 0;

  constructor(port: number, path: string) {
    this.#port = port;
    this.#path = path;
    void this.#poll();
  }

  static async open(port: number, name: number): Promise<TracedPoller> {
    const path = `/socket.io/?EIO=4&transport=polling&peer=${name}`;
    const { text } = await ask(port, path);
    const { sid } = JSON.parse(text.slice(1)) as { sid: string };
    return new TracedPoller(port, `${path}&sid=${sid}`);
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  send(frame: TracedFrame): void {
    const body = bytesOf(frame)?.toString("base64");
    this.#sending = this.#sending.then(async () => {
      const { status } = await ask(this.#port, this.#path, body === undefined ? frame : `b${body}`);
      if (status !== 200) this.#got.push(`POST ${status}`);
    });
  }

  async settle(): Promise<void> {
    await this.#sending;
    // As long as polls are being answered there may be more.
    for (let seen = -1; seen !== this.#polls; ) {
      seen = this.#polls;
      // A request of another session comes behind whatever the server does by itself.
      await ask(this.#port, "/socket.io/?EIO=4&transport=nothing");
      await rounds();
      await ask(this.#port, "/socket.io/?EIO=4&transport=nothing");
    }
  }

  async leave(): Promise<void> {
    await this.#sending;
    this.#state = "left";
    await ask(this.#port, this.#path, "1");
    this.#state = "closed";
  }

  take(): string[] {
    const got = this.#got;
    this.#got = [];
    return got;
  }

  async #poll(): Promise<void> {
    while (this.#state === "open") {
      const { status, text } = await ask(this.#port, this.#path);
      this.#polls++;
      if (this.#state !== "open") return;
      const packets = status === 200 ? text.split("\u001e") : [`GET ${status}`];
      const isLast = status !== 200 || packets.at(-1) === "1";
      this.#got.push(...packets.filter((packet) => packet !== "6"));
      if (isLast) this.#state = "closed";
    }
  }
}
