// The installed declarations, compiled by a consumer's project with the compilers and ways of resolving that consumers
// have. `SOCKEYE_MATRIX=1` tries every pair.

import { expect, test } from "vitest";
import { isWhole } from "../kit/extent.ts";
import { COMPILE_MS, compile, RESOLUTIONS, type Resolution } from "./run/compile.ts";
import { COMPILERS } from "./run/toolchain.ts";

// The first and the last compiler, and the ways of resolving that differ most; the rest by SOCKEYE_MATRIX. A compiler before
// the seventh takes ten times as long.
const USUAL: Readonly<Record<string, readonly Resolution[]>> = {
  "TypeScript 5.4": ["node10"],
  "TypeScript 7": ["nodenext, ES modules"],
};

const isPossible = (compiler: string, resolution: Resolution): boolean =>
  compiler !== "TypeScript 7" || resolution !== "node10";

const ALL = Object.keys(COMPILERS).flatMap((compiler) =>
  (Object.keys(RESOLUTIONS) as Resolution[])
    .filter((resolution) => isPossible(compiler, resolution))
    .map((resolution) => [compiler, resolution] as const),
);
const PAIRS = isWhole
  ? ALL
  : ALL.filter(([compiler, resolution]) => USUAL[compiler]?.includes(resolution));

const FILES = ["every-entry.ts", "every-facade.ts"];

test.each(PAIRS)(
  "%s, resolution %s",
  async (compiler, resolution) => {
    expect(await compile({ compiler, resolution, files: FILES })).toBe("");
  },
  COMPILE_MS,
);
