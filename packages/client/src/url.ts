// The forms of a server's address, and the parts it is read as. Without the URL class, of which React Native implements
// only a part.

import { clientError, clientTypeError } from "./errors.ts";

/** The page that the client runs in: the parts of `location` that complete an address. */
export interface PageLocation {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
}

/** The parts of a server's address. */
export interface ServerAddress {
  /** Scheme without colon: `http`, `https`, `ws` or `wss`. */
  readonly protocol: string;
  /** Host name; an IPv6 address stands here without brackets. */
  readonly hostname: string;
  /** Port; 80 or 443 when the address names none. */
  readonly port: string;
  /** Path of the address, which names the namespace; `/` when the address has none. */
  readonly nsp: string;
  /** Query of the address as it stands there, without its question mark; `undefined` when it has none. */
  readonly query: string | undefined;
}

const LONGEST = 8000;
/**
 * Scheme, IPv6 address in brackets, other host, port, path, query. An IPv6 address without brackets is a host that has no
 * port: its last part could be one as well.
 */
const ADDRESS =
  /^(?:(?:(https?|wss?):)?\/\/)?(?:[^/?#@]*@)?(?:\[([^\]/]+)\]|((?:[\da-f]*:){2,7}[\da-f]*|[^:/?#]*))(?::(\d*))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/is;

/** Whether connections of this scheme, given with or without its colon, are encrypted. */
export function isSecure(protocol: string): boolean {
  return /^(https|wss)/i.test(protocol);
}

/**
 * Reads the address of a server.
 * @param uri a URL, `host:port/nsp`, `//host`, `/nsp`, or nothing for the page's own origin
 * @param page completes what the address does not name; `undefined` outside of pages
 * @throws TypeError `ERR_ADDRESS` when it names no host and there is no page; Error `ERR_ADDRESS_LENGTH` above 8,000
 * characters
 */
export function parseAddress(uri = "", page?: PageLocation): ServerAddress {
  if (uri.length > LONGEST) throw clientError("ERR_ADDRESS_LENGTH", "URI too long");
  const [, scheme, address6, host, port, nsp = "/", query] = ADDRESS.exec(uri) ?? [];
  const named = address6 || host;
  const hostname = named || page?.hostname;
  // An address with a scheme must name its host.
  if (!hostname || (scheme && !named))
    throw clientTypeError("ERR_ADDRESS", `no server address: ${uri}`);
  const protocol = scheme ?? page?.protocol.slice(0, -1) ?? "https";
  const usual = isSecure(protocol) ? "443" : "80";
  return { protocol, hostname, port: port || (!named && page?.port) || usual, nsp, query };
}
