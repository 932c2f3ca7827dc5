// The host, port and query of a server, from its address and the options together.

import type { EngineOptions } from "./options.ts";
import { isSecure, type PageLocation, parseAddress, type ServerAddress } from "./url.ts";

/** Where a server is: what the URLs of its requests are made from. */
export type ServerOptions = Required<Pick<EngineOptions, "hostname" | "port" | "secure" | "query">>;

/**
 * Completes the options by the address. Without an address, the options name the host; else it is the page's; else
 * `localhost`.
 * @throws TypeError `ERR_ADDRESS` when the address names no host; Error `ERR_ADDRESS_LENGTH` above 8,000 characters
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
    // As with host and port, the address has precedence over the option.
    secure: (isOpen ? secure : undefined) ?? isSecure(address.protocol ?? page?.protocol ?? ""),
    query: address.query ?? query ?? {},
  };
}
