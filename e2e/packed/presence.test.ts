// Every public name exists at run time, in each artefact; and the check of it can fail.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { ARTEFACTS } from "./artefacts.ts";
import { exportsOf, fileOf, installation } from "./run/installation.ts";
import { declaredBy, filesOf, load, missingMembers, OTHER_ENTRIES } from "./run/presence.ts";

beforeAll(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

test.each(ARTEFACTS)("CL131 what $name declares is there", async (artefact) => {
  expect(await missingMembers(artefact, filesOf(artefact))).toEqual([]);
});

test.each(OTHER_ENTRIES)("CL131 what %s declares is there", async (entry) => {
  const code = fileOf("@sockeye/client", entry, ["import"]);
  const declarations = fileOf("@sockeye/client", entry, ["types", "import"]);
  const { values } = declaredBy(declarations);
  expect(values.length).toBeGreaterThan(0);
  const exported = await load(code, "module");
  expect(values.filter((name) => typeof exported[name] !== "function")).toEqual([]);
});

test("every entry is an artefact, or has tests of its own", () => {
  const scripts = ARTEFACTS.filter(({ form }) => form === "script").map(
    ({ entry }) => `./dist/${entry}`,
  );
  const known = [
    ...ARTEFACTS.filter(({ form }) => form === "module").map(({ entry }) => entry),
    ...OTHER_ENTRIES,
    ...["./dist/socket.io.esm.min.js", "./dist/*.map", "./package.json"],
    ...scripts,
  ];
  expect(
    Object.keys(exportsOf("@sockeye/client")).filter((entry) => !known.includes(entry)),
  ).toEqual([]);
});

// What a renaming compiler has done before: the file works, and a name that is promised has become another.
test.each([
  ["module", "emitWithAck", "socket: emitWithAck"],
  ["script.min", "reconnectionDelayMax", "manager: reconnectionDelayMax"],
  ["websocket", "readyState", "engine: readyState"],
])("a renamed member of %s is noticed: %s", async (name, member, complaint) => {
  const artefact = ARTEFACTS.find((each) => each.name === name);
  if (artefact === undefined) throw new Error(`no artefact ${name}`);
  const { code, declarations } = filesOf(artefact);
  const folder = mkdtempSync(join(tmpdir(), "renamed-"));
  try {
    const dist = join(installation(), "node_modules/@sockeye/client/dist");
    cpSync(dist, join(folder, "dist"), { recursive: true });
    symlinkSync(join(installation(), "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const broken = join(folder, "dist", code.slice(dist.length));
    // The member may stand in a file beside the entry.
    renameIn(join(folder, "dist"), broken, member);
    const complaints = await missingMembers(artefact, { code: broken, declarations });
    expect(complaints).toContain(complaint);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Renames in a file and in those that it loads by a relative path. */
function renameIn(dist: string, file: string, member: string): void {
  const pending = [file];
  const seen = new Set<string>();
  for (const path of pending) {
    if (seen.has(path)) continue;
    seen.add(path);
    const code = readFileSync(path, "utf8");
    for (const [, found = ""] of code.matchAll(
      /(?:from|import)\s*\(?["'](\.{1,2}\/[^"']+\.js)["']/g,
    ))
      pending.push(join(path, "..", found));
    writeFileSync(path, code.replaceAll(new RegExp(`\\b${member}\\b`, "g"), `${member}_`));
  }
  if (!seen.size || !file.startsWith(dist)) throw new Error("nothing was renamed");
}
