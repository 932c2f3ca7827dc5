// The reader of heap snapshots, on a snapshot of a process that is known to have made something.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { growth, readClassSizes } from "./snapshot.mjs";

const PROGRAM = `
  class Kept { map = new Map([[1, 2]]); list = [{ of: 1 }, { of: 2 }]; }
  const { writeHeapSnapshot } = require("node:v8");
  writeHeapSnapshot(process.argv[1]);
  globalThis.kept = Array.from({ length: 300 }, () => new Kept());
  writeHeapSnapshot(process.argv[2]);
`;

test("what came between two snapshots is counted by class and by holder", () => {
  const folder = mkdtempSync(join(tmpdir(), "snapshot-"));
  try {
    const files = [join(folder, "1.heapsnapshot"), join(folder, "2.heapsnapshot")] as const;
    execFileSync(process.execPath, ["-e", PROGRAM, ...files]);
    const plain = growth(readClassSizes(files[0]), readClassSizes(files[1]));
    const kept = plain.find(({ name }) => name === "Kept");
    expect(kept).toMatchObject({ count: 300, isObject: true });
    expect(plain.find(({ name }) => name === "Map")?.count).toBe(300);
    const held = growth(
      readClassSizes(files[0], "with holders"),
      readClassSizes(files[1], "with holders"),
    );
    const map = held.find(({ name }) => name === "Map of Kept.map");
    expect(map?.count).toBe(300);
    // A map's table is counted to it: alone it is some 30 bytes.
    expect((map?.bytes ?? 0) / 300).toBeGreaterThan(100);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
