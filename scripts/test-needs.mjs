// What `npm test` needs of the machine, and the first lines that it prints. Uses nothing but Node; installs nothing.

import { brokers } from "./brokers.mjs";
import { findProgram, programs } from "./browsers.mjs";
import { isDebianRoot } from "./debian.mjs";
import { areFrameworksThere } from "./frameworks.mjs";
import { describePython, debian as pythonPackages } from "./python.mjs";
import { areRuntimesThere } from "./runtimes.mjs";
import { isStale } from "./set-up.mjs";
import { isSiteThere } from "./site.mjs";
import { isPrepared } from "./toolchain.mjs";

/**
 * @typedef {object} Need
 * @property {string} name
 * @property {boolean} isThere
 * @property {string} bringing what is installed when it is missing, and how much that is
 */

/** @returns {Need[]} */
function fromNpm() {
  return [
    {
      name: "packages of package-lock.json",
      isThere: !isStale(),
      bringing: "npm ci, 300 MB in node_modules",
    },
  ];
}

/**
 * @param {boolean} isBroad
 * @returns {Need[]}
 */
function fromElsewhere(isBroad) {
  const debian = (/** @type {string[]} */ names) =>
    isDebianRoot
      ? `apt-get install ${names.join(" ")}, with what they depend on`
      : `not installed here (that needs root on Debian): the tests that need it skip and are counted`;
  return [
    ...[...Object.values(programs), ...Object.values(brokers)].map((program) => ({
      name: program.name,
      isThere: findProgram(program) !== undefined,
      bringing: debian(program.debian),
    })),
    {
      name: "Python's Socket.IO",
      isThere: describePython() !== undefined,
      bringing: debian(pythonPackages),
    },
    {
      name: "compilers, Jest and releases of Node",
      isThere: isPrepared(),
      bringing: "npm ci, 630 MB in e2e/packed/toolchain",
    },
    {
      name: "Bun, Deno and workerd",
      isThere: areRuntimesThere(),
      bringing: "npm ci, 468 MB in e2e/hosts/runtimes, uws and workers",
    },
    {
      name: "frameworks of the examples",
      isThere: areFrameworksThere(),
      bringing: "npm ci, 62 MB in examples/frameworks",
    },
    ...(isBroad
      ? [
          {
            name: "the documentation site's builder, and frameworks of its pages",
            isThere: isSiteThere(),
            bringing: "npm ci, 195 MB in docs/site",
          },
        ]
      : []),
    {
      name: "packages written for Socket.IO",
      isThere: false,
      bringing: "npm install, 120 MB in a temporary folder that is removed at the end",
    },
  ];
}

/**
 * Prints what is needed, what of it will be installed, and how long the run takes.
 * @param {boolean} isQuick without what needs more than Node
 * @param {boolean} isBroad with what the pipeline has beside what a person's run has
 */
export function announce(isQuick, isBroad) {
  const needs = isQuick ? fromNpm() : [...fromNpm(), ...fromElsewhere(isBroad)];
  console.log("This run needs:");
  for (const { name, isThere, bringing } of needs) {
    console.log(`  ${name}: ${isThere ? "present" : bringing}`);
  }
  console.log(
    isQuick
      ? "It takes about 3 minutes on two cores. Left out: browsers, Python, packed packages, other runtimes."
      : `It takes about ${isBroad ? "15" : "12"} minutes on two cores, and what is missing has to be fetched. \`npm test -- --quick\`: 3 minutes, Node alone.`,
  );
}
