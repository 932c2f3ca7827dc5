// Shows that the compatibility check finds rows without proof, tests that do not exist, and names without rows.

import { describe, expect, it, test } from "vitest";
import { checkCompatibility, wantedFrom, wantedMember } from "./check-compatibility.mjs";
import { type Data, hasTitle, type Row } from "./compatibility-rows.mjs";
import { compatibilityPage } from "./make-compatibility.mjs";
import { exportsOf, membersOf } from "./public-names.mjs";

const SHOWN = "a.test.ts › it works";
const FILES: Readonly<Record<string, string>> = {
  "a.test.ts": `test("it works", f); test.each(x)('says "hi" %j', f); test("a|b \\"c\\"", f);`,
  "packages/testkit/src/cases/a.ts": `{ id: "EN1", title: "a case" }`,
  "a.ts": `"it works"`,
};

/** Rows may be of a wrong form: the files are written by hand. */
function dataOf(...rows: object[]): Data {
  const areas = [{ title: "Members of the server", rows: rows as Row[] }];
  return {
    differences: [
      { title: "On both sides", rows: [{ what: "a|b", socketIo: "c", sockeye: "d", why: "e" }] },
    ],
    additions: [{ what: "more", where: "here" }],
    sections: [{ section: "Server", areas }],
  };
}

function check(row: object, wanted: Parameters<typeof checkCompatibility>[2] = []): string[] {
  return checkCompatibility(dataOf(row), (file) => FILES[file] ?? null, wanted);
}

describe("rows", () => {
  it.each<object>([
    { item: "`io.on(event)`", verdict: "same", tests: [SHOWN] },
    { item: "x", verdict: "same", note: "as before", tests: [SHOWN] },
    { item: "x", verdict: "same", tests: ["packages/testkit/src/cases/a.ts › a case"] },
    { item: "x", verdict: "same", tests: ['a.test.ts › says "hi" %j', 'a.test.ts › a|b "c"'] },
    { item: "x", verdict: "differs", note: "it is better" },
    { item: "x", verdict: "differs", note: "it is better", tests: [SHOWN] },
    { item: "x", verdict: "not there", note: "Socket.IO has dropped it" },
  ])("are right: %j", (row) => {
    expect(check(row)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ item: "x", verdict: "same" }, "neither a test nor a difference"],
    [{ item: "x", verdict: "differs", tests: [SHOWN] }, '"differs" without a note'],
    [{ item: "x", verdict: "equal", note: "y" }, '"verdict" is missing, empty or'],
    [{ verdict: "same", tests: [SHOWN] }, '"item" is missing, empty or'],
    [{ item: "x", verdict: "same", tests: [] }, '"tests" is missing, empty or'],
    [{ item: "x", verdict: "same", tests: [SHOWN], shown: "y" }, 'unknown field "shown"'],
    [
      { item: "x", verdict: "same", tests: ["see the tests"] },
      '"see the tests" is no file › title',
    ],
    [{ item: "x", verdict: "same", tests: ["b.test.ts › it"] }, "b.test.ts does not exist"],
    [{ item: "x", verdict: "same", tests: ["a.ts › it works"] }, "a.ts is no test file"],
    [{ item: "x", verdict: "same", tests: ["a.test.ts › it"] }, 'a.test.ts has no test "it"'],
    [
      { item: "x", verdict: "differs", note: "y", tests: ["a.test.ts › it"] },
      'a.test.ts has no test "it"',
    ],
  ])("are wrong: %j", (row, problem) => {
    expect(check(row).join("\n")).toContain(problem);
  });

  it("are there in each section, and differences at a glance are few", () => {
    const data = dataOf();
    const [differences] = data.differences;
    const [row] = differences?.rows ?? [];
    const many = { title: "In the client", rows: Array(51).fill(row) };
    const problems = checkCompatibility(
      { ...data, differences: [...data.differences, many] },
      () => null,
      [],
    );
    expect(problems).toEqual(["Server: no rows", "52 differences at a glance, at most 51 allowed"]);
  });
});

describe("the page", () => {
  const TEMPLATE =
    "# T\n\n<!-- note -->\n\n<!-- differences -->\n\n<!-- additions -->\n\n<!-- rows -->\n";

  it("has the tables in their places; what would end a cell is escaped", () => {
    const row = { item: "x", verdict: "same", note: "a|b", tests: [SHOWN, SHOWN] };
    const bare = { item: "y", verdict: "differs", note: "z" };
    expect(compatibilityPage(TEMPLATE, dataOf(row, bare)).split("\n").slice(4)).toEqual([
      "### On both sides",
      "",
      "| What | Socket.IO | Sockeye | Why |",
      "|---|---|---|---|",
      "| a\\|b | c | d | e |",
      "",
      "| What | Where |",
      "|---|---|",
      "| more | here |",
      "",
      "## Server",
      "",
      "### Members of the server",
      "",
      "| Item | Sockeye | Shown by |",
      "|---|---|---|",
      "| x | same: a\\|b | `a.test.ts` › it works<br>`a.test.ts` › it works |",
      "| y | differs: z |  |",
      "",
    ]);
  });

  it("needs a place for each table", () => {
    const template = TEMPLATE.replace("<!-- rows -->", "");
    expect(() => compatibilityPage(template, dataOf())).toThrow("no place for rows");
  });
});

describe("what must have a row", () => {
  const same = (item: string) => ({ item, verdict: "same", tests: [SHOWN] });
  const options = wantedFrom("# Options\n\n## Server: x\n\n| `path` | `string` |\n", "the option");

  test("options, below the part that they belong to", () => {
    expect(check(same("`path`"), options)).toEqual([]);
    const missing = ['no row for the option "path" under "Server"'];
    expect(check(same("`paths` and path"), options)).toEqual(missing);
    expect(check({ ...same("x"), note: "`path`" }, options)).toEqual(missing);
  });

  test("members, with their owner or below its heading", () => {
    const on = (subject: string) => [wantedMember({ section: "Server", subject }, "on")];
    for (const span of ["io.on", "io.on(event, listener)", "on(event)"]) {
      expect(check(same(`\`${span}\``), on("io"))).toEqual([]);
    }
    for (const span of ["io.once", "socket.on", "once"]) {
      expect(check(same(`\`${span}\``), on("io"))).toEqual(['no row for io.on under "Server"']);
    }
    expect(check(same("`on`"), on("socket"))).toHaveLength(1);
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
