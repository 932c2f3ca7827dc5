// The reference of classes: what is read of a member, that every member says what it does, and that examples are valid code.

import { transform } from "esbuild";
import { describe, expect, test } from "vitest";
import { FACES } from "./public-faces.mjs";
import { classPages, eventSources } from "./reference-classes.mjs";
import { membersOf } from "./reference-members.mjs";
import { read } from "./repository.mjs";

const SOURCE = `
export interface Thing {
  /**
   * Does it,
   * twice.
   * @param times how often, at most 3
   * @returns the thing
   * @throws Error \`ERR_TIMES\` above 3
   * @example thing.act(2);
   */
  act(
    times: number,
  ): this;
  // A remark.
  /** What it is called. */
  readonly name: string;
}
`;

describe("reference of classes", () => {
  test("a member is taken apart", () => {
    expect(membersOf(SOURCE, "Thing")).toEqual([
      {
        name: "act",
        declaration: "act(\n  times: number,\n): this;",
        text: "Does it, twice.",
        params: [{ name: "times", text: "how often, at most 3" }],
        returns: "the thing",
        throws: ["Error `ERR_TIMES` above 3"],
        examples: ["thing.act(2);"],
      },
      expect.objectContaining({ name: "name", text: "What it is called.", examples: [] }),
    ]);
  });

  const pages = Object.entries(classPages(""));

  test.each(pages)("%s: each member says what it does", (_file, page) => {
    const sections = page.split(/^### /m).slice(1);
    expect(sections.length).toBeGreaterThan(4);
    const silent = sections.filter((section) => {
      const prose = section
        .replaceAll(/```ts\n[\s\S]*?```/g, "")
        .split("\n")
        .slice(1)
        .join("");
      return !/\w/.test(prose);
    });
    expect(silent).toEqual([]);
  });

  test("each of them, and each event, has an example", () => {
    const sections = pages.flatMap(([file, page]) =>
      page
        .split(/^### /m)
        .slice(1)
        .map((section) => ({ name: `${file}: ${section.split("\n")[0]}`, section })),
    );
    // The first block of code is the declaration.
    const bare = sections.filter(({ section }) => [...section.matchAll(/^```ts$/gm)].length < 2);
    expect(sections.length).toBeGreaterThan(240);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  test.each(memberSources())("%s: the examples of %s are valid code", async (file, name) => {
    const broken: string[] = [];
    for (const code of membersOf(read(file), name).flatMap(({ examples }) => examples)) {
      await transform(`async () => {${code}\n}`, { loader: "ts" }).catch(() => broken.push(code));
    }
    expect(broken).toEqual([]);
  });
});

/** The interfaces of the pages, each once. */
function memberSources(): [file: string, name: string][] {
  const names = FACES.flatMap(({ declared }) => Object.entries(declared)).flatMap(([file, list]) =>
    list.map((name) => `${file}#${name}`),
  );
  const events = eventSources().map((each) => `${each.file}#${each.interface}`);
  return [...new Set([...names, ...events, "packages/client/src/typed/io.ts#Io"])]
    .map((entry): [string, string] => {
      const [file = "", name = ""] = entry.split("#");
      return [file, name];
    })
    .filter(([file, name]) => new RegExp(`interface ${name}\\b`).test(read(file)));
}
