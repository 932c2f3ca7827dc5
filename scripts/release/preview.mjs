// Finds out what a release would publish: packs it, checks it, and says it in lines for a terminal.

import { join } from "node:path";
import { read } from "../repository.mjs";
import { addressesOf } from "./addresses.mjs";
import { layOut, packAll, publishable } from "./archives.mjs";
import { sectionOf } from "./changelog.mjs";
import { checkAddresses, checkFields } from "./fields.mjs";
import { inspect } from "./inspection.mjs";
import { pendingRelease } from "./pending.mjs";

/** @typedef {import("./archives.mjs").Packed} Packed */

/**
 * @typedef {object} Release
 * @property {import("../repository.mjs").Workspace[]} packages in the order in which they are published
 * @property {string} version of all of them but the facades
 * @property {string[]} problems none means that it may be published
 * @property {string[]} lines what it is
 */

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

/**
 * @param {Packed} packed
 * @returns {string[]}
 */
function packageLines({ name, version, size, unpackedSize, files }) {
  const sizes = `${kilobytes(size).trim()} packed, ${kilobytes(unpackedSize).trim()} unpacked`;
  return [
    `\n${name} ${version}: ${files.length} files, ${sizes}`,
    ...files.map((file) => `${kilobytes(file.size)}  ${file.path}`),
  ];
}

/** @param {string} version */
async function changeLines(version) {
  const { summaries, next } = await pendingRelease();
  const waiting = summaries.map((summary) => `  ${summary.split("\n")[0]}`);
  const head =
    next === undefined ? [] : [`\nWaiting changes, which would make ${next}:`, ...waiting];
  const changelog = read("CHANGELOG.md");
  const released = sectionOf(changelog, version);
  const title =
    released === undefined
      ? `\nNot released yet (\`npm run release:version\` puts it under ${version}):`
      : `\nChanges of ${version}:`;
  return [...head, title, released ?? sectionOf(changelog) ?? ""];
}

/**
 * @param {object} choices
 * @param {string} choices.stage a folder for what is packed
 * @param {string | undefined} choices.repository in place of the addresses in the root's package.json
 * @returns {Promise<Release>}
 */
export async function findRelease({ stage, repository }) {
  const shared = JSON.parse(read("package.json"));
  const addresses = repository === undefined ? shared : addressesOf(repository);
  const problems = checkAddresses({ ...addresses });
  const packages = publishable();
  await layOut(stage, packages, addresses);
  const packed = await packAll(stage, packages, join(stage, "archives"));
  const versions = new Map(packed.map(({ name, version }) => [name, version]));
  for (const { folder, manifest } of packages) {
    // A missing address is said once, of the root's package.json.
    const fields = { homepage: "-", bugs: "-", repository: { directory: folder }, ...manifest };
    problems.push(...checkFields(folder, fields, versions));
  }
  // It takes its time, and says of every package again what is wrong with one field.
  if (problems.length === 0) {
    for (const each of packed) problems.push(...(await inspect(each)));
  }
  const total = packed.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
  const version = String(shared.version);
  const lines = [
    ...(await changeLines(version)),
    ...packed.flatMap(packageLines),
    `\n${packed.length} packages, ${kilobytes(total).trim()} unpacked:`,
    ...packed.map(({ name, version: own }) => `  ${name}@${own}`),
  ];
  return { packages, version, problems, lines };
}
