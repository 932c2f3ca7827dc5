// What a user may write as the address of a server, and what it means. Written without the URL class,
// which React Native implements in part only.

/** The page the client runs in, if any: the two parts of `location` that addresses are completed from. */
export interface PageLocation {
  readonly protocol: string;
  readonly host: string;
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
const ADDRESS =
  /^(https?|wss?):\/\/(?:[^/?#@]*@)?(?:\[([^\]/]+)\]|([^:/?#]+))(?::(\d+))?(\/[^?#]*)?(?:\?([^#]*))?/i;

/** Whether connections to this scheme, with or without its colon, are encrypted. */
export function isSecure(protocol: string): boolean {
  return /^(https|wss)/.test(protocol);
}

/** Host as it stands in a URL: an IPv6 address in brackets. */
export function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** Writes a query, leaving out what is `undefined`. */
export function formatQuery(query: Record<string, unknown>): string {
  return Object.keys(query)
    .filter((name) => query[name] !== undefined)
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(String(query[name]))}`)
    .join("&");
}

function complete(uri: string, page: PageLocation | undefined): string {
  if (/^\w+:\/\//.test(uri)) return uri;
  const hasHost = uri.startsWith("//");
  const isPath = !hasHost && /^\/|^$/.test(uri);
  const host = isPath && page ? page.host : "";
  return (page ? page.protocol : "https:") + (hasHost ? "" : `//${host}`) + uri;
}

/**
 * Reads the address of a server: a URL, `host:port/nsp`, `//host`, `/nsp`, or nothing for the page's own origin.
 * @throws TypeError when it is no address; Error `URI too long` above 8000 characters
 */
export function parseAddress(uri = "", page: PageLocation | undefined = undefined): ServerAddress {
  if (uri.length > LONGEST) throw new Error("URI too long");
  const whole = complete(uri, page);
  const found = ADDRESS.exec(whole);
  if (!found) throw new TypeError(`no server address: ${whole}`);
  const protocol = (found[1] as string).toLowerCase();
  return {
    protocol,
    hostname: found[2] ?? found[3] ?? "",
    port: found[4] ?? (isSecure(protocol) ? "443" : "80"),
    nsp: found[5] ?? "/",
    query: found[6],
  };
}
