// The programs of the guide on limits, as they stand there: they are well typed, and print what it says.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { filesOf } from "./blocks.mjs";
import { GuideProject } from "./project.ts";

const TSC = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
const projects: GuideProject[] = [];
afterAll(async () => {
  for (const project of projects) await project.end();
});

test("what is beyond a limit is refused, with its name and value, and the operator sees it", async () => {
  const project = new GuideProject();
  projects.push(project);
  await project.write("limits", async (name, text) => {
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    return [name.replace(".ts", ".mjs"), code];
  });
  const server = project.start("server.mjs");
  const next = async (): Promise<unknown> => (await server.next()).value;
  expect(await next()).toBe("listening");
  const client = project.start("client.mjs");
  const printed: string[] = [];
  for (let line = await client.next(); line.done !== true; line = await client.next()) {
    printed.push(line.value);
  }
  expect(printed).toEqual(["found tea", "found milk", "limit events.byName of 0.2 reached"]);
  expect(await next()).toMatch(
    /^events\.byName of 0\.2 by 127\.0\.0\.1: search$|^events\.byName of 0\.2 by ::/,
  );
  expect(await project.exitCode("client.mjs")).toBe(0);
});

test("its files are well typed", async () => {
  const project = new GuideProject();
  projects.push(project);
  await project.write("limits");
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2022", strict: true, noEmit: true, skipLibCheck: true },
    ...{ types: ["node"], lib: ["es2023", "dom"] },
  };
  const files = Object.keys(filesOf("limits"));
  writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  writeFileSync(join(project.folder, "package.json"), '{ "type": "module" }');
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, "-p", project.folder]).catch(
    (error: { stdout: string }) => error,
  );
  expect(files).toEqual(["server.ts", "client.ts", "cluster.ts"]);
  expect(stdout).toBe("");
});
