// Several hosts in one TypeScript program: the installed declarations of one say nothing globally that another contradicts, and
// none needs what only another brings. `SOCKEYE_MATRIX=1` tries every compiler.

import { expect, test } from "vitest";
import { isWhole } from "../kit/extent.ts";
import { COMPILE_MS, compile, type Resolution } from "./run/compile.ts";
import { COMPILERS } from "./run/toolchain.ts";

const NODE = ["node"];
/** Files of the folder `consumer/hosts`, and the declarations that such a project has. */
const PROGRAMS: readonly (readonly [name: string, types: readonly string[]])[] = [
  ["node-and-uws", NODE],
  ["node-and-bun", NODE],
  ["bun-deno-workers", []],
];
const file = (name: string): string => `hosts/${name}.ts`;

// Two hosts are for runtimes that have ES modules only.
const RESOLUTIONS: readonly Resolution[] = isWhole
  ? ["nodenext, ES modules", "bundler"]
  : ["nodenext, ES modules"];
const OLD = Object.keys(COMPILERS).filter((name) => name !== "TypeScript 7");

test.each(
  PROGRAMS.flatMap(([name, types]) => RESOLUTIONS.map((each) => [name, each, types] as const)),
)(
  "%s in one program, TypeScript 7, resolution %s",
  async (name, resolution, types) => {
    const files = [file(name)];
    expect(await compile({ compiler: "TypeScript 7", resolution, files, types })).toBe("");
  },
  COMPILE_MS,
);

// An old compiler takes seconds for each program: here they are one.
for (const compiler of isWhole ? OLD : []) {
  test(
    `all of them in one program, ${compiler}`,
    async () => {
      const files = PROGRAMS.map(([name]) => file(name));
      const resolution = "nodenext, ES modules";
      expect(await compile({ compiler, resolution, files, types: NODE })).toBe("");
    },
    COMPILE_MS,
  );
}

test.each([
  ["TypeScript 7", "node16, CommonJS"] as const,
  ...(isWhole ? [["TypeScript 5.4", "node10"] as const] : []),
])(
  "Node's host and the one on uWebSockets.js in one program, CommonJS, %s",
  async (compiler, resolution) => {
    const files = [file("node-and-uws")];
    expect(await compile({ compiler, resolution, files })).toBe("");
  },
  COMPILE_MS,
);
