// Polling by `fetch`, for browsers and workers.

import { type PollingReply, type PollingRequest, PollingTransport } from "./polling.ts";

/** Carries packets by `fetch`. */
export class FetchPolling extends PollingTransport {
  protected async request({ url, body, signal }: PollingRequest): Promise<PollingReply> {
    const { withCredentials, extraHeaders } = this.setup.options;
    const reply = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      body: body ?? null,
      signal,
      headers: (extraHeaders ?? {}) as Record<string, string>,
      // What XMLHttpRequest does, with and without `withCredentials`.
      credentials: withCredentials ? "include" : "same-origin",
      // Lets the closing packet out of a page that is being left.
      keepalive: body === "1",
    });
    return { status: reply.status, responseText: await reply.text() };
  }
}
