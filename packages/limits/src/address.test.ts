// The address that a client counts under.

import { expect, test } from "vitest";
import { addressFinder } from "./address.ts";
import type { TrustProxy } from "./options.ts";

const find = (
  trustProxy: TrustProxy,
  remoteAddress: string,
  forwarded?: string,
  rules: { readonly ipv6Bits?: number; readonly header?: string } = {},
): string =>
  addressFinder({ trustProxy, header: "x-forwarded-for", ipv6Bits: 64, ...rules })({
    remoteAddress,
    header: (name) => (name === (rules.header ?? "x-forwarded-for") ? forwarded : undefined),
  });

test("without proxies it is that of the network connection, whatever the client says", () => {
  expect(find(0, "192.0.2.1", "198.51.100.7")).toBe("192.0.2.1");
  expect(find([], "192.0.2.1", "198.51.100.7")).toBe("192.0.2.1");
});

test("a number of proxies: what the farthest of them has written; what stands before it the client may have written", () => {
  const forged = "203.0.113.66, 198.51.100.7";
  expect(find(1, "10.0.0.1", forged)).toBe("198.51.100.7");
  expect(find(2, "10.0.0.1", `203.0.113.66, 198.51.100.7, 10.0.0.2`)).toBe("198.51.100.7");
  expect(find(1, "10.0.0.1", undefined)).toBe("10.0.0.1");
  // More proxies than there are addresses.
  expect(find(5, "10.0.0.1", "198.51.100.7")).toBe("198.51.100.7");
});

test("networks: the nearest address that is in none of them", () => {
  const networks = ["10.0.0.0/8", "2001:db8:1::/48", "loopback"];
  expect(find(networks, "10.1.2.3", "203.0.113.66, 198.51.100.7, 10.9.9.9")).toBe("198.51.100.7");
  expect(find(networks, "::ffff:10.1.2.3", "198.51.100.7")).toBe("198.51.100.7");
  expect(find(networks, "2001:db8:1::5", "198.51.100.7, 127.0.0.1")).toBe("198.51.100.7");
  // A client that is no proxy itself.
  expect(find(networks, "192.0.2.9", "198.51.100.7")).toBe("192.0.2.9");
});

test("a function decides about each, by address and distance", () => {
  const asked: [string, number][] = [];
  const isTrusted = (address: string, distance: number): boolean => {
    asked.push([address, distance]);
    return address.startsWith("10.");
  };
  expect(find(isTrusted, "10.0.0.1", "198.51.100.7, 10.0.0.2")).toBe("198.51.100.7");
  expect(asked).toEqual([
    ["10.0.0.1", 0],
    ["10.0.0.2", 1],
    ["198.51.100.7", 2],
  ]);
});

test("forms of an address are one address: ports, brackets, zones, IPv4 in IPv6", () => {
  expect(find(1, "10.0.0.1", "198.51.100.7:4711")).toBe("198.51.100.7");
  expect(find(0, "::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(find(1, "10.0.0.1", "[2001:db8::1]:4711")).toBe("2001:db8::/64");
  expect(find(0, "fe80::1%eth0")).toBe("fe80::/64");
});

test("addresses of IPv6 count by their network", () => {
  expect(find(0, "2001:db8:1:2:aaaa::1")).toBe(find(0, "2001:db8:1:2:bbbb::2"));
  expect(find(0, "2001:db8:1:2::1")).not.toBe(find(0, "2001:db8:1:3::1"));
  expect(find(0, "2001:db8:1:2::1", undefined, { ipv6Bits: 48 })).toBe("2001:db8:1::/48");
  expect(find(0, "2001:db8:1:2::1", undefined, { ipv6Bits: 128 })).toBe("2001:db8:1:2::1");
});

test("what is no address ends the list, and long lists are cut", () => {
  expect(find(3, "10.0.0.1", "198.51.100.7, unknown, 10.0.0.2")).toBe("10.0.0.2");
  expect(find(["10.0.0.0/8"], "10.0.0.1", "<script>")).toBe("10.0.0.1");
  expect(
    find(
      99,
      "10.0.0.1",
      Array.from({ length: 1000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`).join(","),
    ),
  ).toBe("10.0.3.200");
  expect(find(0, "")).toBe("unknown");
});

test("another header, by any case of its name", () => {
  expect(find(1, "10.0.0.1", "198.51.100.7", { header: "cf-connecting-ip" })).toBe("198.51.100.7");
});
