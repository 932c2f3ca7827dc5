// What is said on a release of Node that is too old.

import { expect, test } from "vitest";
import { refuseOldNode } from "./node-release.ts";

test.each(["18.20.8", "16.0.0"])("NH96 Node %s is refused with a sentence", (version) => {
  expect(() => refuseOldNode(version)).toThrow(
    expect.objectContaining({
      code: "ERR_NODE_RELEASE",
      message: `@sockeye/node needs Node 20.19 or later, and this is ${version}`,
    }),
  );
});

test.each(["20.19.0", "22.1.0", "26.0.0", process.versions.node])(
  "NH96 Node %s is not",
  (version) => {
    expect(() => refuseOldNode(version)).not.toThrow();
  },
);
