// docs/site/troubleshooting.md has an entry for every code in the tables of the sources, and for no other one; and
// what it links to exists.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { HELP_PAGE } from "../packages/portable/src/help.ts";
import { allCodes } from "./make-reference.mjs";
import { read, root } from "./repository.mjs";

const page = read(HELP_PAGE);
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title);
const marks = [...page.matchAll(/<a id="([^"]+)"><\/a>`([^`]+)`/g)];

/** The name by which a heading is linked to, as GitHub makes it. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

const entries = [
  ...headings.map((title) => /^`(.+)`$/.exec(title)?.[1]).filter((code) => code !== undefined),
  ...marks.map(([, , code = ""]) => code),
];
const anchors = new Set([...headings.map(slug), ...marks.map(([, id = ""]) => id)]);

describe("troubleshooting", () => {
  test("the entries are the codes of the sources, each once", () => {
    const codes = allCodes();
    expect(codes.length).toBeGreaterThan(70);
    expect(entries.toSorted()).toEqual(codes.toSorted());
  });

  test("each entry stands where hints say it does", () => {
    const missing = entries.filter((code) => !anchors.has(slug(code)));
    expect(missing).toEqual([]);
    // As `withHelp` names them.
    const hints = entries.filter((code) => /^[A-Z_]+$/.test(code));
    expect(hints.filter((code) => !anchors.has(code.toLowerCase()))).toEqual([]);
  });

  test("its links lead somewhere", () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, to = ""]) => to);
    const inside = links.filter((to) => to.startsWith("#")).map((to) => to.slice(1));
    expect(inside.length).toBeGreaterThan(15);
    expect(inside.filter((to) => !anchors.has(to))).toEqual([]);
    const files = links.filter((to) => !/^(#|\w+:)/.test(to)).map((to) => to.replace(/#.*/, ""));
    const folder = dirname(join(root, HELP_PAGE));
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });
});
