// The URL of the WebSocket, by the platform's URL class: less code than a parser of our own, which knows `host:port` too.

import { pageUrl } from "../browser.ts";
import type { MiniSettings } from "./options.ts";

/** Where a server is, and which of its namespaces is meant. */
export interface Address {
  readonly url: URL;
  readonly nsp: string;
}

/**
 * Reads an address: a URL, `//host`, `/nsp`, or nothing for the page's own origin.
 * @throws TypeError when it is none
 */
export function addressOf(uri: string | undefined, { path, query }: MiniSettings): Address {
  const page = new URL(uri || "/", pageUrl());
  const target = path.replace(/\/?$/, "/?EIO=4&transport=websocket&");
  // An address goes before the option.
  const own = page.search.slice(1) || new URLSearchParams(query as string);
  return {
    url: new URL(target + own, page.href.replace(/^http/, "ws")),
    nsp: decodeURI(page.pathname),
  };
}
