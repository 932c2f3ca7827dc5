// The check of the code in pages, on pages that break each rule.

import { describe, expect, test } from "vitest";
import { brokenInclusion, inclusionsOf, ownCodeOf } from "./check-snippets.mjs";

describe("snippets", () => {
  test("code of a page itself is found, with its line", () => {
    const page = "# Title\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n";
    expect(ownCodeOf("a.md", page)).toEqual([expect.stringContaining("a.md:3: ts stands")]);
    expect(ownCodeOf("a.md", "```diff\n-a\n```\n<<< @/b.ts\n")).toEqual([]);
  });

  test("inclusions are read with region, lines and title", () => {
    const page = "<<< @/site/a.ts\n<<< @/site/b.mjs#shown\n<<< @/../c.ts{2,3} [server.ts]\n";
    expect(inclusionsOf("a.md", page)).toEqual([
      { page: "a.md", file: "docs/site/a.ts", region: undefined },
      { page: "a.md", file: "docs/site/b.mjs", region: "shown" },
      { page: "a.md", file: "c.ts", region: undefined },
    ]);
  });

  test("a missing file and a missing region are named", () => {
    const inclusion = { page: "a.md", file: "b.ts", region: "shown" };
    expect(brokenInclusion(inclusion, () => undefined)).toEqual([
      "a.md: includes b.ts, which is not there",
    ]);
    expect(brokenInclusion(inclusion, () => "// #region other\n")).toEqual([
      "a.md: includes the region shown of b.ts, which is not there",
    ]);
    expect(brokenInclusion(inclusion, () => "// #region shown\n")).toEqual([]);
  });
});
