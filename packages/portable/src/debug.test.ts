// Which names a DEBUG variable asks for, and what a line says.

import { expect, test } from "vitest";
import { debugText, pointFilter, printPoints, shortened } from "./debug.ts";
import { createPoints } from "./diagnostics.ts";

const NAMES = ["sockeye:core:packetSent", "sockeye:engine:frameSent", "sockeye:engine:failed"];

test.each([
  ["sockeye:*", [0, 1, 2]],
  ["*", [0, 1, 2]],
  ["express:*,sockeye:engine:*", [1, 2]],
  ["express:* sockeye:core:packetSent", [0]],
  ["sockeye:*,-*:frameSent", [0, 2]],
  ["-sockeye:engine:*,*", [0]],
  ["*Sent", [0, 1]],
  ["sockeye", []],
  ["sockeye:engine.failed", []],
] as const)("DP5 DEBUG=%s", (text, wanted) => {
  const filter = pointFilter(text);
  expect(NAMES.filter((name) => filter?.(name))).toEqual(wanted.map((at) => NAMES[at]));
});

test.each([
  ["theirs:*", [0]],
  ["theirs:two", [0]],
  ["theirs", []],
  ["engine*", [1, 2]],
  ["*,-engine", [0, 1, 2]],
  ["*,-engine*", [0]],
  ["engine*,-*:frameSent", [2]],
] as const)("DP5 DEBUG=%s with other names for layers", (text, wanted) => {
  const filter = pointFilter(text, {
    "sockeye:core": ["theirs:one", "theirs:two"],
    "sockeye:engine": ["engine", "engine:socket"],
  });
  expect(NAMES.filter((name) => filter?.(name))).toEqual(wanted.map((at) => NAMES[at]));
});

test("DP5 without a name, or with exclusions alone, nothing is asked for", () => {
  for (const text of [undefined, null, "", " , ", "-sockeye:*"]) {
    expect(pointFilter(text)).toBeNull();
  }
});

test("DP5 a line has short values; what is long is cut, and objects are left out unless they are described", () => {
  const payload = {
    ...{ nsp: "/", reason: "ping timeout", size: 5, isOn: true, none: null },
    ...{ error: new Error('no "x"'), rooms: new Set(["a", "b"]), data: { secret: 1 } },
    ...{ long: "x".repeat(200), id: "abcdefgh", hidden: "y" },
  };
  const describe = (key: string, value: unknown): string | null | undefined => {
    if (key === "hidden") return null;
    return key === "id" ? shortened(value as string) : undefined;
  };
  expect(debugText(payload, describe)).toBe(
    'nsp=/ reason="ping timeout" size=5 isOn=true none=null error="no \\"x\\"" rooms=2 ' +
      `long=${"x".repeat(80)}… id=abcd…`,
  );
});

test("DP5 only points that are asked for are listened to", () => {
  const rows = { opened: "", closed: "" };
  const points = createPoints<{ opened: { n: number }; closed: { n: number } }>("t", rows);
  const lines: string[] = [];
  const isWanted = (name: string): boolean => name === "t:opened";
  printPoints([points], { isWanted, print: (line) => void lines.push(line) });
  expect([points.opened.active, points.closed.active]).toEqual([true, false]);
  points.opened.publish({ n: 1 });
  expect(lines).toEqual(["t:opened n=1"]);
});
