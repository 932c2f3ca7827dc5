// The smallest change between two versions, and where a cursor is after a change of somebody else.

import { expect, test } from "vitest";
import * as Y from "yjs";
import { changeBetween, moved } from "./shared-text.ts";

test.each([
  ["", "abc", { at: 0, removed: 0, added: "abc" }],
  ["abc", "", { at: 0, removed: 3, added: "" }],
  ["the river", "the cold river", { at: 4, removed: 0, added: "cold " }],
  ["aaa", "aaaa", { at: 3, removed: 0, added: "a" }],
  ["abcabc", "abc", { at: 3, removed: 3, added: "" }],
  ["one two", "one 2", { at: 4, removed: 3, added: "2" }],
  ["same", "same", { at: 4, removed: 0, added: "" }],
])("from %j to %j", (before, after, change) => {
  expect(changeBetween(before, after)).toEqual(change);
  const { at, removed, added } = change;
  expect(before.slice(0, at) + added + before.slice(at + removed)).toBe(after);
});

test.each([
  ["before it", 2, (text: Y.Text) => text.insert(0, "xx"), 4],
  ["behind it", 2, (text: Y.Text) => text.insert(5, "xx"), 2],
  ["taken out before it", 5, (text: Y.Text) => text.delete(0, 3), 2],
  ["taken out around it", 5, (text: Y.Text) => text.delete(3, 4), 3],
  ["taken out behind it", 2, (text: Y.Text) => text.delete(4, 3), 2],
])("a cursor with a change %s", (_, cursor, change, expected) => {
  const text = new Y.Doc().getText();
  text.insert(0, "0123456789");
  let result = cursor;
  text.observe(({ delta }) => {
    result = moved(cursor, delta);
  });
  change(text);
  expect(result).toBe(expected);
});
