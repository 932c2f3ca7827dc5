// Compiles consumers' programs against the installed packages, in strict mode and with nothing of the libraries left
// unchecked.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installation } from "./installation.ts";
import { COMPILERS } from "./toolchain.ts";

const module = { type: "module" };

/** Ways of resolving that consumers have: fields of tsconfig.json, and the type of their package. */
export const RESOLUTIONS = {
  node10: { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  "node16, CommonJS": { type: "commonjs", module: "node16", moduleResolution: "node16" },
  "node16, ES modules": { ...module, module: "node16", moduleResolution: "node16" },
  "nodenext, CommonJS": { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, ES modules": { ...module, module: "nodenext", moduleResolution: "nodenext" },
  bundler: { ...module, module: "esnext", moduleResolution: "bundler" },
} as const;

/** The name of one. */
export type Resolution = keyof typeof RESOLUTIONS;

/** Seconds when the machine has nothing else to do. */
export const COMPILE_MS = 120_000;

/** What is compiled. */
export interface Consumer {
  /** Of the table of compilers. */
  readonly compiler: string;
  readonly resolution: Resolution;
  /** Relative to the folder `consumer`. */
  readonly files: readonly string[];
  /** Packages of declarations that are visible everywhere. */
  readonly types?: readonly string[];
}

/** Compiles; resolves to what the compiler prints, which is nothing when all is well. */
export function compile(consumer: Consumer): Promise<string> {
  const { compiler, files, resolution, types = ["node"] } = consumer;
  const name = [compiler, resolution, ...files].join(" ").replaceAll("/", "-");
  const folder = join(installation(), "consumers", name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "../consumer"), folder, { recursive: true });
  const { type, ...options } = RESOLUTIONS[resolution];
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
  const compilerOptions = {
    ...options,
    // TypeScript 6 has announced the end of this one.
    ...(resolution === "node10" && compiler === "TypeScript 6" && { ignoreDeprecations: "6.0" }),
    target: "es2022",
    lib: ["ES2023", "DOM"],
    types,
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    // What comes with the compiler is not ours, and takes half of the time.
    skipDefaultLibCheck: true,
    // What the program exports can be named in its own declarations.
    declaration: true,
    noEmit: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const program = COMPILERS[compiler] ?? "";
  return new Promise((resolve) => {
    const args = [program, "--pretty", "false", "-p", folder];
    execFile(process.execPath, args, (error, stdout) =>
      resolve(stdout + (error && !stdout ? error : "")),
    );
  });
}
