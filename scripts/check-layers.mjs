// Fails when an import or a dependency points the wrong way, or when files of a package import each other in a circle. Reads `import` statements and
// package.json files against the table in layers.mjs; it does not resolve modules.

import { circlesOf } from "./circles.mjs";
import { layers, leaves, testOnly } from "./layers.mjs";
import { read, repositoryFiles, workspaces } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const IMPORTS = /\b(?:from|import|import\(|require\()\s*(["'])([^"'\n]+)\1/g;
const SOURCE = /\.(ts|mts|js|mjs)$/;
const TEST = /\.(test|test-d|bench)\.ts$|\/(test|testing)\//;

/**
 * The module names that a source text imports, re-exports or requires, comments left out.
 * @param {string} text
 * @returns {string[]}
 */
export function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(IMPORTS)].map((match) => match[2] ?? "");
}

/**
 * The complaints about one file, as lines to print.
 * @param {string} file path relative to the root
 * @param {string} text its contents
 * @returns {string[]}
 */
export function checkFile(file, text) {
  return importsOf(text)
    .filter((specifier) => !isAllowed(file, specifier))
    .map((specifier) => `${file}: must not import "${specifier}"`);
}

/**
 * The complaints about one workspace's dependencies.
 * @param {import("./repository.mjs").Workspace} workspace
 * @returns {string[]}
 */
export function checkManifest({ folder, manifest }) {
  const layer = layers[folder];
  if (layer === undefined) return [];
  const allowed = [...layer.imports, ...(layer.serves ?? []), ...(layer.modules ?? [])];
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  Object.assign(declared, manifest.optionalDependencies);
  return Object.keys(declared)
    .filter((name) => !allowed.includes(name))
    .map((name) => `${folder}/package.json: must not depend on "${name}"`);
}

/**
 * @param {string} file
 * @param {string} specifier
 */
function isAllowed(file, specifier) {
  const folder = Object.keys(layers).find((name) => file.startsWith(`${name}/`));
  if (specifier.startsWith(".")) return staysInside(file, specifier, folder);
  if (folder !== undefined) return isInRow(file, specifier, folder);
  for (const [prefix, allowed] of Object.entries(leaves)) {
    if (file.startsWith(prefix)) return !isOurs(specifier) || allowed.includes(specifier);
  }
  return true;
}

/**
 * @param {string} file
 * @param {string} specifier
 * @param {string} folder
 */
function isInRow(file, specifier, folder) {
  const layer = layers[folder];
  if (layer === undefined || layer.imports.some((name) => isWithin(name, specifier))) return true;
  if (TEST.test(file)) {
    const beside = [...testOnly, ...(layer.serves ?? [])];
    return !isOurs(specifier) || beside.includes(specifier) || isOwnName(folder, specifier);
  }
  const inFolder = file.slice(folder.length + 1);
  // What runs beside `src` (a bundle script) is no part of the package.
  if (!inFolder.startsWith("src/")) return !isOurs(specifier);
  return matches(layer.modules ?? [], specifier) && (layer.only?.test(inFolder) ?? true);
}

/**
 * Whether a module is the package itself or one of its further entries.
 * @param {string} name of a package
 * @param {string} specifier
 */
function isWithin(name, specifier) {
  if (specifier === name) return true;
  // One more segment is an entry; more of them would be a file.
  return specifier.startsWith(`${name}/`) && !specifier.slice(name.length + 1).includes("/");
}

/**
 * @param {string[]} modules
 * @param {string} specifier
 */
function matches(modules, specifier) {
  return modules.some((name) =>
    name.endsWith(":") ? specifier.startsWith(name) : specifier === name,
  );
}

/**
 * @param {string} folder
 * @param {string} specifier
 */
function isOwnName(folder, specifier) {
  return specifier === `@sockeye/${folder.split("/")[1]}`;
}

/** @param {string} specifier */
function isOurs(specifier) {
  return specifier.startsWith("@sockeye/");
}

/**
 * A relative import may not climb out of its package.
 * @param {string} file
 * @param {string} specifier
 * @param {string | undefined} folder
 */
function staysInside(file, specifier, folder) {
  if (folder === undefined) return true;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  return target.startsWith(`${folder}/`);
}

/**
 * The complaints about circles, and about steps up inside a package that has steps.
 * @param {ReadonlyMap<string, string>} texts of sources, by path relative to the root
 * @returns {string[]}
 */
export function checkInside(texts) {
  /** @type {Map<string, string[]>} */
  const imports = new Map();
  for (const [file, text] of texts) {
    const targets = importsOf(text)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => new URL(specifier, `file:///${file}`).pathname.slice(1));
    imports.set(
      file,
      targets.filter((target) => texts.has(target)),
    );
  }
  const circles = circlesOf(imports).map((group) => `a circle of imports: ${group.join(", ")}`);
  const upwards = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => stepOf(target) > stepOf(file))
      .map((target) => `${file}: must not import ${target}, which stands above it`),
  );
  return [...circles, ...upwards];
}

/**
 * How high a file stands in its package; -1 where the package has no steps.
 * @param {string} file
 */
function stepOf(file) {
  const folder = Object.keys(layers).find((name) => file.startsWith(`${name}/src/`)) ?? "";
  const steps = layers[folder]?.steps ?? [];
  const inside = file.slice(folder.length + "/src/".length);
  if (steps.length > 0 && !inside.includes("/")) return steps.length;
  return steps.findIndex((step) => inside.startsWith(`${step}/`));
}

await runAsStep(import.meta.url, () => {
  const known = workspaces();
  const homeless = known
    .map(({ folder }) => folder)
    .filter((folder) => /^(packages|hosts|adapters)\//.test(folder) && layers[folder] === undefined)
    .map((folder) => `${folder}: has no row in scripts/layers.mjs`);
  const files = repositoryFiles(/^(packages|hosts|adapters|e2e|examples|bench)\//).filter((path) =>
    SOURCE.test(path),
  );
  const inside = files.filter(
    (file) => /^(packages|hosts|adapters)\/[^/]+\/src\//.test(file) && !TEST.test(file),
  );
  const problems = [
    ...checkInside(new Map(inside.map((file) => [file, read(file)]))),
    ...homeless,
    ...known.flatMap(checkManifest),
    ...files.flatMap((file) => checkFile(file, read(file))),
  ];
  return { problems, summary: `${files.length} files, ${known.length} manifests` };
});
