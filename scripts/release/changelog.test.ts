// What a version becomes in the changelog and in the lock file.

import { describe, expect, it } from "vitest";
import { sectionOf, withRelease } from "./changelog.mjs";
import { withVersions } from "./versions.mjs";

const CHANGELOG = `# Changelog

## Unreleased

### Added
- One.

## 0.1.0 (2026-01-02)

### Fixed
- Two.
`;
const RELEASE = { version: "0.2.0", date: "2026-02-03" };

describe("a section", () => {
  it("is the text below a heading, with or without a date", () => {
    expect(sectionOf(CHANGELOG)).toBe("### Added\n- One.");
    expect(sectionOf(CHANGELOG, "0.1.0")).toBe("### Fixed\n- Two.");
  });

  it("is of the very version", () => {
    expect(sectionOf(CHANGELOG, "0.1")).toBeUndefined();
    expect(sectionOf(CHANGELOG.replace("0.1.0", "0.1.0-next"), "0.1.0")).toBeUndefined();
  });
});

describe("a release", () => {
  it("takes what was not released, and leaves an empty place for what follows", () => {
    const text = withRelease(CHANGELOG, { ...RELEASE, summaries: [] });
    expect(sectionOf(text)).toBe("");
    expect(sectionOf(text, "0.2.0")).toBe("### Added\n- One.");
    expect(sectionOf(text, "0.1.0")).toBe("### Fixed\n- Two.");
    expect(text).toContain("## 0.2.0 (2026-02-03)\n");
  });

  it("puts summaries of changesets under the headings that they name", () => {
    const summaries = ["Added: three", "Fixed: four\nand more", "five", "http: six"];
    const text = withRelease(CHANGELOG, { ...RELEASE, summaries });
    expect(sectionOf(text, "0.2.0")).toBe(
      "### Added\n- three\n- One.\n\n### Fixed\n- four\n  and more\n\n### Changed\n- http: six\n- five",
    );
  });

  it("takes summaries when nothing else was written", () => {
    const empty = withRelease(CHANGELOG, { ...RELEASE, summaries: [] });
    const text = withRelease(empty, { version: "0.3.0", date: "2026-03-04", summaries: ["seven"] });
    expect(sectionOf(text, "0.3.0")).toBe("### Changed\n- seven");
    expect(sectionOf(text, "0.2.0")).toBe("### Added\n- One.");
  });

  it("is refused when the version has a section, or there is no place for what is not released", () => {
    const again = { ...RELEASE, version: "0.1.0", summaries: [] };
    expect(() => withRelease(CHANGELOG, again)).toThrow(/0\.1\.0 has a section already/);
    expect(() => withRelease("# Changelog\n", { ...RELEASE, summaries: [] })).toThrow(/Unreleased/);
  });
});

it("the lock file gets the versions and dependencies of the workspaces, and keeps the rest", () => {
  const other = { version: "8.0.0", integrity: "sha512-" };
  const lock = {
    version: "0.1.0",
    lockfileVersion: 3,
    packages: {
      "": { version: "0.1.0", workspaces: ["packages/*"] },
      "packages/a": { name: "@sockeye/a", version: "0.1.0", license: "MIT" },
      "node_modules/ws": other,
    },
  };
  const manifest = {
    name: "@sockeye/a",
    version: "0.2.0",
    dependencies: { "@sockeye/b": "0.2.0" },
  };
  expect(withVersions(lock, "0.2.0", [{ folder: "packages/a", manifest }])).toEqual({
    version: "0.2.0",
    lockfileVersion: 3,
    packages: {
      "": { version: "0.2.0", workspaces: ["packages/*"] },
      "packages/a": { ...manifest, license: "MIT" },
      "node_modules/ws": other,
    },
  });
});
