// An HTTP request that never leaves the process: an engine answers it, a test sends it and may abort it.

import type {
  BodySink,
  HttpExchange,
  HttpReply,
  RequestHead,
  RequestHeaders,
} from "@sockeye/engine";
import type { Answer, Asked, RequestParts } from "./cases/context.ts";

const NO_ANSWER: Answer = { status: 0, headers: {}, body: "" };

function sizeOf(body: string | Uint8Array): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
}

/** Both ends of one request. */
export class MemoryExchange implements HttpExchange, RequestHead, Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly remoteAddress = "127.0.0.1";
  readonly secure = false;
  readonly native = null;
  onAbort: (() => void) | null = null;
  /** The response; status 0 when the request was aborted before. */
  readonly answer: Promise<Answer>;
  /** All responses of the engine; the port ignores those after the first. */
  readonly replies: HttpReply[] = [];
  readonly #parts: RequestParts;
  #resolve: (answer: Answer) => void = () => {};
  #reading: BodySink | null = null;
  #phase: "open" | "replied" | "aborted" = "open";

  constructor(method: string, url: string, parts: RequestParts = {}) {
    this.method = method;
    this.url = url;
    this.headers = parts.headers ?? {};
    this.#parts = parts;
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** A request is its own head. */
  get head(): this {
    return this;
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  get isAborted(): boolean {
    return this.#phase === "aborted";
  }

  readBody(limit: number, sink: BodySink): void {
    const { body = "", isUnfinished } = this.#parts;
    if (sizeOf(body) > limit) sink.onTooLarge();
    else if (isUnfinished) this.#reading = sink;
    else sink.onBody(body);
  }

  reply(reply: HttpReply): void {
    this.replies.push(reply);
    if (this.#phase !== "open") return;
    this.#phase = "replied";
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(reply.headers)) headers[name] = String(value);
    this.#resolve({ status: reply.status, headers, body: reply.body });
  }

  cut(): void {
    if (this.#phase !== "open") return;
    this.#phase = "aborted";
    this.#reading = null;
    this.#resolve(NO_ANSWER);
  }

  abort(): void {
    const sink = this.#reading;
    this.#reading = null;
    if (this.#phase === "open") {
      this.#phase = "aborted";
      this.#resolve(NO_ANSWER);
      this.onAbort?.();
    }
    sink?.onAborted();
  }
}
