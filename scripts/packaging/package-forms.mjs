// `node scripts/packaging/package-forms.mjs FOLDER...`: makes of compiled packages what is published: ES modules in few files
// (`dist/esm`), CommonJS and for Node an ES module around it (`dist/cjs`), and declarations in few files; and the files of facades.
// Called by the build.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { root } from "../repository.mjs";
import { bundleCommonJs, bundleModules } from "./commonjs.mjs";
import { declarationsOf, moduleDeclaration } from "./declarations.mjs";
import { commonJsName, forms } from "./entries.mjs";
import { facadeFiles, facades } from "./facades.mjs";

/** @typedef {import("./entries.mjs").Form} Form */

/** What Socket.IO's packages have for pages, and what one of these fetches. */
const SCRIPT = /^socket\.io(\.min|\.esm\.min|\.fallback\.esm\.min|\.msgpack\.min)?\.js(\.map)?$/;

/**
 * What the entries of a package lead to.
 * @param {Form} form
 */
function filesOf({ entries = {}, nodeEntries = [] }) {
  const all = Object.values(entries);
  const onServers = new Set(nodeEntries.map((key) => entries[key]));
  const pairs = all.filter((entry) => typeof entry !== "string");
  const alone = all.filter((entry) => typeof entry === "string");
  const unique = (/** @type {string[]} */ names) => [...new Set(names)];
  return {
    // What Node loads, and what is the same everywhere.
    forNode: unique([...alone, ...pairs.map(({ node }) => node)]),
    // Readable modules, all in one build, so that they share what they have in common.
    readable: unique([
      ...alone,
      ...pairs.flatMap(({ node, browser, bundle }) => (bundle ? [node] : [node, browser])),
    ]),
    forBrowsers: unique([
      ...alone.filter((entry) => !onServers.has(entry)),
      ...pairs.flatMap(({ browser, bundle }) => (bundle ? [] : browser)),
    ]),
    bundles: unique(pairs.flatMap(({ bundle }) => bundle ?? [])),
    declared: unique([...alone, ...pairs.flatMap(({ node, browser }) => [node, browser])]),
  };
}

/**
 * Names of classes that esbuild has numbered because two modules have one of that name get back what they were: the
 * names are seen in errors and in what is printed of an object.
 * @param {string} code
 * @param {ReadonlySet<string>} declared names of classes in the modules
 */
function withClassNames(code, declared) {
  const numbered = [
    ...code.matchAll(
      /^(?:(?:var|const|let) )?(?:class )?([A-Z]\w*?)(\d+)(?: = class| extends| \{)/gm,
    ),
  ]
    .map(([, name = "", number = ""]) => ({ name, now: name + number }))
    .filter(({ name, now }) => declared.has(name) && !declared.has(now));
  const lines = numbered.map(
    ({ name, now }) =>
      `Object.defineProperty(${now}, "name", { value: "${name}", configurable: true });`,
  );
  return lines.length === 0 ? code : `${code.trimEnd()}\n${lines.join("\n")}\n`;
}

/** @param {string} dist */
function classNames(dist) {
  const names = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js") && !/^(cjs|esm|commonjs)\b|socket\.io\./.test(file))
    .flatMap((file) => [...readFileSync(join(dist, file), "utf8").matchAll(/\bclass ([A-Z]\w*)/g)])
    .map(([, name = ""]) => name);
  return new Set(names);
}

/**
 * The modules and declarations of a package that has no other form.
 * @param {string} folder of the package, relative to the root
 * @param {Form} form
 */
async function makeModules(folder, form) {
  const dist = join(root, folder, "dist");
  const target = join(dist, "esm");
  rmSync(target, { recursive: true, force: true });
  const { readable, declared } = filesOf(form);
  const entries = Object.fromEntries(readable.map((name) => [name, `dist/${name}.js`]));
  const names = classNames(dist);
  const modules = await bundleModules({ folder: join(root, folder), entries });
  const files = [
    ...modules.map(({ name, code }) => ({ name, text: withClassNames(code, names) })),
    ...[...declarationsOf(dist, declared)].map(([name, text]) => ({ name, text })),
  ];
  for (const { name, text } of files) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  }
}

/**
 * @param {string} folder of the package, relative to the root
 * @param {Form} form
 */
async function makeForms(folder, form) {
  if (form.isModuleOnly === true) {
    await makeModules(folder, form);
    return;
  }
  const dist = join(root, folder, "dist");
  const target = join(dist, "cjs");
  rmSync(target, { recursive: true, force: true });
  /**
   * @param {string} name
   * @param {string} text
   */
  const write = (name, text) => {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text);
  };
  const { forNode, readable, forBrowsers, bundles, declared } = filesOf(form);
  write("package.json", '{ "type": "commonjs", "sideEffects": false }\n');

  const compiledFiles = (/** @type {string[]} */ names) =>
    Object.fromEntries(names.map((name) => [name, `dist/${name}.js`]));
  const inputs = compiledFiles(readable);
  const names = classNames(dist);
  for (const { name, code } of await bundleCommonJs({
    folder: join(root, folder),
    entries: inputs,
  })) {
    write(name, withClassNames(code, names));
  }
  rmSync(join(dist, "esm"), { recursive: true, force: true });
  if (form.isForNode !== true) {
    const entries = compiledFiles(forBrowsers);
    // For bundlers, in every server's installation: nobody reads them there.
    const input = { folder: join(root, folder), entries, isCompact: true };
    for (const { name, code } of await bundleModules(input)) {
      write(join("../esm", name), code);
    }
  }
  for (const bundle of bundles) {
    const entries = { [commonJsName(bundle)]: `dist/${bundle}.js` };
    const files = await bundleCommonJs({ folder: join(root, folder), entries, isMinified: true });
    for (const { name, code } of files) write(name, code);
  }

  const declarations = declarationsOf(dist, declared);
  for (const [name, text] of declarations) write(name, text);
  for (const name of declared) {
    const text = declarations.get(`${name}.d.ts`) ?? "";
    write(`${name}.d.mts`, moduleDeclaration(`${basename(name)}.js`, text));
  }
  for (const name of forNode) write(`${name}.mjs`, moduleAround(join(target, `${name}.js`)));
}

/**
 * An ES module with the exports of a CommonJS module: both are one instance.
 * @param {string} file of the CommonJS module
 */
function moduleAround(file) {
  const whole = createRequire(file)(file);
  const names = Object.keys(whole).filter((name) => name !== "default");
  const from = `from "./${basename(file)}";`;
  const lines = [`export { ${names.join(", ")} } ${from}`];
  if ("default" in whole) {
    const local = names.find((name) => whole[name] === whole.default);
    if (local === undefined) throw new Error(`${file}: the default has no other name`);
    lines.push(`export { ${local} as default } ${from}`);
  }
  return `${lines.join("\n")}\n`;
}

/**
 * @param {string} folder of the package, relative to the root
 * @param {import("./facades.mjs").Facade} facade
 */
function makeFacade(folder, facade) {
  const here = join(root, folder);
  const dist = join(here, "dist");
  const scripts = facade.scripts && join(here, facade.scripts);
  for (const old of [dist, scripts ?? dist]) {
    rmSync(old, { recursive: true, force: true });
    mkdirSync(old, { recursive: true });
  }
  const load = createRequire(join(here, "package.json"));
  const names = (/** @type {string} */ from) => Object.keys(load(from));
  for (const [name, text] of Object.entries(facadeFiles(facade, names))) {
    writeFileSync(join(dist, name), text);
  }
  if (scripts === undefined) return;
  const client = join(root, "packages/client/dist");
  for (const file of readdirSync(client).filter((name) => SCRIPT.test(name))) {
    copyFileSync(join(client, file), join(scripts, file));
  }
}

for (const folder of process.argv.slice(2)) {
  const form = forms[folder];
  const facade = facades[folder];
  if (facade !== undefined) makeFacade(folder, facade);
  else if (form !== undefined) await makeForms(folder, form);
  else throw new Error(`${folder} is in no table`);
}
