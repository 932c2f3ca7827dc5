// The used part of uWebSockets.js in memory: sockets and responses that write down what they are told, and that throw, as
// the native ones do, when they are used after their end.

import type { AskedRequest } from "@sockeye/server";
import type { UwsApp, UwsBehavior, UwsHandler, UwsResponse, UwsWebSocket } from "../src/uws.ts";

/** A WebSocket. `calls` has what it was told, in order. */
export class FakeWebSocket implements UwsWebSocket {
  readonly calls: unknown[] = [];
  /** What `send` returns. */
  outcome = 1;
  buffered = 0;
  onClose: (code: number, reason: ArrayBuffer) => void = () => {};
  #isEnded = false;
  readonly #data: unknown;

  constructor(data: unknown = {}) {
    this.#data = data;
  }

  send(data: string | ArrayBuffer | Uint8Array, isBinary: boolean, compress?: boolean): number {
    this.#use(typeof data === "string" ? data : textOf(data), isBinary ? "binary" : "text");
    if (compress === true) this.calls.push("compressed");
    return this.outcome;
  }

  cork(callback: () => void): void {
    this.#use("cork");
    callback();
    this.calls.push("uncork");
  }

  getBufferedAmount(): number {
    this.#use();
    return this.buffered;
  }

  end(code?: number, reason?: string): void {
    this.#use(["end", code, reason].join(" ").trimEnd());
    this.leave();
  }

  close(): void {
    this.#use("close");
    this.leave();
  }

  getUserData(): unknown {
    return this.#data;
  }

  /** The client has gone. */
  leave(code = 1006, reason = ""): void {
    this.#isEnded = true;
    this.onClose(code, bytesOf(reason));
  }

  #use(...calls: unknown[]): void {
    if (this.#isEnded) throw new Error("used after its end");
    this.calls.push(...calls);
  }
}

/** A response. */
export class FakeResponse implements UwsResponse {
  readonly calls: string[] = [];
  body = "";
  #onAborted: (() => void) | null = null;
  #onData: ((chunk: ArrayBuffer, isLast: boolean) => void) | null = null;
  #isEnded = false;

  writeStatus(status: string): void {
    this.#use(status);
  }

  writeHeader(name: string, value: string): void {
    this.#use(`${name}: ${value}`);
  }

  end(body: string | Uint8Array = "", closesConnection = false): void {
    this.#use(closesConnection ? "end, close" : "end");
    this.body = typeof body === "string" ? body : textOf(body);
    this.#isEnded = true;
  }

  endWithoutBody(): void {
    this.#use("end without body");
    this.#isEnded = true;
  }

  close(): void {
    this.#use("close");
    this.abort();
  }

  cork(callback: () => void): void {
    this.#use("cork");
    callback();
  }

  onAborted(callback: () => void): void {
    this.#onAborted = callback;
  }

  onData(callback: (chunk: ArrayBuffer, isLast: boolean) => void): void {
    this.#onData = callback;
  }

  getRemoteAddressAsText(): ArrayBuffer {
    return bytesOf("0000:0000:0000:0000:0000:ffff:7f00:0001");
  }

  upgrade(): void {
    this.#use("upgrade");
    this.#isEnded = true;
  }

  /** The client has gone. */
  abort(): void {
    this.#isEnded = true;
    this.#onAborted?.();
  }

  /** A part of the body arrives; its bytes are gone after the call. */
  receive(text: string, isLast: boolean): void {
    const chunk = bytesOf(text);
    this.#onData?.(chunk, isLast);
    new Uint8Array(chunk).fill(0);
  }

  #use(call: string): void {
    if (this.#isEnded) throw new Error("used after its end");
    this.calls.push(call);
  }
}

/** A request, until `end`. */
export class FakeRequest implements AskedRequest {
  readonly #method: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #isEnded = false;

  constructor(method: string, url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#method = method;
    this.#url = url;
    this.#headers = headers;
  }

  getHeader(name: string): string {
    return this.#use()[name] ?? "";
  }

  getUrl(): string {
    this.#use();
    return this.#url.split("?")[0] ?? "";
  }

  getCaseSensitiveMethod(): string {
    this.#use();
    return this.#method;
  }

  getQuery(): string {
    this.#use();
    return this.#url.split("?")[1] ?? "";
  }

  forEach(callback: (name: string, value: string) => void): void {
    for (const [name, value] of Object.entries(this.#use())) callback(name, value);
  }

  end(): void {
    this.#isEnded = true;
  }

  #use(): Readonly<Record<string, string>> {
    if (this.#isEnded) throw new Error("used after its handler");
    return this.#headers;
  }
}

/** An application. */
export class FakeApp implements UwsApp {
  readonly handlers = new Map<string, UwsHandler>();
  readonly behaviors = new Map<string, UwsBehavior>();

  any(pattern: string, handler: UwsHandler): void {
    this.handlers.set(pattern, handler);
  }

  ws(pattern: string, behavior: UwsBehavior): void {
    this.behaviors.set(pattern, behavior);
  }

  listen(port: number, callback: (socket: unknown) => void): void {
    callback(port === 1 ? false : { port });
  }

  /** A request for the server's path. */
  request(request: FakeRequest): FakeResponse {
    const response = new FakeResponse();
    this.handlers.get("/socket.io/*")?.(response, request);
    request.end();
    return response;
  }
}

export function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text)).buffer;
}

function textOf(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes as Uint8Array).toString();
}
