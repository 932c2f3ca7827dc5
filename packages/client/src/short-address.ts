// The address of a server and the URL of its WebSocket, by the platform's URL classes: less code than the parser of url.ts,
// which needs none.

import { pageUrl } from "./browser.ts";
import type { EngineOptions } from "./options.ts";
import type { ServerAddress } from "./url.ts";

/**
 * Reads an address, completed by the page; outside a page, by `localhost`.
 * @param uri a URL, `host:port/nsp`, `//host`, `/nsp`, or nothing for the host of the options
 * @throws TypeError when it is none
 */
export function addressOf(uri = "", options: EngineOptions): ServerAddress {
  // An address goes before the options.
  const { hostname: named, port: at = "", secure: isSecure } = uri ? {} : options;
  const { protocol, hostname, port, search } = new URL(
    // Without a scheme, it begins with the host.
    (uri || (named ? `${named}:${at}` : "/")).replace(/^(?![/?#]|\w+:\/\/)/, "//"),
    pageUrl() ?? `http${uri ? "s" : ""}://localhost`,
  );
  return {
    protocol,
    hostname,
    port,
    secure: isSecure ?? /[ps]s:/.test(protocol),
    nsp: uri.replace(/^(\w*:?\/\/)?[^/?#]*|[?#].*/g, "") || "/",
    query: search.slice(1) || options.query || {},
  };
}

/** The URL of a session over WebSocket. `options` name host and path already. */
export function socketUrl(options: EngineOptions): string {
  const { hostname, port, secure, path, query, addTrailingSlash = true } = options;
  return (
    `ws${secure ? "s" : ""}://${hostname}:${port}` +
    (path as string).replace(/\/?$/, addTrailingSlash ? "/?" : "?") +
    `EIO=4&transport=websocket&${new URLSearchParams(query as string)}`
  );
}
