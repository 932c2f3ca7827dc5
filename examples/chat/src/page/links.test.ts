// Which parts of a text are links.

import { expect, test } from "vitest";
import { piecesOf } from "./links.ts";

const linksIn = (text: string): (string | undefined)[] =>
  piecesOf(text).flatMap(({ href }) => href ?? []);

test.each([
  ["see https://example.com/a?b=c#d for more", ["https://example.com/a?b=c#d"]],
  ["http://example.com, and https://example.org.", ["http://example.com/", "https://example.org/"]],
  ["(https://example.com/a)", ["https://example.com/a"]],
  ["https://example.com/salmon_(fish)", ["https://example.com/salmon_(fish)"]],
  ["javascript:alert(1) data:text/html,x mailto:a@example.com", []],
  ["https:// and https://% are none", []],
  ["nothing here", []],
])("%s", (text, links) => {
  expect(linksIn(text)).toEqual(links);
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});
