// Shows that the compatibility check finds rows without proof, tests that do not exist, and names without rows.

import { describe, expect, it, test } from "vitest";
import { checkCompatibility, wantedFrom, wantedMember } from "./check-compatibility.mjs";
import { hasTitle, readRows } from "./compatibility-rows.mjs";
import { exportsOf, membersOf } from "./public-names.mjs";

const HEAD = "| Item | Sockeye | Shown by |\n|---|---|---|\n";
const SHOWN = "`a.test.ts` › it works";
const REST = ["Wire", "Client", "Types", "What the guides name"]
  .map((name) => `## ${name}\n\n${HEAD}| x | same | ${SHOWN} |\n`)
  .join("\n");
const FILES: Readonly<Record<string, string>> = {
  "a.test.ts": `test("it works", f); test.each(x)('says "hi" %j', f); test("a|b \\"c\\"", f);`,
  "packages/testkit/src/cases/a.ts": `{ id: "EN1", title: "a case" }`,
  "a.ts": `"it works"`,
};

function check(row: string, wanted: Parameters<typeof checkCompatibility>[2] = []): string[] {
  const page = `${REST}\n## Server\n\n### Members of the server\n\n${HEAD}${row}\n`;
  return checkCompatibility(page, (file) => FILES[file] ?? null, wanted).map((problem) =>
    problem.replace(/^docs\/compatibility.md:(\d+:)? /, ""),
  );
}

describe("rows", () => {
  it.each([
    `| \`io.on(event)\` | same | ${SHOWN} |`,
    `| x | same as before | ${SHOWN}<br>\`packages/testkit/src/cases/a.ts\` › a case |`,
    `| x | same | \`a.test.ts\` › says "hi" %j |`,
    `| x \\| y | same | \`a.test.ts\` › a\\|b "c" |`,
    "| x | differs: it is better | |",
    "| x | not there: nobody wants it | |",
    `| x | differs: it is better | ${SHOWN} |`,
  ])("are right: %s", (row) => {
    expect(check(row)).toEqual([]);
  });

  it.each([
    ["| x | same | |", "neither a test nor a difference"],
    [`| x | differs: | ${SHOWN} |`, '"differs:" begins with none of'],
    [`| x | | ${SHOWN} |`, '"" begins with none of'],
    [`| | same | ${SHOWN} |`, "no item"],
    ["| x | same |", "2 columns, not 3"],
    [`| x | same | ${SHOWN} | y |`, "4 columns, not 3"],
    ["| x | same | see the tests |", '"see the tests" is no `file` › title'],
    ["| x | same | `b.test.ts` › it works |", "b.test.ts does not exist"],
    ["| x | same | `a.ts` › it works |", "a.ts is no test file"],
    ["| x | same | `a.test.ts` › it |", 'a.test.ts has no test "it"'],
    ["| x | differs: it is better | `a.test.ts` › it |", 'a.test.ts has no test "it"'],
  ])("are wrong: %s", (row, problem) => {
    expect(check(row).join("\n")).toContain(problem);
  });

  it("belong to one of the five sections, and none of those is empty", () => {
    const page = `${REST}\n## Elsewhere\n\n${HEAD}| x | same | ${SHOWN} |\n`;
    const problems = checkCompatibility(page, (file) => FILES[file] ?? null, []).join("\n");
    expect(problems).toContain('no rows under "Server"');
    expect(problems).toContain('a row under "Elsewhere"');
  });

  it("are those of tables with these three columns; other tables are left alone", () => {
    const { rows } = readRows(
      `## A\n### B\n| What | Why |\n|---|---|\n| x | y |\n\n${HEAD}| z | same | |\n`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ line: 9, section: "A", subsection: "B", item: "z" });
  });
});

describe("what must have a row", () => {
  const options = wantedFrom("# Options\n\n## Server: x\n\n| `path` | `string` |\n", "the option");

  test("options, below the part that they belong to", () => {
    expect(check(`| \`path\` | same | ${SHOWN} |`, options)).toEqual([]);
    const missing = ['no row for the option "path" under "Server"'];
    expect(check(`| \`paths\` and path | same | ${SHOWN} |`, options)).toEqual(missing);
    expect(check("| x | same | `path` |", options)).toContain(missing[0]);
  });

  test("members, with their owner or below its heading", () => {
    const on = (subject: string) => [wantedMember({ section: "Server", subject }, "on")];
    for (const span of ["io.on", "io.on(event, listener)", "on(event)"]) {
      expect(check(`| \`${span}\` | same | ${SHOWN} |`, on("io"))).toEqual([]);
    }
    for (const span of ["io.once", "socket.on", "once"]) {
      expect(check(`| \`${span}\` | same | ${SHOWN} |`, on("io"))).toEqual([
        'no row for io.on under "Server"',
      ]);
    }
    expect(check(`| \`on\` | same | ${SHOWN} |`, on("socket"))).toHaveLength(1);
  });
});

test("a title is the whole of a text in quotes", () => {
  expect(hasTitle('test("one", f)', "one")).toBe(true);
  expect(hasTitle("test(`one %j`, f)", "one %j")).toBe(true);
  expect(hasTitle("test('it\\'s', f)", "it's")).toBe(true);
  expect(hasTitle('test("one two", f)', "one")).toBe(false);
});

test("members are the public ones of an interface or class", () => {
  const source = `export interface A<
  T = string,
> extends B {
  /** A comment: with a colon. */
  readonly one: string;
  two?(x: number): void;
  three<Ev>(
    event: Ev,
  ): void;
  _four(): void;
}
export abstract class C extends D {
  readonly #hidden = 1;
  five = 2;
  constructor() {
    super();
  }
  get six(): number {
    return 6;
  }
  protected seven(): void {
    eight();
  }
  async nine(): Promise<void> {}
}
`;
  expect(membersOf(source, "A")).toEqual(["one", "two", "three"]);
  expect(membersOf(source, "C")).toEqual(["five", "six", "nine"]);
  expect(() => membersOf(source, "E")).toThrow("no interface or class E");
});

test("exports are all names, those of other files too", () => {
  const files: Readonly<Record<string, string>> = {
    "src/index.ts": `// export { no };
export { a, type b as c, d as "module.exports" } from "./x.ts";
export type * from "./more.ts";
export const e = 1;
`,
    "src/more.ts": "export interface F {}\nexport type G = string;\n",
  };
  expect(exportsOf("src/index.ts", (file) => files[file] ?? "")).toEqual(["a", "c", "e", "F", "G"]);
});
