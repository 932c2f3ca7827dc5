// Shows that the spec check finds rules without tests, tests without rules, and rules given twice.

import { describe, expect, it } from "vitest";
import { checkSpec } from "./check-spec.mjs";

const PAGE = { file: "docs/spec/engine.md", text: "- **EN1** One.\n- **EN2** Two, see EN9.\n" };

function check(text: string): string[] {
  return checkSpec([PAGE], [{ file: "a.test.ts", text }]);
}

describe("the spec and the tests", () => {
  it.each([
    `it("EN1 one", f); it("EN2 two", f);`,
    `it("EN1, EN2 both", f);`,
    `describe("EN1 and EN2: both", f);`,
    "it.each([1])(`EN1 one %j`, f);\ntest.for([1])(\n  'EN2 two', f);",
    `cases.push({ id: "EN1", title: "one" }, { title: "EN2 two" });`,
    `it("EN1 one", f); it("EN2 two", f); const target = "ES2022";`,
  ])("agree: %s", (text) => {
    expect(check(text)).toEqual([]);
  });

  it("disagree when no title names a rule", () => {
    const missing = ["docs/spec/engine.md: no test names EN2"];
    expect(check(`it("EN1 one", f);`)).toEqual(missing);
    expect(check(`it("EN1 one", f); it("almost EN2", f);`)).toEqual(missing);
  });

  it.each(["EN3", "XY1"])("disagree when a title names %s, which is no rule", (id) => {
    const problems = check(`it("EN1, EN2", f); it("${id} three", f);`);
    expect(problems).toEqual([`a.test.ts: names ${id}, which the spec does not define`]);
  });

  it("disagree when a rule is given twice", () => {
    const problems = checkSpec([PAGE, PAGE], [{ file: "a.test.ts", text: `it("EN1, EN2", f);` }]);
    expect(problems).toEqual([
      "docs/spec/engine.md: defines EN1 a second time",
      "docs/spec/engine.md: defines EN2 a second time",
    ]);
  });
});
