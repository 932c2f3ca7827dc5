// Polling by `fetch`, for browsers and workers.

import { type PollingReply, type PollingRequest, PollingTransport } from "./polling.ts";
import { requestByXhr } from "./xhr.ts";

/** Carries packets by `fetch`, and where there is none by XMLHttpRequest. */
export class FetchPolling extends PollingTransport {
  protected async request(request: PollingRequest): Promise<PollingReply> {
    const { options } = this.setup;
    if (!globalThis.fetch) return requestByXhr(request, options);
    const { url, body, signal } = request;
    const { withCredentials, extraHeaders } = options;
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
