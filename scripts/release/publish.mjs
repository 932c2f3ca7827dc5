// Publishes what has been laid out and checked, package after package, each after those that it depends on. What is on the
// registry already is left out, so that a release that was interrupted can be run again.

import { execFileSync } from "node:child_process";
import { read, root } from "../repository.mjs";
import { npm } from "./archives.mjs";
import { sectionOf } from "./changelog.mjs";
import { pendingRelease } from "./pending.mjs";

/**
 * Why the repository is not in a state to be published from.
 * @param {string} version
 * @returns {Promise<string[]>}
 */
export async function notReady(version) {
  const problems = [];
  const { next } = await pendingRelease();
  if (next !== undefined) {
    problems.push(`changes wait in .changeset: \`npm run release:version\` makes ${next} of them`);
  }
  if (sectionOf(read("CHANGELOG.md"), version) === undefined) {
    problems.push(`CHANGELOG.md has no section for ${version}: run \`npm run release:version\``);
  }
  const changed = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  if (changed !== "") problems.push("files are changed and not committed: see `git status`");
  return problems;
}

/**
 * @typedef {object} PublishChoices
 * @property {string | undefined} registry npm's own when undefined
 * @property {string} tag
 * @property {boolean} hasProvenance
 */

/**
 * @param {string} stage what `layOut` has made
 * @param {import("../repository.mjs").Workspace[]} packages in the order of publishing
 * @param {PublishChoices} choices
 */
export async function publish(stage, packages, { registry, tag, hasProvenance }) {
  const where = registry === undefined ? [] : ["--registry", registry];
  const address = (await npm(stage, ["config", "get", "registry", ...where])).trim();
  const states = await Promise.all(
    packages.map(async (each) => ({ each, isThere: await isPublished(address, each.manifest) })),
  );
  for (const { each, isThere } of states) {
    if (isThere) console.log(`${each.manifest.name} ${each.manifest.version} is there already`);
  }
  const missing = states.filter(({ isThere }) => !isThere).map(({ each }) => each.folder);
  if (missing.length === 0) return;
  const workspaces = missing.flatMap((folder) => ["--workspace", folder]);
  const provenance = hasProvenance ? ["--provenance"] : [];
  const args = [
    "publish",
    ...workspaces,
    ...provenance,
    "--access",
    "public",
    "--tag",
    tag,
    ...where,
  ];
  await npm(stage, args, { isShown: true });
}

/**
 * @param {string} address of the registry
 * @param {{ name: string, version: string }} manifest
 */
async function isPublished(address, { name, version }) {
  const response = await fetch(new URL(name.replace("/", "%2f"), address.replace(/\/*$/, "/")));
  if (response.status === 404) return false;
  if (!response.ok) throw new Error(`the registry answers ${response.status} for ${name}`);
  const { versions = {} } = /** @type {{ versions?: object }} */ (await response.json());
  return version in versions;
}
