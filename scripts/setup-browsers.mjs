// Brings the programs that end-to-end tests drive. Looks for what is there; as root on Debian
// installs the rest; elsewhere says what is missing, so that the tests which need it skip and count.

import { findProgram, programs } from "./browsers.mjs";
import { installFromDebian, isDebianRoot } from "./debian.mjs";

const wanted = programs.filter((program) => findProgram(program) === undefined);
if (wanted.length > 0 && isDebianRoot)
  await installFromDebian(wanted.flatMap(({ debian }) => debian));

const missing = programs.filter((program) => findProgram(program) === undefined);
for (const program of programs) {
  const path = findProgram(program);
  console.log(path === undefined ? whyMissing(program) : `${program.name}: ${path}`);
}
if (missing.length > 0 && process.env.CI === "true") process.exitCode = 1;

/** @param {import("./browsers.mjs").Program} program */
function whyMissing({ name, variable, debian }) {
  return (
    `${name}: not found, so the tests that need it are skipped. ` +
    `Put it on PATH, or its path in ${variable}` +
    (isDebianRoot ? `; installing ${debian.join(" ")} has failed.` : ".")
  );
}
