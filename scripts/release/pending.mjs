// What the files in .changeset would make of the versions. Changesets reads them.

import getReleasePlan from "@changesets/get-release-plan";
import { root } from "../repository.mjs";

/** The package whose version is that of all but the facades. */
export const LEADER = "@sockeye/node";

/**
 * The changes that wait for a release, and the version that they would make; undefined when there are none.
 * @returns {Promise<{ summaries: string[], next: string | undefined }>}
 */
export async function pendingRelease() {
  const { changesets, releases } = await getReleasePlan(root);
  const next = releases.find(({ name }) => name === LEADER)?.newVersion;
  return {
    summaries: changesets.map(({ summary }) => summary.trim()).filter((summary) => summary !== ""),
    next: changesets.length === 0 ? undefined : next,
  };
}
