// Builds the URLs of one session from its options.

import type { EngineOptions } from "../options.ts";

/** Scheme of a URL without its final `s`. */
export type UrlScheme = "http" | "ws";

/** The query parameters of a request beyond those of every session. */
export type ParametersFor = (options: EngineOptions, scheme: UrlScheme) => object | undefined;

/** A parameter that no request has had before, against caches, if the options ask for it. */
export const timestamp: ParametersFor = ({ timestampRequests, timestampParam = "t" }) =>
  timestampRequests ? { [timestampParam]: Math.random().toString(36).slice(2, 10) } : undefined;

/** The URL of a request, an IPv6 address in brackets. `options` name host and path already; `parameters` are those beside the user's own. */
export function sessionUrl(options: EngineOptions, scheme: UrlScheme, parameters: object): string {
  const { hostname, port, secure, path, query, addTrailingSlash } = options;
  const isText = typeof query === "string";
  const own = isText ? undefined : query;
  return (
    `${scheme}${secure ? "s" : ""}://${(hostname as string).replace(/^.*:.*/, "[$&]")}` +
    `${port ? `:${port}` : ""}` +
    (path as string).replace(/\/?$/, addTrailingSlash === false ? "?" : "/?") +
    (isText ? `${query}&` : "") +
    Object.entries({ ...own, EIO: 4, ...parameters })
      .map((pair) => pair.map(encodeURIComponent).join("="))
      .join("&")
  );
}
