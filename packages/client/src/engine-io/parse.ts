// Takes an address apart as engine.io-client's `parse` does. The client itself reads addresses by url.ts.

import { clientError } from "../errors.ts";

/** The parts of an address; what it does not have is an empty string. */
export interface AddressParts {
  readonly source: string;
  readonly protocol: string;
  readonly authority: string;
  readonly userInfo: string;
  readonly user: string;
  readonly password: string;
  /** Without brackets when it is an IPv6 address. */
  readonly host: string;
  readonly port: string;
  /** Path, query and anchor. */
  readonly relative: string;
  readonly path: string;
  readonly directory: string;
  readonly file: string;
  readonly query: string;
  readonly anchor: string;
  readonly pathNames: string[];
  /** The parameters of the query as they stand there; of several with one name, the last. */
  readonly queryKey: Record<string, string>;
  /** Present when the host is an IPv6 address. */
  readonly ipv6uri?: true;
}

const LONGEST = 8000;
const SCHEME_AND_AUTHORITY = /^(?:(https?|wss?):\/\/)?([^/?#]*)/i;
/** User, password, IPv6 address in brackets, host or IPv6 address without them, port. */
const USER =
  /^(?:([^:@]*)(?::([^@]*))?@)?(?:\[([^\]]*)\]|((?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}|[^:]*))(?::(\d*))?$/i;
const RELATIVE = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/**
 * Takes an address apart.
 * @throws Error `ERR_ADDRESS_LENGTH` above 8,000 characters
 * @example parse("https://example.com:8080/path?a=1").port; // "8080"
 */
export function parse(source: string): AddressParts {
  if (source.length > LONGEST) throw clientError("ERR_ADDRESS_LENGTH", "URI too long");
  const [head = "", protocol = "", authority = ""] = SCHEME_AND_AUTHORITY.exec(source) ?? [];
  const [, user = "", password = "", address6, host = "", port = ""] = USER.exec(authority) ?? [];
  const relative = source.slice(head.length);
  const [, path = "", query = "", anchor = ""] = RELATIVE.exec(relative) ?? [];
  const file = /[^/]*\.[^/.]+$/.exec(path)?.[0] ?? "";
  const queryKey: Record<string, string> = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [name = "", ...values] = pair.split("=");
    queryKey[name] = values.join("=");
  }
  return {
    source,
    protocol,
    authority: authority.replace(/[[\]]/g, ""),
    userInfo: authority.includes("@") ? authority.slice(0, authority.lastIndexOf("@")) : "",
    user,
    password,
    host: address6 ?? host,
    port,
    relative,
    path,
    directory: path.slice(0, path.length - file.length),
    file,
    query,
    anchor,
    pathNames: path.split("/").filter(Boolean),
    queryKey,
    ...(address6 === undefined ? undefined : { ipv6uri: true }),
  };
}
