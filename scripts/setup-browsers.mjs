// Brings the browsers that end-to-end tests drive. Looks for what is there; as root on Debian
// installs the rest; elsewhere says what is missing, so that the tests which need it skip and count.

import { findProgram, programs } from "./browsers.mjs";
import { installFromDebian, isDebianRoot } from "./debian.mjs";

const all = Object.values(programs);
const isMissing = (/** @type {import("./browsers.mjs").Program} */ program) =>
  findProgram(program) === undefined;

// A package that is installed but not found has a path in its variable that leads nowhere.
const wanted = all.filter(isMissing).filter(({ variable }) => !process.env[variable]);
if (wanted.length > 0 && isDebianRoot) {
  await installFromDebian(wanted.flatMap(({ debian }) => debian));
}

for (const program of all) {
  console.log(`${program.name}: ${findProgram(program) ?? whyMissing(program)}`);
}
if (all.some(isMissing) && process.env.CI === "true") process.exitCode = 1;

/** @param {import("./browsers.mjs").Program} program */
function whyMissing({ variable, debian }) {
  const named = process.env[variable];
  if (named) return `${variable} names ${named}, which cannot be run. The tests that need it skip.`;
  const failed = isDebianRoot ? `; installing ${debian.join(" ")} has failed` : "";
  return `not found, so the tests that need it skip. Put it on PATH, or its path in ${variable}${failed}.`;
}
