// The installed declarations, compiled by a consumer's project in strict mode with the compilers and ways of resolving
// that consumers have, and with nothing of the libraries left unchecked.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { installation } from "./run/installation.ts";
import { COMPILERS, prepareToolchain } from "./run/toolchain.ts";

const RESOLUTIONS = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
} as const;

// Seconds when the machine has nothing else to do.
const COMPILE_MS = 120_000;

beforeAll(prepareToolchain, 300_000);

/** Compiles the consumer's program; resolves to what the compiler prints. */
function compile(compiler: string, name: keyof typeof RESOLUTIONS, title: string): Promise<string> {
  const folder = join(installation(), "consumers", `${title} ${name}`);
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "consumer"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const compilerOptions = {
    ...RESOLUTIONS[name],
    target: "es2022",
    lib: ["ES2023", "DOM"],
    types: ["node"],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    // What comes with the compiler is not ours, and takes half of the time.
    skipDefaultLibCheck: true,
    noEmit: true,
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["every-entry.ts"] }),
  );
  return new Promise((resolve) => {
    const args = [compiler, "--pretty", "false", "-p", folder];
    execFile(process.execPath, args, (error, stdout) =>
      resolve(stdout + (error && !stdout ? error : "")),
    );
  });
}

describe.each(Object.entries(COMPILERS))("%s", (title, compiler) => {
  test.each(Object.keys(RESOLUTIONS) as (keyof typeof RESOLUTIONS)[])(
    "resolution %s",
    async (name) => {
      expect(await compile(compiler, name, title)).toBe("");
    },
    COMPILE_MS,
  );
});
