// One request by XMLHttpRequest, for pages without `fetch`: those of jsdom, in tests.

import type { EngineOptions } from "../options.ts";
import type { PollingReply, PollingRequest } from "./polling.ts";

/** Makes the request; rejects when there is no answer, or when it is aborted. */
export function requestByXhr(
  { url, body, signal }: PollingRequest,
  { extraHeaders, withCredentials }: EngineOptions,
): Promise<PollingReply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(body === undefined ? "GET" : "POST", url);
    for (const name in extraHeaders) xhr.setRequestHeader(name, extraHeaders[name] as string);
    xhr.withCredentials = !!withCredentials;
    const stop = (): void => xhr.abort();
    xhr.onloadend = () => {
      signal.removeEventListener("abort", stop);
      if (xhr.status) resolve(xhr);
      else reject(new Error("xhr"));
    };
    // One signal ends all requests of a transport.
    signal.addEventListener("abort", stop);
    xhr.send(body);
  });
}
