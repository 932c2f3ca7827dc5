// Shows what errors of a table look like to applications.

import { expect, it } from "vitest";
import { errorFactory } from "./coded-error.ts";

const failure = errorFactory({
  ERR_NAME: (name: string) => `"${name}" is taken`,
  ERR_PLAIN: () => "no",
});

it("an error has the message and the code of its row", () => {
  const error = failure("ERR_NAME", "a");
  expect(error).toBeInstanceOf(Error);
  expect([error.message, error.code]).toEqual(['"a" is taken', "ERR_NAME"]);
});

it("an error compares as one without a code, and its stack begins at the caller's", () => {
  const error = failure("ERR_PLAIN");
  expect(error).toEqual(new Error("no"));
  expect(Object.keys(error)).toEqual([]);
});
