// Addresses of clients, as Node writes them.

import { SocketAddress } from "node:net";
import { expect, test } from "vitest";
import { shortAddress } from "./short-address.ts";

const whole = (groups: string): string =>
  groups
    .split(" ")
    .map((group) => group.padStart(4, "0"))
    .join(":");

test("IPv4 stays, also where a port takes both kinds", () => {
  expect(shortAddress("192.0.2.7")).toBe("192.0.2.7");
  expect(shortAddress(whole("0 0 0 0 0 ffff 7f00 1"))).toBe("::ffff:127.0.0.1");
});

test.each([
  ["0 0 0 0 0 0 0 1", "::1"],
  ["0 0 0 0 0 0 0 0", "::"],
  ["2001 db8 0 0 1 0 0 1", "2001:db8::1:0:0:1"],
  ["2001 db8 0 1 1 1 1 1", "2001:db8:0:1:1:1:1:1"],
  ["fe80 0 0 0 abcd 0 0 0", "fe80::abcd:0:0:0"],
  ["1 2 3 4 5 6 0 0", "1:2:3:4:5:6::"],
])("IPv6 is shortened as by Node: %s", (groups, short) => {
  const address = whole(groups);
  expect(shortAddress(address)).toBe(short);
  expect(new SocketAddress({ address, family: "ipv6" }).address).toBe(short);
});
