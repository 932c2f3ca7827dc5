// Brings the brokers that end-to-end tests drive. As root on Debian installs what is missing; elsewhere says so, so that
// the tests which need it skip and count. Starts nothing: each test starts a broker of its own.

import { brokers } from "./brokers.mjs";
import { findProgram } from "./browsers.mjs";
import { installFromDebian, isDebianRoot } from "./debian.mjs";

const all = Object.values(brokers);
const missing = all.filter((broker) => findProgram(broker) === undefined);
if (missing.length > 0 && isDebianRoot)
  await installFromDebian(missing.flatMap(({ debian }) => debian));

for (const { name, ...broker } of all) {
  const found = findProgram({ name, ...broker });
  const hint = `not found, so the tests that need it skip. Put it on PATH, or its path in ${broker.variable}.`;
  console.log(`${name}: ${found ?? hint}`);
  if (found === undefined && process.env.CI === "true") process.exitCode = 1;
}
