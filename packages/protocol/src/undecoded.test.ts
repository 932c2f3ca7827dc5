// Which events need not be decoded, beside the decoder.

import { SeededRandom } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { jsonCodec } from "./json-codec.ts";
import { JsonDecoder } from "./json-decoder.ts";
import { DEFAULT_LIMITS, MAX_DEPTH } from "./limits.ts";
import { PassedEvent } from "./passed-event.ts";
import { UndecodedJson } from "./undecoded.ts";

const events = new UndecodedJson(DEFAULT_LIMITS);

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

const DEEPEST = `2["a",${nested(MAX_DEPTH)}]`;
/** Without its end. */
const PROSE = `2["a","${"prose ".repeat(200)}"`;

/** Whether the text of an event would be passed on. */
function isPassed(text: string): boolean {
  const head = events.headOf(text);
  return head !== null && events.isSound(text, head);
}

describe("PR42 the beginning of an event is read", () => {
  test.each([
    ['2["a"]', { nsp: "/", event: "a", attachments: 0, from: 1 }],
    ['2["a",1]', { nsp: "/", event: "a", attachments: 0, from: 1 }],
    ['2/b,["a",1]', { nsp: "/b", event: "a", attachments: 0, from: 4 }],
    ['2/b?c=d,["é "]', { nsp: "/b?c=d", event: "é ", attachments: 0, from: 8 }],
    ['51-["a",1]', { nsp: "/", event: "a", attachments: 1, from: 3 }],
    ['510-/b,["a",1]', { nsp: "/b", event: "a", attachments: 10, from: 7 }],
    ['2["",1]', { nsp: "/", event: "", attachments: 0, from: 1 }],
  ])("%s", (text, head) => {
    expect(events.headOf(text)).toEqual(head);
  });

  test.each([
    ...[
      '21["a"]',
      '2/b,1["a"]',
      '51-1["a",1]',
      '3["a"]',
      '61-["a"]',
      "0",
      "1",
      '4{"a":1}',
      "2",
      "",
    ],
    ...[
      "2[]",
      "2[1]",
      "2[1,2]",
      '2[ "a"]',
      '2["a" ,1]',
      '2["a',
      '2["a"',
      '2["a\\u0062"]',
      '2{"a":1}',
    ],
    ...[
      '2/["a"]',
      '2/,["a"]',
      '2/b["a"]',
      '5["a"]',
      '5-["a"]',
      '50-["a"]',
      '511-["a"]',
      '501-["a"]',
    ],
    ...['5100-["a"]', '51["a"]', '5+1-["a"]', new Uint8Array([0x32])],
  ])("not that of %j: the decoder decides", (frame) => {
    expect(events.headOf(frame)).toBeNull();
  });
});

describe("PR42 what is passed on would be decoded, and to the same event", () => {
  const placeholder = (num: number | string): string => `{"_placeholder":true,"num":${num}}`;

  test.each([
    ...['2["a"]', '2["a",{"_placeholder":true,"num":0}]', '51-["a"]', `51-["a",${placeholder(0)}]`],
    ...[`52-["a",[${placeholder(1)},${placeholder(0)}]]`, '51-["a",{"num":0,"_placeholder":true}]'],
    ...[`52-["a",${placeholder(1)}]`, `51-["a","{",${placeholder(0)}]`, `2["a","\\u0000"]`],
    ...[DEEPEST, `${PROSE}]`],
  ])("%.40s is passed on", (text) => {
    expect(isPassed(text)).toBe(true);
    const decoder = new JsonDecoder(DEFAULT_LIMITS);
    const attachments = [new Uint8Array([1]), new Uint8Array([2])].slice(
      0,
      Number(/^5(\d)/.exec(text)?.[1] ?? 0),
    );
    let packet = decoder.add(text);
    for (const bytes of attachments) packet = decoder.add(bytes);
    const head = events.headOf(text)!;
    expect(new PassedEvent(head, { text, attachments }).data).toEqual(packet?.data);
  });

  test.each([
    ...[`51-["a",${placeholder(1)}]`, `51-["a",${placeholder(0)},${placeholder(0)}]`],
    ...[
      `51-["a",${placeholder(-1)}]`,
      `51-["a",${placeholder(0.5)}]`,
      `51-["a",${placeholder('"0"')}]`,
    ],
    ...['51-["a",{"_placeholder":true}]', '51-["a",{"_placeholder":true,"num":0,"a":1}]'],
    ...['51-["a",{"\\u005fplaceholder":true,"num":9}]', '51-["a",{ "_placeholder":true,"num":9}]'],
    ...[`2["a",${nested(MAX_DEPTH + 1)}]`, PROSE, `${PROSE},${nested(MAX_DEPTH + 1)}]`],
    ...['2["a",]', '2["a"]]', '2["a"],[]', '2["a"] x', '2["a","\n"]', '2["a",01]', '2["a",NaN]'],
  ])("%.40s is not", (text) => {
    expect(isPassed(text)).toBe(false);
  });

  test("2,000 mutated events", () => {
    const random = new SeededRandom(36);
    const seeds = [
      '2["a",{"x":-1.5e-7,"y":[null,true,false],"z":"\\"\\\\\\u00e9"}]',
      `52-["a",${placeholder(0)},{"deep":[${placeholder(1)}]},"_placeholder"]`,
      '51-/b,["a",{"num":0,"_placeholder":true},{"_placeholder":false}]',
      `2["a","${"prose ".repeat(100)}",{"x":1}]`,
    ] as const;
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
      "true",
      "u",
      " ",
      "_placeholder",
    ] as const;
    let passed = 0;
    for (let round = 0; round < 2000; round++) {
      let text: string = random.pick(seeds);
      for (let changes = random.below(3); changes > 0; changes--) {
        const at = 1 + random.below(text.length);
        const end = at + random.below(3);
        text = text.slice(0, at) + (random.once(3) ? "" : random.pick(put)) + text.slice(end);
      }
      if (!isPassed(text)) continue;
      passed++;
      const head = events.headOf(text)!;
      const decoder = new JsonDecoder(DEFAULT_LIMITS);
      let packet = decoder.add(text);
      const attachments = Array.from({ length: head.attachments }, (_, at) => new Uint8Array([at]));
      for (const bytes of attachments) packet = decoder.add(bytes);
      const { data, id, nsp, type } = new PassedEvent(head, { text, attachments });
      expect({ data, id, nsp, type }, text).toEqual({ ...packet });
    }
    expect(passed).toBeGreaterThan(500);
  });
});

test("PR42 the limits are those of the codec", () => {
  const codec = jsonCodec({ limits: { maxAttachments: 2, maxDepth: 1 } });
  const judge = (text: string): boolean => {
    const head = codec.undecoded?.headOf(text) ?? null;
    return head !== null && codec.undecoded?.isSound(text, head) === true;
  };
  expect([judge('52-["a"]'), judge('53-["a"]')]).toEqual([true, false]);
  expect([judge('2["a",[1]]'), judge('2["a",[[1]]]')]).toEqual([true, false]);
});
