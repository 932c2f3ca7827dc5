// Checks the types of what `tsc -b` does not build: tests, type tests, the e2e suite, scripts.
// Fails as well when a TypeScript file belongs to no project, because then nobody checks it.

import { spawnSync } from "node:child_process";
import { read, repositoryFiles, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/** Projects that emit nothing, on top of those that the root's tsconfig.json builds. */
const CHECKED_ONLY = [
  "tsconfig.test.json",
  "e2e/tsconfig.json",
  "examples/tsconfig.json",
  "docs/site/snippets/tsconfig.json",
  "docs/site/snippets/tsconfig.scripts.json",
];
/** Projects of their own, whose packages need not be installed yet: e2e/frameworks and e2e/site compile them. */
const CHECKED_BY_TESTS = /^(examples\/frameworks|docs\/site\/snippets\/frameworks)\//;

await runAsStep(import.meta.url, () => {
  // Several projects refer to one.
  const built = new Set(builtProjects("tsconfig.json"));
  const problems = [
    ...compile(["-b"]),
    ...CHECKED_ONLY.flatMap((project) => compile(["-p", project])),
  ];
  const covered = new Set([...built, ...CHECKED_ONLY].flatMap(filesOf));
  const sources = repositoryFiles(/\.tsx?$/);
  const orphans = sources.filter((file) => !covered.has(file) && !CHECKED_BY_TESTS.test(file));
  problems.push(...orphans.map((file) => `${file}: belongs to no tsconfig that is checked`));
  return { problems, summary: `${sources.length} files` };
});

/** @param {string[]} args */
function compile(args) {
  const { status, stdout } = tsc([...args, "--pretty", "false"]);
  return status === 0 ? [] : stdout.trim().split("\n");
}

/**
 * The projects that a solution's references lead to.
 * @param {string} config path relative to the root
 * @returns {string[]}
 */
function builtProjects(config) {
  const folder = config.includes("/") ? config.slice(0, config.lastIndexOf("/") + 1) : "";
  /** @type {{ references?: { path: string }[] }} */
  const { references = [] } = parseWithComments(read(config));
  const next = references.map(({ path }) => {
    const file = path.endsWith(".json") ? path : `${path}/tsconfig.json`;
    return new URL(folder + file, "file:///").pathname.slice(1);
  });
  return [config, ...next.flatMap((reference) => builtProjects(reference))];
}

/** @param {string} text JSON in which whole lines may be comments */
function parseWithComments(text) {
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
}

/**
 * The files that a project includes, relative to the root.
 * @param {string} project
 * @returns {string[]}
 */
function filesOf(project) {
  /** @type {{ files?: string[] }} */
  const { files = [] } = JSON.parse(tsc(["-p", project, "--showConfig"]).stdout);
  return files.map((file) => new URL(file, `file:///${project}`).pathname.slice(1));
}

/** @param {string[]} args */
function tsc(args) {
  return spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
}
