// What the address of a server and the options say together about where it is.

import type { EngineOptions } from "./options.ts";
import { isSecure, type PageLocation, parseAddress, type ServerAddress } from "./url.ts";

/** Where a server is, as URLs are made from it. */
export type ServerOptions = Required<Pick<EngineOptions, "hostname" | "port" | "secure" | "query">>;

/**
 * Completes the options. Without an address they name the host, else it is the page's, else this machine.
 * @throws TypeError when the address is none
 */
export function serverOptions(
  uri: string | undefined,
  options: EngineOptions,
  page: PageLocation | undefined,
): ServerOptions {
  const { hostname = options.host, port, secure, query } = options;
  const isOpen = uri === undefined;
  const address: Partial<ServerAddress> =
    isOpen && (hostname || !page) ? { hostname: hostname || "localhost" } : parseAddress(uri, page);
  return {
    hostname: address.hostname as string,
    port: (isOpen && port) || address.port || "",
    // As with host and port, an address goes before the option.
    secure: (isOpen ? secure : undefined) ?? isSecure(address.protocol ?? page?.protocol ?? ""),
    query: address.query ?? query ?? {},
  };
}
