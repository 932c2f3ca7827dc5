// Option rules: what is filled in, what is refused and in which words, and that all problems come together.

import { describe, expect, test } from "vitest";
import {
  amount,
  callback,
  custom,
  describe as describeValue,
  flag,
  OptionError,
  type Rules,
  resolveOptions,
  wordList,
} from "./option-rules.ts";

interface Example {
  readonly wait: number;
  readonly size: number;
  readonly few: number;
  readonly loud: boolean;
  readonly decide: (() => void) | undefined;
  readonly ways: readonly ("near" | "far")[];
  readonly name: string | undefined;
}

const rules: Rules<Example> = {
  wait: amount({ fallback: 10, min: 1, unit: "milliseconds" }),
  size: amount({ fallback: 5, min: 0, unit: "bytes", infinity: "allowed" }),
  few: amount({ fallback: 3, min: 1, max: 10, unit: "things" }),
  loud: flag(true),
  decide: callback<() => void>(),
  ways: wordList<"near" | "far">(["near", "far"], ["near"]),
  name: custom<string | undefined>(undefined, (value) => typeof value === "string", "a string"),
};

function problemsOf(input: object): readonly string[] {
  try {
    resolveOptions(rules, input);
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toBeInstanceOf(TypeError);
    return (error as OptionError).problems;
  }
  return [];
}

describe("resolving", () => {
  test("what is not given is filled in", () => {
    const filled = {
      wait: 10,
      size: 5,
      few: 3,
      loud: true,
      decide: undefined,
      ways: ["near"],
      name: undefined,
    };
    expect(resolveOptions(rules, {})).toEqual({ options: filled, unknown: [], remarks: [] });
    expect(resolveOptions(rules, { wait: undefined, loud: undefined }).options).toEqual(filled);
  });

  test("what is given is kept, and the input is not changed", () => {
    const input = Object.freeze({ wait: 2, size: Infinity, loud: false, ways: ["far"], name: "" });
    expect(resolveOptions(rules, input).options).toMatchObject(input);
  });

  test("the result is frozen, its lists are copies and frozen as well", () => {
    const ways = ["far"];
    const { options } = resolveOptions(rules, { ways });
    expect(Object.isFrozen(options)).toBe(true);
    expect(Object.isFrozen(options.ways)).toBe(true);
    ways.push("near");
    expect(options.ways).toEqual(["far"]);
  });

  test("names that no rule knows are told, not refused, whatever they are called", () => {
    const input = { wiat: 1, wait: 2, toString: 1, constructor: 2 };
    const { options, unknown } = resolveOptions(rules, input);
    expect(unknown).toEqual(["wiat", "toString", "constructor"]);
    expect(Object.keys(options)).toEqual(Object.keys(rules));
  });

  test("all problems come in one error, in the order of the rules", () => {
    const input = { name: 1, loud: [], wait: 0, size: 3, ways: [] };
    expect(problemsOf(input)).toEqual([
      "wait must be a number of milliseconds, at least 1, not 0",
      "loud must be true or false, not ",
      "ways must be a list of near, far, not ",
      "name must be a string, not 1",
    ]);
    expect(() => resolveOptions(rules, input)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION", name: "OptionError" }),
    );
    expect(() => resolveOptions(rules, { wait: 0, loud: {} })).toThrow(
      "invalid options: wait must be a number of milliseconds, at least 1, not 0; loud must be true or false, not [object Object]",
    );
  });
});

describe("rules", () => {
  test("DL4 an amount beyond its maximum is refused with that maximum", () => {
    expect(problemsOf({ wait: 2 ** 31, size: 2 ** 53, few: Infinity })).toEqual([
      "wait must be a number of milliseconds, at most 2147483647, not 2147483648",
      "size must be a number of bytes, at most 9007199254740991, not 9007199254740992",
      "few must be a number of things, at most 10, not Infinity",
    ]);
  });

  test.each<[keyof Example, unknown, "accepted" | "refused"]>([
    ["wait", 1, "accepted"],
    ["wait", 1.5, "accepted"],
    ["wait", 0.5, "refused"],
    ["wait", -1, "refused"],
    ["wait", Number.NaN, "refused"],
    ["wait", Infinity, "refused"],
    ["wait", 2 ** 31 - 1, "accepted"],
    ["wait", 2 ** 31, "refused"],
    ["size", Number.MAX_SAFE_INTEGER, "accepted"],
    ["size", 2 ** 53, "refused"],
    ["few", 10, "accepted"],
    ["few", 11, "refused"],
    ["wait", "5", "accepted"],
    ["wait", "5 s", "refused"],
    ["wait", "", "refused"],
    ["wait", "0", "refused"],
    ["wait", null, "refused"],
    ["wait", 5n, "refused"],
    ["size", 0, "accepted"],
    ["size", Infinity, "accepted"],
    ["size", -Infinity, "refused"],
    ["loud", true, "accepted"],
    ["loud", null, "accepted"],
    ["loud", 1, "accepted"],
    ["loud", {}, "refused"],
    ["decide", () => {}, "accepted"],
    ["decide", "f", "refused"],
    ["decide", null, "accepted"],
    ["ways", ["far", "near"], "accepted"],
    ["ways", "far", "accepted"],
    ["ways", "none", "refused"],
    ["ways", ["far", "farther"], "accepted"],
    ["ways", ["farther"], "refused"],
    ["ways", [["far"]], "refused"],
    ["name", "x", "accepted"],
    ["name", 1, "refused"],
  ])("%s: %s is %s", (name, value, verdict) => {
    expect(problemsOf({ [name]: value })).toHaveLength(verdict === "accepted" ? 0 : 1);
  });
});

describe("values of another type that Socket.IO takes", () => {
  test.each<[keyof Example, unknown, unknown, string | null]>([
    ["wait", "5", 5, 'wait is "5" and was taken as 5'],
    ["loud", null, false, "loud is null and was taken as false"],
    ["loud", "no", true, 'loud is "no" and was taken as true'],
    ["decide", false, undefined, null],
    [
      "ways",
      "near and far",
      ["near", "far"],
      'ways is "near and far" and was taken as ["near","far"]',
    ],
    ["ways", ["smoke", "far"], ["far"], 'ways is smoke,far and was taken as ["far"]'],
  ])("%s: %j is taken as %j", (name, given, taken, text) => {
    const { options, remarks } = resolveOptions(rules, { [name]: given });
    expect(options[name]).toEqual(taken);
    expect(remarks).toEqual(text === null ? [] : [{ name, text }]);
  });

  test("a flag that is true unless it is false", () => {
    const { options } = resolveOptions({ serves: flag(true, "true unless false") }, { serves: 0 });
    expect(options).toEqual({ serves: true });
  });
});

describe("values in error texts", () => {
  test.each([
    ["x", '"x"'],
    [1, "1"],
    [null, "null"],
    [undefined, "undefined"],
    [Symbol("s"), "Symbol(s)"],
    [{}, "[object Object]"],
    ["y".repeat(100), `"${"y".repeat(39)}…`],
    [Object.create(null), "[object Object]"],
    [
      {
        toString(): string {
          throw new Error("no");
        },
      },
      "[object Object]",
    ],
  ])("case %#", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});
