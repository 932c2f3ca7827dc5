// Writes what the package.json of published packages have in common, and what follows from the table of entries
// (packaging/entries.mjs), and the versions of facades where they are named. With `--check` it writes nothing and fails when something would change.
//
// The address of the repository stands in the root's package.json alone.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { forms } from "./packaging/entries.mjs";
import { facadeStubs, facades, isOfItsLine, withFacadeVersions } from "./packaging/facades.mjs";
import { completed, stubsOf } from "./packaging/manifests.mjs";
import { read, repositoryFiles, root } from "./repository.mjs";
import { run } from "./run-program.mjs";
import { runAsStep } from "./step.mjs";

/** Every package.json that is made here, with its contents. */
function made() {
  const shared = JSON.parse(read("package.json"));
  return Object.entries({ ...forms, ...facades }).flatMap(([folder, form]) => {
    const file = `${folder}/package.json`;
    const manifest = completed(JSON.parse(read(file)), { folder, form, shared });
    const stubFields = "version" in form ? facadeStubs(form) : stubsOf(form);
    const stubs = Object.entries(stubFields).map(([name, fields]) => ({
      file: `${folder}/${name}/package.json`,
      fields,
    }));
    return [{ file, fields: manifest }, ...stubs];
  });
}

/** @param {string} file */
function present(file) {
  return existsSync(join(root, file))
    ? JSON.stringify(JSON.parse(readFileSync(join(root, file), "utf8")))
    : "";
}

/** What tells readers, or a project of the tests, which version of a facade to install. */
const MENTIONS =
  /^(README\.md|facades\/[^/]+\/README\.md|docs\/(?!decisions\/).*\.md|e2e\/drop-in\/.*package\.json)$/;

/** Files that name an old version of a facade, with their texts as they should be. */
function mentions() {
  return repositoryFiles(MENTIONS)
    .map((file) => ({ file, old: read(file), text: withFacadeVersions(read(file)) }))
    .filter(({ old, text }) => old !== text);
}

/** The complaints about versions of facades. */
function misnumbered() {
  return Object.entries(facades)
    .filter(([, facade]) => !isOfItsLine(facade))
    .map(
      ([folder, { line, version }]) =>
        `${folder}: its version is ${line}. and a number from 100 on, not ${version}`,
    );
}

await runAsStep(import.meta.url, async () => {
  const all = made();
  const changed = all.filter(({ file, fields }) => present(file) !== JSON.stringify(fields));
  const summary = `${all.length} files`;
  if (process.argv.includes("--check")) {
    const problems = [...changed, ...mentions()].map(
      ({ file }) => `${file}: not as made; run npm run manifests`,
    );
    return { problems: [...problems, ...misnumbered()], summary };
  }
  for (const { file, fields } of changed) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${JSON.stringify(fields, null, 2)}\n`);
  }
  for (const { file, text } of mentions()) writeFileSync(join(root, file), text);
  if (changed.length > 0) {
    const files = changed.map(({ file }) => file);
    await run(process.execPath, [
      "node_modules/@biomejs/biome/bin/biome",
      "format",
      "--write",
      ...files,
    ]);
  }
  return { problems: misnumbered(), summary };
});
