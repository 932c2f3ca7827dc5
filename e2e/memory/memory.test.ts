// What connections cost the server's memory, and that they leave nothing behind: counted in heap snapshots of
// a server in a process of its own, so it depends on no time. Small versions of `npm run bench:memory` and `bench:soak`.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const PROGRAMS = join(import.meta.dirname, "../../bench/memory");
const LIMIT_MS = 120_000;

/** Runs one of the programs, which prints one line of JSON; its exit code says the same for people. */
function result<Shape>(program: string, ...args: string[]): Promise<Shape> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(PROGRAMS, program), ...args], (error, stdout, stderr) => {
      const line = stdout.trim();
      if (line.startsWith("{")) resolve(JSON.parse(line) as Shape);
      else reject(new Error(stderr, { cause: error }));
    });
  });
}

test(
  "an idle connection stays within the budget of objects and bytes",
  async () => {
    const { budget, bytes, dearest, objects } = await result<{
      objects: number;
      bytes: number;
      budget: { objects: number; bytes: number };
      dearest: string[];
    }>("budget.mjs", "500");
    expect(objects, dearest.join("\n")).toBeLessThanOrEqual(budget.objects);
    expect(bytes, dearest.join("\n")).toBeLessThanOrEqual(budget.bytes);
    // Snapshots that show nothing would pass too.
    expect(objects).toBeGreaterThan(5);
  },
  LIMIT_MS,
);

test(
  "after 500 connections came and went, objects, bytes and handles are what they were",
  async () => {
    const { bytes, handles, kept } = await result<{
      bytes: number;
      kept: unknown[];
      handles: { before: string; after: string };
    }>("soak.mjs", "--connections", "500");
    expect(kept).toEqual([]);
    expect(bytes).toBeLessThan(128 * 1024);
    expect(handles.after).toBe(handles.before);
  },
  LIMIT_MS,
);

const isLong = process.env.FAULTS === "long";
const MINUTES = 10;

// Not registered otherwise: a test that is never run is none.
if (isLong) {
  test(
    "for ten minutes connections come and go, and the heap lies on a flat line",
    async () => {
      const { handles, kept, rise } = await result<{
        rise: number;
        kept: unknown[];
        handles: { before: string; after: string };
      }>("soak.mjs", "--minutes", String(MINUTES));
      expect(rise).toBeLessThan(256 * 1024);
      expect(kept).toEqual([]);
      expect(handles.after).toBe(handles.before);
    },
    2 * MINUTES * 60_000,
  );
}
