// The forms of a server's address, and the parts it is read as. Without the URL class, of which React Native implements
// only a part.

import { clientError, clientTypeError } from "./errors.ts";
import type { EngineOptions } from "./options.ts";

/** The page that the client runs in: the parts of `location` that complete an address. */
export interface PageLocation {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}

/** Where a server is, and which of its namespaces is meant. */
export interface ServerAddress
  extends Required<Pick<EngineOptions, "hostname" | "port" | "secure" | "query">> {
  /** Scheme without colon: `http`, `https`, `ws` or `wss`. */
  readonly protocol: string;
  /** Host name; an IPv6 address stands here without brackets. */
  readonly hostname: string;
  /** Port; 80 or 443 when nothing names one. */
  readonly port: string | number;
  /** Path of the address, which names the namespace; `/` when the address has none. */
  readonly nsp: string;
  /** Query of the address as it stands there, without its question mark; else that of the options. */
  readonly query: object | string;
}

const LONGEST = 8000;
/**
 * Scheme, host, port, path, query. An IPv6 address stands in brackets, or is a host that has no port: its last part could
 * be one as well.
 */
const ADDRESS =
  /^(?:(?:(https?|wss?):)?\/\/)?(?:[^/?#@]*@)?\[?((?:[\da-f]*:){2,7}[\da-f.]*|[^:/?#]*)\]?(?::(\d*))?(\/[^?#]*)?(?:\?([^#]*))?(?:#|$)/i;

/**
 * Reads the address of a server, completed by the page. Without an address, the options name the host, if there are any;
 * else it is the page's, else `localhost`; a path alone is on the page's host, else on `localhost`.
 * @param uri a URL, `host:port/nsp`, `//host`, `/nsp`, or nothing for the page's own origin
 * @throws TypeError `ERR_ADDRESS` when it has a scheme and no host; Error `ERR_ADDRESS_LENGTH` above 8,000
 * characters
 */
export function parseAddress(
  uri: string | undefined,
  page?: PageLocation,
  options?: EngineOptions,
): ServerAddress {
  const address = uri ?? "";
  // An address goes before the options.
  const open = uri === undefined ? options : undefined;
  const { host, hostname = host, port, secure }: EngineOptions = open ?? {};
  if (address.length > LONGEST) throw clientError("ERR_ADDRESS_LENGTH", "URI too long");
  const [, scheme, named, givenPort, nsp = "/", query] = ADDRESS.exec(address) ?? [];
  // Modules that call `io()` are loaded on servers too, to render a page: that must not throw.
  const own = named || hostname || (!page && "localhost");
  const target = own || page?.hostname;
  // An address with a scheme must name its host.
  if (!target || (scheme && !named)) {
    throw clientTypeError("ERR_ADDRESS", `no server address: ${address}`);
  }
  const protocol = scheme ?? page?.protocol.slice(0, -1) ?? (named ? "https" : "http");
  const isEncrypted = secure ?? /^(http|ws)s/i.test(protocol);
  return {
    protocol,
    hostname: target,
    port: givenPort || port || (!own && page?.port) || (isEncrypted ? "443" : "80"),
    secure: isEncrypted,
    nsp,
    query: query ?? options?.query ?? {},
  };
}

/** Whether an address, or the options where there is none, name a host. */
export function namesHost(uri: string | undefined, { host, hostname }: EngineOptions): boolean {
  return uri === undefined ? Boolean(host ?? hostname) : !/^\/(?!\/)/.test(uri);
}
