// Looks at an archive as a user would get it: what is in it (contents.mjs), what publint says, and whether the entries
// resolve with their types in every way that TypeScript knows, from either kind of module.

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { checkContents } from "./contents.mjs";

/**
 * The files of an archive with their texts.
 * @param {Buffer} archive
 * @returns {import("./contents.mjs").Contents}
 */
function contentsOf(archive) {
  const files = createPackageFromTarballData(new Uint8Array(archive));
  const prefix = `/node_modules/${files.packageName}/`;
  const texts = files
    .listFiles()
    .map((path) => /** @type {const} */ ([path.slice(prefix.length), files.readFile(path)]));
  const contents = new Map(texts);
  return { manifest: JSON.parse(contents.get("package.json") ?? "{}"), files: contents };
}

/**
 * The complaints about an archive; what publint only suggests is printed.
 * @param {{ name: string, archive: Buffer }} packed
 * @returns {Promise<string[]>}
 */
export async function inspect({ name, archive }) {
  const { manifest, files } = contentsOf(archive);
  const { messages } = await publint({ pack: { tarball: copied(archive) }, strict: true });
  const textOf = (/** @type {import("publint").Message} */ message) =>
    `${name}: ${formatMessage(message, manifest, { color: false })}`;
  const suggestions = messages.filter(({ type }) => type === "suggestion");
  for (const suggestion of suggestions) console.log(`  ${textOf(suggestion)}`);
  return [
    ...checkContents({ manifest, files }),
    ...messages.filter(({ type }) => type !== "suggestion").map(textOf),
    ...(await checkResolution(manifest, archive)),
  ];
}

/**
 * What `attw --pack` says, without its profiles, which leave ways of resolving out. In this process, because a compiler for
 * each package takes its time to start.
 * A package for runtimes that have ES modules only says so by an engine other than Node: `require` finds an ES module there.
 * @param {Record<string, unknown>} manifest
 * @param {Buffer} archive
 * @returns {Promise<string[]>}
 */
async function checkResolution({ name, engines }, archive) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(archive)));
  if (!analysis.types) return [`${name}: has no types`];
  const isForNode = "node" in Object(engines);
  return analysis.problems
    .filter(({ kind }) => isForNode || kind !== "CJSResolvesToESM")
    .map((problem) => `${name}: ${JSON.stringify(problem)}`);
}

/**
 * The bytes in a buffer of their own.
 * @param {Buffer} archive
 */
function copied(archive) {
  return new Uint8Array(archive).buffer;
}
