// The scan of JSON, beside JSON.parse.

import { describe, expect, test } from "vitest";
import { JsonForm } from "./json-form.ts";

const LEVELS = 20;
const form = new JsonForm(LEVELS);

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const RIGHT = [
  ...["[]", "{}", '""', "0", "-0", "-0.0", "1e5", "1E+5", "1.25e-3", "true", "false", "null"],
  ...[" [ 1 , 2 ]\n", '\t{ "a" : 1 , "b" : { } }\r', '[[],[[]],{"a":[]}]', '{"":{"":""}}'],
  ...[
    '"\\u00e9\\uD800\\n\\/\\"\\\\"',
    '"é€😀"',
    '"\u007f\u2028\u2029"',
    '"\ud800"',
    '{"a":1,"a":2}',
  ],
];
const WRONG = [
  ...["", " ", "[", "]", "{", "}", "[}", "{]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[]0"],
  ...['{"a"}', '{"a":}', '{"a":1,}', "{a:1}", "{1:1}", '{"a" 1}', '{,"a":1}', '{"a":1 "b":2}', ":"],
  ...[
    "01",
    "+1",
    ".5",
    "1.",
    "-",
    "-a",
    "1e",
    "1e+",
    "0x10",
    "1.e5",
    "Infinity",
    "NaN",
    "--1",
    "1-",
  ],
  ...["tru", "truee", "True", "nul", "fals e", "undefined", "'a'", "a", "\\u0041", "/*a*/1", "1//"],
  ...['"', '"a', '"\\"', '"\\x41"', '"\\u00g0"', '"\\u00"', '"\n"', '"\t"', '"\u0000"', '"a""b"'],
  ...["\u0000", "1\u0000", "[\u0000]", "\u00a01", "\ufeff1", "1\u2028", "\u000b1", "[\ud800]"],
];

describe("PR41 a text is accepted exactly where JSON.parse takes it", () => {
  test.each(RIGHT)("%j is accepted", (text) => {
    expect([isParsed(text), form.accepts(text)]).toEqual([true, true]);
  });

  test.each(WRONG)("%j is not", (text) => {
    expect([isParsed(text), form.accepts(text)]).toEqual([false, false]);
  });

  test("whatever is cut off, put in or changed", () => {
    const whole = JSON.stringify([
      "cursor",
      { x: -1.5e-7, y: [0, 10, null, true, false, []], 'a\u0000"\\é': { "€": ["😀", {}] } },
    ]);
    const put = [
      '"',
      "\\",
      ",",
      ":",
      "[",
      "]",
      "{",
      "}",
      "0",
      "1",
      "-",
      ".",
      "e",
      "u",
      " ",
      "\n",
      "\u0000",
      "é",
    ];
    for (let at = 0; at <= whole.length; at++) {
      const [before, after] = [whole.slice(0, at), whole.slice(at)];
      const changed = [before, after, before + after.slice(1)];
      for (const text of put) changed.push(before + text + after, before + text + after.slice(1));
      for (const text of changed) {
        if (form.accepts(text) !== isParsed(text)) expect.unreachable(JSON.stringify(text));
      }
    }
  });
});

test("PR41 what nests deeper than the limit is not accepted", () => {
  const nested = (open: string, close: string, levels: number): string =>
    open.repeat(levels) + close.repeat(levels);
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":[', "]}"],
  ] as const) {
    const each = open.length === 1 ? 1 : 2;
    expect(form.accepts(nested(open, close, LEVELS / each))).toBe(true);
    expect(form.accepts(nested(open, close, LEVELS / each + 1))).toBe(false);
  }
  expect(form.accepts(`[${nested("[", "]", LEVELS - 1)},${nested("[", "]", LEVELS - 1)}]`)).toBe(
    true,
  );
});

test("PR41 a long text, then a short one: nothing is left of the first", () => {
  const own = new JsonForm(LEVELS);
  expect(own.accepts(`["${"é€".repeat(10_000)}"]`)).toBe(true);
  expect(own.accepts('["')).toBe(false);
  expect(own.accepts('["a"]')).toBe(true);
  // Longest in UTF-8, and exactly as long as the first buffer.
  expect(own.accepts(`"${"a".repeat(4094)}"`)).toBe(true);
  expect(new JsonForm(LEVELS).accepts(`"${"a".repeat(4094)}"`)).toBe(true);
  expect(new JsonForm(LEVELS).accepts(`"${"€".repeat(1365)}"`)).toBe(true);
});
