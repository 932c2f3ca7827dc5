// Shows which members the check of examples reads, and which it complains about.

import { describe, expect, it } from "vitest";
import { examplesMissing } from "./check-examples.mjs";
import { documentedMembersOf } from "./documented-members.mjs";

const SOURCE = `
export interface Face<
  A = any,
> extends Other<A> {
  /** The name. */
  readonly name: string;
  /** Targets all. @example io.local.emit("a"); */
  readonly local: BroadcastOperator<A>;
  /** The next one is dropped. */
  readonly volatile: this;
  /**
   * Sends.
   * @example
   * io.send({
   *   a: 1,
   * });
   */
  // biome-ignore lint/a: b
  send<B>(
    given: B,
  ): this;
  /** Reads. */
  path(): string;
  /** Writes. @example io.path("/a"); */
  path(path: string): this;
  bare?: number;
}

export interface Next {
  later(): void;
}
`;

describe("documented members", () => {
  it("are read with their text, each overload by itself", () => {
    const members = documentedMembersOf(SOURCE, "Face");
    expect(members.map(({ name, isCalled }) => [name, isCalled])).toEqual([
      ["name", false],
      ["local", true],
      ["volatile", true],
      ["send", true],
      ["path", true],
      ["path", true],
      ["bare", false],
    ]);
    expect(members[0]?.text).toContain("The name.");
    expect(members.at(-1)?.text).toBeUndefined();
  });

  it("need an interface of that name", () => {
    expect(() => documentedMembersOf(SOURCE, "None")).toThrow("no interface None");
  });
});

describe("complaints", () => {
  it("name what has no documentation, and what is called and has no example", () => {
    expect(examplesMissing("Face", documentedMembersOf(SOURCE, "Face"))).toEqual([
      "Face.volatile has no @example",
      "Face.path has no @example",
      "Face.bare has no documentation",
    ]);
    expect(examplesMissing("Next", documentedMembersOf(SOURCE, "Next"))).toEqual([
      "Next.later has no documentation",
    ]);
  });
});
