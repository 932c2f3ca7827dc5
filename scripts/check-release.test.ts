// What keeps placeholders from being published.

import { expect, test } from "vitest";
import { checkAddresses } from "./check-release.mjs";

const address = (host: string) => ({
  homepage: `https://${host}`,
  repository: { type: "git", url: `git+https://${host}/a.git` },
  bugs: { url: `https://${host}/issues` },
});

test("addresses that lead nowhere are refused, and missing ones", () => {
  expect(checkAddresses(address("host.example"))).toEqual([]);
  expect(checkAddresses(address("sockeye.invalid"))).toHaveLength(3);
  const { bugs: _, ...rest } = address("host.example");
  expect(checkAddresses(rest)).toEqual(["package.json: bugs is missing"]);
});
