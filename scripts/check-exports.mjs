// Packs every publishable package as npm would, and checks what a user would get: that the entries resolve with their
// types in every way that TypeScript knows, from either kind of module, and that nothing else has slipped in.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packAll, publishable } from "./release/archives.mjs";
import { checkFields } from "./release/fields.mjs";
import { inspect } from "./release/inspection.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/**
 * npm packs the LICENSE of a package's own folder only: each has a copy of the repository's.
 * @param {import("./repository.mjs").Workspace} workspace
 */
function checkLicence({ folder }) {
  const copy = join(root, folder, "LICENSE");
  if (existsSync(copy) && readFileSync(copy, "utf8") === read("LICENSE")) return [];
  return [`${folder}/LICENSE: must be a copy of the repository's`];
}

await runAsStep(import.meta.url, async () => {
  const packages = publishable();
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));
  const problems = packages.flatMap((each) => [
    ...checkLicence(each),
    ...checkFields(each.folder, { ...each.manifest }, versions),
  ]);
  const packed = await packAll(root, packages, join(root, ".cache/packs"));
  for (const each of packed) problems.push(...(await inspect(each)));
  return { problems, summary: `${packed.length} packages` };
});
