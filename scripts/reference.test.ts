// Shows how the reference is read out of sources, and that the defaults it tells are those in force.

import { describe, expect, it } from "vitest";
import { serverOptionRules } from "../hosts/node/test/resolved-options.ts";
import { errorsOf, messagesOf, optionsOf, pointsOf, table, wordsOf } from "./reference.mjs";
import { read } from "./repository.mjs";

const SOURCE = `
export interface Options extends Others {
  /** How long. Default 10. */
  readonly wait: number;
  /**
   * Whether to go on,
   * after all.
   */
  "go on"?: boolean | { after: number; }
    | undefined;
}
export type Reason =
  | Other
  /** It was late. */
  | "late"
  | "unsaid";
`;

const ERRORS = `
export const TABLE = {
  /** It is there. */
  TAKEN: (name: string) => \`"\${name}" is taken\`,
  /** Never,
   * or late. */
  LATE: () =>
    "too late",
  /** A number. */
  NUMBER: 3,
} as const;
export const BARE = {
  CODE: () => "no",
} as const;
export type Message =
  /** Too many. */
  | \`more than \${number}\`
  /** None. */
  | "none";
export type Only =
  /** Always. */
  "ONLY";
`;

describe("errors", () => {
  it("of a table have a code, a message and a meaning", () => {
    expect(errorsOf(ERRORS, "TABLE")).toEqual([
      { code: "TAKEN", message: '"<name>" is taken', meaning: "It is there." },
      { code: "LATE", message: "too late", meaning: "Never, or late." },
      { code: "NUMBER", message: "3", meaning: "A number." },
    ]);
  });

  it("of a union have a message and a meaning", () => {
    expect(messagesOf(ERRORS, "Message")).toEqual([
      { word: "more than <number>", meaning: "Too many." },
      { word: "none", meaning: "None." },
    ]);
    expect(messagesOf(ERRORS, "Only")).toEqual([{ word: "ONLY", meaning: "Always." }]);
  });

  it("without a comment are refused, and so is a table that is not there", () => {
    expect(() => errorsOf(ERRORS, "BARE")).toThrow("BARE.CODE has no comment");
    expect(() => errorsOf(ERRORS, "NONE")).toThrow("no table NONE");
  });
});

describe("options", () => {
  it("have a type, a meaning and a default", () => {
    expect(optionsOf(SOURCE, "Options")).toEqual([
      { name: "wait", type: "number", meaning: "How long.", fallback: "10" },
      {
        name: "go on",
        type: "boolean | { after: number; } | undefined",
        meaning: "Whether to go on, after all.",
        fallback: "",
      },
    ]);
  });

  it("without a comment are refused", () => {
    expect(() => optionsOf("export interface A {\n  b: number;\n}\n", "A")).toThrow(
      "A.b has no comment",
    );
  });

  it("of a missing interface are refused", () => {
    expect(() => optionsOf(SOURCE, "Option")).toThrow("no interface Option");
  });
});

describe("words of a union", () => {
  it("have a meaning each, or are refused", () => {
    expect(() => wordsOf(SOURCE, "Reason")).toThrow('Reason: "unsaid" has no comment');
    const explained = SOURCE.replace('| "unsaid"', '/** Why not. */ | "unsaid"');
    expect(wordsOf(explained, "Reason")).toEqual([
      { word: "late", meaning: "It was late." },
      { word: "unsaid", meaning: "Why not." },
    ]);
  });
});

it("a table escapes what would end its cells", () => {
  expect(table(["A", "B"], [["a | b", ""]])).toBe("| A | B |\n| --- | --- |\n| a \\| b | |\n");
});

describe("the defaults of the server's options", () => {
  const documented = [
    ["packages/engine/src/options.ts", "EngineOptions"],
    ["packages/core/src/base/options.ts", "CoreOptions"],
    ["packages/server/src/options.ts", "HttpOptions"],
    ["hosts/node/src/options.ts", "NodeOptions"],
  ].flatMap(([file = "", name = ""]) => optionsOf(read(file), name));

  it("are told for every option that has a rule, and no other", () => {
    const names = documented.map(({ name }) => name).sort();
    expect(names).toEqual(Object.keys(serverOptionRules).sort());
  });

  const simple = Object.entries(serverOptionRules).flatMap(([name, rule]) => {
    const { fallback }: { fallback: unknown } = rule;
    const isSimple = ["string", "number", "boolean"].includes(typeof fallback);
    return isSimple ? [{ name, fallback: String(fallback) }] : [];
  });

  it.each(simple)("$name: $fallback", ({ name, fallback }) => {
    const told = documented.find((option) => option.name === name)?.fallback ?? "";
    expect(plain(told)).toBe(fallback);
  });
});

/** "25 000; 0 means the default" is 25000, "64 MiB" 67108864, "`true`" true. */
function plain(told: string): string {
  const text = (told.split(";")[0] ?? "").replaceAll("`", "").replace(/(?<=\d) (?=\d)/g, "");
  const [, mebibytes] = /^(\d+) MiB$/.exec(text) ?? [];
  return mebibytes === undefined ? text : String(Number(mebibytes) * 2 ** 20);
}

const POINTS = `
export interface Payloads {
  /** A member with a comment. */
  opened: { readonly id: string };
  closed: {
    /** Why. */
    readonly reason: "a" | "b";
    readonly id: string;
  };
  seen: Seen & { readonly at: number };
}
const ROWS: PointRows<Payloads> = {
  opened: "at the beginning",
  closed:
    "at the end; before anything is told",
  seen: "between",
};
`;

describe("diagnostics points", () => {
  it("have a name, a payload and a time", () => {
    expect(pointsOf(POINTS, "Payloads")).toEqual([
      { name: "opened", payload: "{ id: string }", when: "at the beginning" },
      {
        name: "closed",
        payload: '{ reason: "a" | "b"; id: string; }',
        when: "at the end; before anything is told",
      },
      { name: "seen", payload: "Seen & { at: number }", when: "between" },
    ]);
  });

  it("without a payload are refused", () => {
    const source = POINTS.replace("  seen: Seen", "  other: Seen");
    expect(() => pointsOf(source, "Payloads")).toThrow("Payloads.seen has no payload");
  });
});
