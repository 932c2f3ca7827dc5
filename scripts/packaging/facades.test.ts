// The versions that facades may have.

import { expect, test } from "vitest";
import { facades, isOfItsLine, withFacadeVersions } from "./facades.mjs";

test("every facade has a version of its line", () => {
  expect(Object.values(facades).filter((facade) => !isOfItsLine(facade))).toEqual([]);
});

test.each([
  ["4.8.100", true],
  ["4.8.217", true],
  ["4.8.99", false],
  ["4.9.100", false],
  ["5.0.0", false],
  ["4.8.100-next.1", false],
])("in the place of 4.8, %s: %s", (version, isRight) => {
  expect(isOfItsLine({ line: "4.8", version })).toBe(isRight);
});

test("texts name the version that a facade has, and others are left as they are", () => {
  const { version } = facades["facades/socket.io"] ?? { version: "" };
  const text =
    "`npm:@sockeye/socket.io@4.8.1`, | `@sockeye/socket.io` | 4.8.2 |, @sockeye/node@0.1.0, ws@8.0.0";
  expect(withFacadeVersions(text)).toBe(
    `\`npm:@sockeye/socket.io@${version}\`, | \`@sockeye/socket.io\` | ${version} |, @sockeye/node@0.1.0, ws@8.0.0`,
  );
});
