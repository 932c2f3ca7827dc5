// The address that a client counts under: behind proxies the one that they say, and one for a whole network of IPv6.

import ipaddr from "ipaddr.js";
import { optionError } from "./errors.ts";
import type { TrustProxy } from "./options.ts";

/** What is known of a request. */
export interface RequestView {
  /** Of the network connection. */
  readonly remoteAddress: string;
  /** A header, by its name in lower case. */
  header(name: string): string | undefined;
}

type Trusts = (address: string, distance: number) => boolean;
type Parsed = ReturnType<typeof ipaddr.process>;

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** An address of any form, also of IPv4 in IPv6; `null` where it is none. */
function parsed(text: string): Parsed | null {
  // Some proxies add the port.
  const bare = text
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/%.*$/, "");
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)
    ? ipaddr.process(bare)
    : null;
}

function networkOf(text: string): [Parsed, number] {
  const [address = "", bits] = text.split("/");
  const base = parsed(address);
  const all = base?.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? all : Number(bits);
  if (base === null || !Number.isInteger(length) || length < 0 || length > all) {
    throw optionError(`trustProxy: ${JSON.stringify(text)} is no address or network`);
  }
  return [base, length];
}

function trusts(trustProxy: TrustProxy): Trusts {
  if (typeof trustProxy === "function") return trustProxy;
  if (typeof trustProxy === "number") {
    if (!Number.isInteger(trustProxy) || trustProxy < 0) {
      throw optionError("trustProxy must be 0 or more proxies");
    }
    return (_, distance) => distance < trustProxy;
  }
  if (!Array.isArray(trustProxy)) {
    throw optionError("trustProxy must be a number, a list of networks or a function");
  }
  const networks = trustProxy.flatMap((text: string) => NAMED[text] ?? [text]).map(networkOf);
  return (text) => {
    const address = parsed(text);
    if (address === null) return false;
    return networks.some(
      ([base, length]) =>
        base.kind() === address.kind() &&
        (address as ipaddr.IPv4).match(base as ipaddr.IPv4, length),
    );
  };
}

/** How addresses are found. */
export interface AddressRules {
  readonly trustProxy: TrustProxy;
  /** The header in which proxies append whom they speak for. */
  readonly header: string;
  /** How many bits of an address of IPv6 count. */
  readonly ipv6Bits: number;
}

/** Most proxies that are followed: longer lists are a client's doing. */
const MAX_HOPS = 32;

/** Returns the function that finds the address of a request. @throws TypeError `ERR_LIMITS_OPTIONS` */
export function addressFinder({
  header,
  ipv6Bits,
  trustProxy,
}: AddressRules): (request: RequestView) => string {
  const isTrusted = trusts(trustProxy);
  const name = header.toLowerCase();
  return (request) => {
    const { remoteAddress } = request;
    let found = remoteAddress;
    if (trustProxy !== 0 && isTrusted(found, 0)) {
      // The nearest proxy wrote the last one. What is left of the first that is not trusted anybody may have written.
      const named = (request.header(name) ?? "").split(",").slice(-MAX_HOPS).reverse();
      for (const [at, each] of named.entries()) {
        if (parsed(each) === null) break;
        found = each.trim();
        if (!isTrusted(found, at + 1)) break;
      }
    }
    return grouped(found, ipv6Bits);
  };
}

/** The network that an address counts under. */
function grouped(text: string, ipv6Bits: number): string {
  const address = parsed(text);
  if (address === null) return text === "" ? "unknown" : text.slice(0, 64);
  if (address.kind() === "ipv4" || ipv6Bits === 128) return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${ipv6Bits}`)}/${ipv6Bits}`;
}
