// Polling by node:http and node:https, so that headers, agents, TLS options and cookies are the user's to choose.

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type PollingReply, type PollingRequest, PollingTransport } from "../transports/polling.ts";
import { connectionOptions, headersOf, type NodeEngineOptions } from "./node-options.ts";

/** How far a request had come. */
interface Attempt {
  readonly reusedSocket: boolean;
  readonly hasAnswer: boolean;
}

/**
 * Whether the server closed a connection that was kept open just when it was to be used again. It had not looked at the
 * request, so browsers send it once more on another connection, and so do we (Node's documentation of
 * `request.reusedSocket`).
 */
function isStale(error: Error, { reusedSocket, hasAnswer }: Attempt): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return reusedSocket && !hasAnswer && (code === "ECONNRESET" || code === "EPIPE");
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
      request.on("error", (error) => {
        const { reusedSocket } = request;
        // Ends with a connection of its own at the latest: each attempt uses up one that was kept.
        if (isStale(error, { reusedSocket, hasAnswer })) resolve(this.request(asked));
        else reject(error);
      });
      request.on("response", (response) => {
        hasAnswer = true;
        options.cookieJar?.store(response.headers["set-cookie"]);
        readText(response).then(
          (responseText) => resolve({ status: response.statusCode as number, responseText }),
          reject,
        );
      });
      if (options.autoUnref) request.on("socket", (socket) => socket.unref());
      request.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
