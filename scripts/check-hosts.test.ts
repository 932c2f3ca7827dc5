// The check of hosts on texts that are made for it.

import { describe, expect, test } from "vitest";
import { checkHosts, codeLines } from "./check-hosts.mjs";
import { MOST_EQUAL, MOST_LINES } from "./hosts.mjs";

const lines = (count: number, name = "line"): string =>
  Array.from({ length: count }, (_, at) => `const ${name}${at} = ${at};`).join("\n");

test("blank lines and comments are no code", () => {
  const source =
    "// What it is.\n\n/**\n * Meaning.\n */\nconst a = 1;\n  // Why.\n  const b = 2;\n";
  expect(codeLines(source)).toEqual([
    { at: 6, text: "const a = 1;" },
    { at: 8, text: "const b = 2;" },
  ]);
});

describe("a host", () => {
  test("may have so many lines of code in all of its files", () => {
    const halves = {
      "hosts/a/src/x.ts": lines(MOST_LINES - 1),
      "hosts/a/src/y.ts": "const z = 1;",
    };
    expect(checkHosts(halves)).toEqual([]);
    expect(checkHosts({ ...halves, "hosts/a/src/z.ts": "const y = 1;" })).toEqual([
      `hosts/a: ${MOST_LINES + 1} lines of code, at most ${MOST_LINES} allowed`,
    ]);
  });

  test("has nothing that stands in another, wherever that is and however it is indented", () => {
    const shared = lines(MOST_EQUAL + 1);
    const other = `// Another.\nconst first = 0;\n\n${shared.replaceAll("const", "  const")}`;
    expect(checkHosts({ "hosts/a/src/x.ts": shared, "hosts/b/src/y.ts": other })).toEqual([
      "hosts/b/src/y.ts:4: stands at hosts/a/src/x.ts:1 as well",
    ]);
  });

  test("may repeat itself, a few lines of another, and names that it imports or hands on", () => {
    const few = lines(MOST_EQUAL);
    const list = `import {\n${lines(30).replaceAll(";", ",")}\n} from "x";\n`;
    const sources = {
      "hosts/a/src/x.ts": `${list}${few}\nconst a = 1;`,
      "hosts/a/src/y.ts": `${few}\nconst a = 1;`,
      "hosts/b/src/y.ts": `${list}${few}\nconst b = 1;`,
    };
    expect(checkHosts(sources)).toEqual([]);
  });
});
