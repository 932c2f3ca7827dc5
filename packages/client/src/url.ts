// What a user may write as the address of a server, and what it means. Written without the URL class,
// which React Native implements in part only.

import { clientError, clientTypeError } from "./errors.ts";

/** The page the client runs in, if any: the parts of `location` that addresses are completed from. */
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
  /** What the path of the address names: the namespace. */
  readonly nsp: string;
  /** Query of the address as it stands there, without its question mark; `undefined` when it has none. */
  readonly query: string | undefined;
}

const LONGEST = 8000;
/** Scheme, IPv6 address in brackets, host (or IPv6 address without them, which takes what looks like a port), port, path, query. */
const ADDRESS =
  /^(?:(?:(https?|wss?):)?\/\/)?(?:[^/?#@]*@)?(?:\[([^\]/]+)\]|((?:[\da-f]*:){2,7}[\da-f]*|[^:/?#]*))(?::(\d*))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/is;

/** Whether connections to this scheme, with or without its colon, are encrypted. */
export function isSecure(protocol: string): boolean {
  return /^(https|wss)/i.test(protocol);
}

/** Host as it stands in a URL: an IPv6 address in brackets. */
export function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/**
 * Reads the address of a server: a URL, `host:port/nsp`, `//host`, `/nsp`, or nothing for the page's own origin.
 * @throws TypeError when it is no address; Error `URI too long` above 8000 characters
 */
export function parseAddress(uri = "", page?: PageLocation): ServerAddress {
  if (uri.length > LONGEST) throw clientError("ERR_ADDRESS_LENGTH", "URI too long");
  const [, scheme, address6, host, port, nsp = "/", query] = ADDRESS.exec(uri) ?? [];
  const named = address6 || host;
  const hostname = named || page?.hostname;
  // A host is named when there is a scheme.
  if (!hostname || (scheme && !named))
    throw clientTypeError("ERR_ADDRESS", `no server address: ${uri}`);
  const protocol = scheme ?? page?.protocol.slice(0, -1) ?? "https";
  const usual = isSecure(protocol) ? "443" : "80";
  return { protocol, hostname, port: port || (!named && page?.port) || usual, nsp, query };
}
