// `npm run release:version`: makes a version of what waits in .changeset. Changesets counts the versions up; the rest of what
// names them follows: the root's package.json, the lock file, and the changelog. It publishes nothing, and commits nothing.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sectionOf, withRelease } from "./release/changelog.mjs";
import { LEADER, pendingRelease } from "./release/pending.mjs";
import { withVersions } from "./release/versions.mjs";
import { read, root, workspaces } from "./repository.mjs";
import { run, runModule } from "./run-program.mjs";
import { runAsStep } from "./step.mjs";

/**
 * @param {string} file
 * @param {object} value
 */
function writeJson(file, value) {
  writeFileSync(join(root, file), `${JSON.stringify(value, null, 2)}\n`);
}

await runAsStep(import.meta.url, async () => {
  const { summaries, next } = await pendingRelease();
  if (next !== undefined && (await runModule("@changesets/cli/bin.js", ["version"])) !== 0) {
    return { problems: ["changeset version has failed"], summary: "the changes" };
  }
  const members = workspaces();
  const version = members.find(({ manifest }) => manifest.name === LEADER)?.manifest.version ?? "";
  writeJson("package.json", { ...JSON.parse(read("package.json")), version });
  writeJson(
    "package-lock.json",
    withVersions(JSON.parse(read("package-lock.json")), version, members),
  );
  const changelog = read("CHANGELOG.md");
  if (sectionOf(changelog, version) === undefined) {
    const date = new Date().toISOString().slice(0, 10);
    writeFileSync(join(root, "CHANGELOG.md"), withRelease(changelog, { version, date, summaries }));
  }
  await run(process.execPath, ["scripts/make-manifests.mjs"]);
  const formatted = ["package.json", ...members.map(({ folder }) => `${folder}/package.json`)];
  await runModule("@biomejs/biome/bin/biome", ["format", "--write", ...formatted]);
  return { problems: [], summary: `${version} of ${members.length} packages` };
});
