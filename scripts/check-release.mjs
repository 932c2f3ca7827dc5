// Whoever publishes runs this first: fails while the addresses in the root's package.json are placeholders, and when a
// published package lacks what a registry shows. No step of `npm run check`, which must pass in any copy.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { read, root, workspaces } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

// A name that is reserved for addresses that lead nowhere.
const PLACEHOLDER = /\.invalid\b/;
const FIELDS = ["homepage", "repository", "bugs"];
const FILES = ["README.md", "LICENSE"];

/**
 * The complaints about the addresses in a package.json.
 * @param {Record<string, unknown>} manifest
 * @returns {string[]}
 */
export function checkAddresses(manifest) {
  return FIELDS.flatMap((field) => {
    const value = manifest[field];
    if (value === undefined) return [`package.json: ${field} is missing`];
    const text = JSON.stringify(value);
    return PLACEHOLDER.test(text) ? [`package.json: ${field} is a placeholder: ${text}`] : [];
  });
}

await runAsStep(import.meta.url, () => {
  const published = workspaces().filter(({ manifest }) => manifest.private !== true);
  const problems = checkAddresses(JSON.parse(read("package.json")));
  for (const { folder } of published) {
    for (const file of FILES) {
      if (!existsSync(join(root, folder, file))) problems.push(`${folder}/${file} is missing`);
    }
  }
  return { problems, summary: `${published.length} packages` };
});
