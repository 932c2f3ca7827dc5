// Polling by node:http and node:https, so that headers, agents, TLS options and cookies are the user's to choose.

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { ByteQueue } from "@sockeye/protocol";
import { clientError } from "../errors.ts";
import { type PollingReply, type PollingRequest, PollingTransport } from "../fallback/polling.ts";
import { bodyLimit, connectionOptions, headersOf, type NodeEngineOptions } from "./node-options.ts";

const RESET: readonly unknown[] = ["ECONNRESET", "EPIPE"];

/**
 * Whether a request may be sent once more when the connection it went out on was reset. Not a poll: an answer with
 * packets in it may have been lost with the connection, and the session has to end for that to be known.
 */
function isRepeatable({ url, body }: PollingRequest): boolean {
  return body !== undefined || !/[?&]sid=/.test(url);
}

/** Carries packets by Node's own HTTP client. */
export class HttpPolling extends PollingTransport {
  protected request(asked: PollingRequest): Promise<PollingReply> {
    const options = this.setup.options as NodeEngineOptions;
    const { url, body, signal } = asked;
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const headers: Record<string, string | string[]> = { accept: "*/*", ...headersOf(options) };
    if (body !== undefined) {
      headers["content-type"] ??= "text/plain;charset=UTF-8";
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const request = send(url, {
        ...connectionOptions(options),
        method: body === undefined ? "GET" : "POST",
        headers,
        signal,
      });
      let hasAnswer = false;
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
}

/** @throws Error when the body is longer than `limit` bytes; the connection is then cut */
async function readText(response: IncomingMessage, limit: number): Promise<string> {
  // Copied together as they come: kept by themselves, chunks of a byte would take hundreds of times their size.
  const bytes = new ByteQueue();
  for await (const chunk of response) {
    // Leaving the loop destroys the response.
    if (bytes.length + (chunk as Buffer).length > limit) {
      throw clientError("ERR_ANSWER_LENGTH", `the answer is longer than ${limit} bytes`);
    }
    bytes.put(chunk as Buffer);
  }
  return Buffer.from(bytes.take(bytes.length).buffer).toString("utf8");
}
