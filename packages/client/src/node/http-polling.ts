// Polling by node:http and node:https, so that headers, agents, TLS options and cookies are the user's to choose.

import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";
import { ByteQueue } from "@sockeye/protocol";
import { clientError } from "../errors.ts";
import { type PollingReply, type PollingRequest, PollingTransport } from "../fallback/polling.ts";
import { bodyLimit, connectionOptions, headersOf, type NodeEngineOptions } from "./node-options.ts";

const RESET: readonly unknown[] = ["ECONNRESET", "EPIPE"];

/** What a URL keeps as it is. */
const PLAIN_QUERY = /^\?[\w\-.~!*()%&=+,:;@/?]*$/;

// As it was when this module was loaded: timers that a test has faked would hold back what is sent.
const atEndOfTurn = setImmediate;

/**
 * Whether a request may be sent once more when the connection it went out on was reset. Not a poll: an answer with
 * packets in it may have been lost with the connection, and the session has to end for that to be known.
 */
function isRepeatable({ url, body }: PollingRequest): boolean {
  return body !== undefined || !/[?&]sid=/.test(url);
}

/** Carries packets by Node's own HTTP client. */
export class HttpPolling extends PollingTransport {
  /** Requests under way. Ended together: listening to the signal for each takes a twentieth of the time of a request. */
  readonly #running = new Set<ClientRequest>();
  #isWatching = false;
  /** URLs up to their query, which are all alike, and what has been read of them. */
  #base = "";
  #target: RequestOptions = {};

  protected request(asked: PollingRequest): Promise<PollingReply> {
    const options = this.setup.options as NodeEngineOptions;
    const { url, body, signal } = asked;
    const target = this.#targetOf(url);
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const headers: Record<string, string | string[]> = { accept: "*/*", ...headersOf(options) };
    if (body !== undefined) {
      headers["content-type"] ??= "text/plain;charset=UTF-8";
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const request = send(
        Object.assign(target, connectionOptions(options), {
          method: body === undefined ? "GET" : "POST",
          headers,
        }),
      );
      let hasAnswer = false;
      this.#endWith(signal, request);
      request.on("error", (error: NodeJS.ErrnoException) => {
        // A server may close a kept connection at the moment in which it is used again, and ignores the request then.
        // Browsers send it once more too. Each attempt uses up a kept connection, so this ends with a new one.
        const isStale = request.reusedSocket && !hasAnswer && RESET.includes(error.code);
        if (isStale && isRepeatable(asked)) resolve(this.request(asked));
        else reject(error);
      });
      request.on("response", (response) => {
        hasAnswer = true;
        options.cookieJar?.store(response.headers["set-cookie"]);
        readText(response, bodyLimit(options)).then(
          (responseText) => resolve({ status: response.statusCode as number, responseText }),
          reject,
        );
      });
      if (options.autoUnref) request.on("socket", (socket) => socket.unref());
      request.end(body);
    });
  }

  /** Where a request goes, in an object of its own. */
  #targetOf(url: string): RequestOptions {
    const at = url.indexOf("?");
    const base = url.slice(0, at);
    const query = url.slice(at);
    // Of an application's query that needs encoding, the platform sees to that.
    if (!PLAIN_QUERY.test(query)) return urlToHttpOptions(new URL(url));
    if (base !== this.#base) {
      const { protocol, hostname, port, path } = urlToHttpOptions(new URL(base));
      this.#base = base;
      this.#target = { protocol, hostname, port, path };
    }
    return { ...this.#target, path: `${this.#target.path}${query}` };
  }

  /** At the end of the turn of the event loop, so that what several events of the network lead to shares a request. */
  protected override whenGathered(callback: () => void): void {
    atEndOfTurn(callback);
  }

  /** Ends a request when the transport ends. */
  #endWith(signal: AbortSignal, request: ClientRequest): void {
    this.#running.add(request);
    request.on("close", () => this.#running.delete(request));
    if (signal.aborted) request.destroy(signal.reason as Error);
    if (this.#isWatching) return;
    this.#isWatching = true;
    signal.addEventListener("abort", () => {
      for (const each of this.#running) each.destroy(signal.reason as Error);
    });
  }
}

/** @throws Error when the body is longer than `limit` bytes; the connection is then cut */
function readText(response: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let length = 0;
    let first: Buffer | undefined;
    let bytes: ByteQueue | undefined;
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        reject(clientError("ERR_ANSWER_LENGTH", `the answer is longer than ${limit} bytes`));
        response.destroy();
      } else if (first) {
        // Copied together as they come: kept by themselves, chunks of a byte would take hundreds of times their size.
        if (!bytes) {
          bytes = new ByteQueue();
          bytes.put(first);
        }
        bytes.put(chunk);
      } else first = chunk;
    });
    response.on("end", () => {
      const whole = bytes ? Buffer.from(bytes.take(length).buffer) : first;
      resolve(whole ? whole.toString("utf8") : "");
    });
    response.on("error", reject);
    // Not the end of the answer: nothing comes any more.
    response.on("close", () => reject(new Error("the answer ended early")));
  });
}
