// Builds the URLs of one session from its options.

import type { EngineOptions } from "../options.ts";
import { bracketed } from "../url.ts";

/** Scheme of a URL without its final `s`. */
export type UrlScheme = "http" | "ws";

function timestamp(): string {
  return Date.now().toString(36).slice(3) + Math.random().toString(36).slice(2, 5);
}

/** The parameters of sessions over any transport: the session that a request belongs to, a time stamp, base64. */
export function optionalParameters(
  options: EngineOptions,
  scheme: UrlScheme,
  sid: string | undefined,
): object {
  const { timestampRequests, timestampParam, forceBase64 } = options;
  const isHttp = scheme === "http";
  // Caches stand in the way of polling only.
  const isStamped = timestampRequests || (isHttp && timestampRequests !== false);
  return {
    ...(sid && { sid }),
    ...(isStamped ? { [timestampParam ?? "t"]: timestamp() } : undefined),
    ...(forceBase64 && !(isHttp && sid) ? { b64: 1 } : undefined),
  };
}

/** The URL of a request. `options` name host and path already; `parameters` are those beside the user's own. */
export function sessionUrl(options: EngineOptions, scheme: UrlScheme, parameters: object): string {
  const { hostname, port, secure, path, query, addTrailingSlash } = options;
  const isText = typeof query === "string";
  const own = isText ? undefined : query;
  return (
    `${scheme}${secure ? "s" : ""}://${bracketed(hostname as string)}` +
    `${port ? `:${port}` : ""}${(path as string).replace(/\/$/, "")}` +
    `${addTrailingSlash === false ? "" : "/"}?${isText ? `${query}&` : ""}` +
    Object.entries({ ...own, EIO: 4, ...parameters })
      .map((pair) => pair.map(encodeURIComponent).join("="))
      .join("&")
  );
}
