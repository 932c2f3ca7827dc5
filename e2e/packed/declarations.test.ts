// The installed declarations, compiled by a consumer's project in strict mode with the compilers and ways of resolving
// that consumers have, and with nothing of the libraries left unchecked. `SOCKEYE_MATRIX=1` tries every pair.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installation } from "./run/installation.ts";
import { COMPILERS } from "./run/toolchain.ts";

const module = { type: "module" };
const RESOLUTIONS = {
  node10: { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  "node16, CommonJS": { type: "commonjs", module: "node16", moduleResolution: "node16" },
  "node16, ES modules": { ...module, module: "node16", moduleResolution: "node16" },
  "nodenext, CommonJS": { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, ES modules": { ...module, module: "nodenext", moduleResolution: "nodenext" },
  bundler: { ...module, module: "esnext", moduleResolution: "bundler" },
} as const;
type Resolution = keyof typeof RESOLUTIONS;

// The first and the last compiler, and the ways of resolving that differ most; the rest by SOCKEYE_MATRIX. A compiler before
// the seventh takes ten times as long.
const USUAL: Readonly<Record<string, readonly Resolution[]>> = {
  "TypeScript 5.4": ["node10", "node16, CommonJS"],
  "TypeScript 7": ["node16, CommonJS", "nodenext, ES modules", "bundler"],
};

const isPossible = (compiler: string, resolution: Resolution): boolean =>
  compiler !== "TypeScript 7" || resolution !== "node10";

const ALL = Object.keys(COMPILERS).flatMap((compiler) =>
  (Object.keys(RESOLUTIONS) as Resolution[])
    .filter((resolution) => isPossible(compiler, resolution))
    .map((resolution) => [compiler, resolution] as const),
);
const PAIRS = process.env["SOCKEYE_MATRIX"]
  ? ALL
  : ALL.filter(([compiler, resolution]) => USUAL[compiler]?.includes(resolution));

// Seconds when the machine has nothing else to do.
const COMPILE_MS = 120_000;

/** Compiles the consumer's program; resolves to what the compiler prints. */
function compile(compiler: string, resolution: Resolution): Promise<string> {
  const folder = join(installation(), "consumers", `${compiler} ${resolution}`);
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "consumer"), folder, { recursive: true });
  const { type, ...options } = RESOLUTIONS[resolution];
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
  const compilerOptions = {
    ...options,
    // TypeScript 6 has announced the end of this one.
    ...(resolution === "node10" && compiler === "TypeScript 6" && { ignoreDeprecations: "6.0" }),
    target: "es2022",
    lib: ["ES2023", "DOM"],
    types: ["node"],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    // What comes with the compiler is not ours, and takes half of the time.
    skipDefaultLibCheck: true,
    // What the program exports can be named in its own declarations.
    declaration: true,
    noEmit: true,
  };
  const files = ["every-entry.ts", "every-facade.ts"];
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const program = COMPILERS[compiler] ?? "";
  return new Promise((resolve) => {
    const args = [program, "--pretty", "false", "-p", folder];
    execFile(process.execPath, args, (error, stdout) =>
      resolve(stdout + (error && !stdout ? error : "")),
    );
  });
}

test.each(PAIRS)(
  "%s, resolution %s",
  async (compiler, resolution) => {
    expect(await compile(compiler, resolution)).toBe("");
  },
  COMPILE_MS,
);
