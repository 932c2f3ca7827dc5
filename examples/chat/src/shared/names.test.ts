// What people and rooms may be called, and what counts as a picture.
import { expect, test } from "vitest";
import { personNameFrom, roomNameFrom, textFrom } from "./names.ts";
import { pictureTypeOf } from "./picture-type.ts";

test.each([
  ["Ada", "Ada"],
  ["  Ada \n  Lind ", "Ada Lind"],
  ["\u202eadA", "adA"],
  ["e\u0301", "\u00e9"],
  ["👩‍🚀", "👩‍🚀"],
  ["", undefined],
  [" \u0000 ", undefined],
  ["n".repeat(25), undefined],
])("a person called %j is %j", (input, name) => {
  expect(personNameFrom(input)).toBe(name);
});

test.each([
  ["Lobby", "lobby"],
  ["#salmon runs", "salmon-runs"],
  ["Füchse_2", "füchse_2"],
  ["-x", undefined],
  ["a/b", undefined],
  ["", undefined],
  ["r".repeat(25), undefined],
])("a room called %j is %j", (input, name) => {
  expect(roomNameFrom(input)).toBe(name);
});

test("a text keeps its lines and loses what cannot be seen", () => {
  expect(textFrom("  a\r\n\tb\rc\u0007\u2066 \n")).toBe("a\n\tb\nc");
});

test.each([
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "image/png"],
  [[0xff, 0xd8, 0xff, 0xe0], "image/jpeg"],
  [[...Buffer.from("GIF89a")], "image/gif"],
  [[...Buffer.from("RIFF....WEBP")], "image/webp"],
  [[...Buffer.from("RIFF....WAVE")], undefined],
  [[0x89, 0x50], undefined],
  [[...Buffer.from("<svg>")], undefined],
  [[], undefined],
])("bytes that begin with %j are %s", (bytes, type) => {
  expect(pictureTypeOf(new Uint8Array(bytes))).toBe(type);
});
