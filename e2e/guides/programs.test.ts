// The programs of the guides that need nothing but themselves: they end, and print what their comments say.

import { execFile } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../kit/ports.ts";

const SNIPPETS = join(import.meta.dirname, "../../docs/site/snippets");
const MODULES = join(import.meta.dirname, "../../node_modules");
/** What a program prints, behind the call that prints it; in other places, on a line of its own. */
const PRINTED = /^.*console\.log\(.*\);?\)?;? \/\/ (.*)$|^\/\/ prints (.*)$/gm;
const LIMIT_MS = 60_000;

const read = (file: string): string => readFileSync(join(SNIPPETS, file), "utf8");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "programs-"));
  symlinkSync(MODULES, join(folder, "node_modules"), "dir");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Server and client in one file, which says what is printed. */
const programs = readdirSync(SNIPPETS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".mjs"))
  .filter((file) => {
    const text = read(file);
    return /new Server\(3000/.test(text) && text.includes("localhost:3000");
  })
  .filter((file) => [...read(file).matchAll(PRINTED)].length > 0)
  .sort();

test("there are programs", () => {
  expect(programs.length).toBeGreaterThan(10);
});

test.each(programs)(
  "%s prints what it says",
  async (file) => {
    const text = read(file);
    const said = [...text.matchAll(PRINTED)].flatMap(([, one = "", several = ""]) =>
      (one + several).split("; "),
    );
    const program = join(folder, file.replaceAll("/", "-"));
    writeFileSync(program, text.replaceAll("3000", String(await freePort())));
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      timeout: LIMIT_MS,
    });
    // Listeners print when their event comes, whatever the order of the lines.
    expect(stdout.trim().split("\n").sort()).toEqual(said.sort());
  },
  LIMIT_MS,
);
