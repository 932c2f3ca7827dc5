// A bare WebSocket whose frames, close and refusal are kept in an inbox: "text", "binary", "close"
// (code, reason), "refused" (status, headers, body). Sends exactly what it is told to.
import { WebSocket } from "ws";
import { Inbox } from "./inbox.ts";

/** A WebSocket in the hands of a test. */
export class RawWebSocket implements Disposable {
  readonly inbox: Inbox;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket, inbox: Inbox) {
    this.#ws = ws;
    this.inbox = inbox;
  }

  /** The next text frame. */
  async text(): Promise<string> {
    return String((await this.inbox.take("text"))[0]);
  }

  /** The next binary frame. */
  async binary(): Promise<Buffer> {
    return (await this.inbox.take("binary"))[0] as Buffer;
  }

  /** The close code the other side sent; 1005 when it sent none, 1006 when the connection broke. */
  async closeCode(): Promise<number> {
    return Number((await this.inbox.take("close"))[0]);
  }

  /** Sends each item as a frame of its own: strings as text, bytes as binary. */
  send(...frames: readonly (string | Uint8Array)[]): void {
    for (const frame of frames) this.#ws.send(frame);
  }

  /** Closes it as browsers do, without a code. */
  close(): void {
    this.#ws.close();
  }

  /** Breaks the connection off. */
  terminate(): void {
    this.#ws.terminate();
  }

  [Symbol.dispose](): void {
    this.#ws.terminate();
  }
}

/** Opens a WebSocket and starts recording; whether it opens is found in the inbox ("open" or "refused"). */
export function openWebSocket(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): RawWebSocket {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, perMessageDeflate: false });
  const inbox = new Inbox(`WebSocket ${path}`);
  ws.on("upgrade", (response) => inbox.push("open", response.headers));
  ws.on("message", (data: Buffer, isBinary) =>
    isBinary ? inbox.push("binary", data) : inbox.push("text", data.toString("utf8")),
  );
  ws.on("close", (code, reason) => inbox.push("close", code, reason.toString("utf8")));
  ws.on("unexpected-response", (_request, response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    response.on("end", () => inbox.push("refused", response.statusCode, response.headers, body));
  });
  // What follows from an error is seen as a close or a refusal.
  ws.on("error", () => undefined);
  return new RawWebSocket(ws, inbox);
}
