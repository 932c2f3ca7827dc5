// What a declaration file consists of: its statements with the names that they use, what it imports, and what it exports. Knows
// one file; modules.mjs knows all of a package.

import { parseSync } from "oxc-parser";

/** In place of a name, for what a file adds to modules of others: it comes with whatever else of the file is used. */
export const AUGMENTATION = "declare module";

/**
 * @typedef {object} Reference a name that the statement declares, or one that stands for something outside of its own scopes
 * @property {string} name
 * @property {number} start
 * @property {number} end
 * @property {ReadonlySet<string>} hidden names that mean something else at this place: type parameters, parameters
 *
 * @typedef {object} Statement
 * @property {string[]} names what it declares
 * @property {number} start after `export`
 * @property {number} end
 * @property {string} comment before it
 * @property {Reference[]} references
 *
 * @typedef {object} Source where a name comes from
 * @property {string} from the module
 * @property {string} name its name there, `*` for all of it
 * @property {boolean} isType
 *
 * @typedef {object} DeclarationModule
 * @property {string} text
 * @property {Statement[]} statements
 * @property {Map<string, Source>} imports by local name
 * @property {Map<string, Source | { local: string, isType: boolean }>} exports by name
 * @property {Source[]} stars `export * from`
 */

/** @typedef {any} Node of the parser's syntax tree, whose types have no common base */

/**
 * @param {string} file for complaints
 * @param {string} text
 * @returns {DeclarationModule}
 */
export function readDeclaration(file, text) {
  const { program, errors } = parseSync(file, text, { lang: "dts" });
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  /** @type {DeclarationModule} */
  const module = {
    text,
    statements: [],
    imports: new Map(),
    exports: new Map(),
    stars: [],
  };
  let last = 0;
  for (const node of program.body) {
    addStatement(module, /** @type {Node} */ (node), text.slice(last, node.start));
    last = node.end;
  }
  return module;
}

/**
 * @param {DeclarationModule} module
 * @param {Node} node
 */
function unknown({ text }, { start, end }) {
  throw new Error(`not known how to move: ${text.slice(start, end)}`);
}

/** @param {Node} node an identifier or a text */
const nameOf = (node) => node.name ?? node.value;

/**
 * @param {DeclarationModule} module
 * @param {Node} node
 * @param {string} before the text between the last statement and this one
 */
function addStatement(module, node, before) {
  const isType = node.importKind === "type" || node.exportKind === "type";
  switch (node.type) {
    case "ImportDeclaration":
      addImports(module, node);
      return;
    case "ExportAllDeclaration": {
      const source = { from: node.source.value, name: "*", isType };
      if (node.exported === null) module.stars.push(source);
      else module.exports.set(nameOf(node.exported), source);
      return;
    }
    case "ExportNamedDeclaration":
      for (const each of node.specifiers) {
        const { local, exported, exportKind } = each;
        const way = { isType: isType || exportKind === "type" };
        const target =
          node.source === null
            ? { ...way, local: nameOf(local) }
            : { ...way, from: node.source.value, name: nameOf(local) };
        module.exports.set(nameOf(exported), target);
      }
      if (node.declaration === null) return;
      for (const local of declaredBy(node.declaration)) {
        module.exports.set(local, { local, isType: false });
      }
      addDeclaration(module, node.declaration, before);
      return;
    case "ExportDefaultDeclaration":
    case "TSExportAssignment":
    case "TSImportEqualsDeclaration":
      unknown(module, node);
      return;
    default:
      addDeclaration(module, node, before);
  }
}

/**
 * @param {DeclarationModule} module
 * @param {Node} node
 */
function addImports(module, node) {
  const from = node.source.value;
  if (node.specifiers.length === 0) unknown(module, node);
  for (const { type, local, imported, importKind } of node.specifiers) {
    const isType = node.importKind === "type" || importKind === "type";
    const name = type === "ImportSpecifier" ? nameOf(imported) : "*";
    module.imports.set(local.name, {
      from,
      name: type === "ImportDefaultSpecifier" ? "default" : name,
      isType,
    });
  }
}

/**
 * @param {Node} node
 * @returns {Node[]}
 */
function identifiersOf(node) {
  if (node.type === "VariableDeclaration") {
    return node.declarations.map((/** @type {Node} */ { id }) => id);
  }
  return node.id?.type === "Identifier" && node.kind !== "global" ? [node.id] : [];
}

/**
 * @param {Node} node
 * @returns {string[]}
 */
function declaredBy(node) {
  return identifiersOf(node).map(({ name }) => name);
}

/**
 * @param {DeclarationModule} module
 * @param {Node} node
 * @param {string} before
 */
function addDeclaration(module, node, before) {
  const isAugmentation =
    node.type === "TSModuleDeclaration" && (node.kind === "global" || node.id.type === "Literal");
  const names = isAugmentation ? [AUGMENTATION] : declaredBy(node);
  if (names.length === 0) unknown(module, node);
  /** @type {Reference[]} */
  const references = identifiersOf(node).map((identifier) => reference(identifier, new Set()));
  collect(node, new Set(), references);
  const comment = (before.match(/\/\*\*[\s\S]*?\*\//g) ?? []).at(-1) ?? "";
  const { start, end } = node;
  module.statements.push({ names, start, end, comment, references });
}

/**
 * @param {Node} identifier whose range may contain the type that follows
 * @param {ReadonlySet<string>} hidden
 * @returns {Reference}
 */
function reference({ name, start }, hidden) {
  return { name, start, end: start + name.length, hidden };
}

/**
 * The identifier that a dotted name begins with.
 * @param {Node} node
 * @returns {Node | undefined}
 */
function leftmost(node) {
  if (node.type === "Identifier") return node;
  const inner = node.left ?? node.object;
  return inner === undefined ? undefined : leftmost(inner);
}

/**
 * The places of a node at which a dotted name stands for something.
 * @param {Node} node
 * @returns {Node[]}
 */
function uses(node) {
  switch (node.type) {
    case "TSTypeReference":
      return [node.typeName];
    case "TSTypeQuery":
      return [node.exprName];
    case "TSInterfaceHeritage":
    case "TSClassImplements":
      return [node.expression];
    case "ClassDeclaration":
      return node.superClass === null ? [] : [node.superClass];
    case "TSImportType":
      if (!node.source.value.startsWith(".")) return [];
      throw new Error(`not known how to move: import(${node.source.value})`);
    case "ExportSpecifier":
      throw new Error(`not known how to move: ${nameOf(node.local)}, exported of a namespace`);
    default:
      return node.computed === true && node.key !== undefined ? [node.key] : [];
  }
}

/**
 * The names that a node gives to what is inside of it.
 * @param {Node} node
 * @returns {string[]}
 */
function ownNames(node) {
  if (node.type === "TSConditionalType") return inferred(node.extendsType);
  if (node.type === "TSMappedType") return [nameOf(node.key)];
  if (node.type === "TSModuleBlock") {
    return node.body.flatMap((/** @type {Node} */ each) => declaredBy(each.declaration ?? each));
  }
  const types = node.typeParameters?.params ?? [];
  const values = Array.isArray(node.params) ? node.params : [];
  return [
    ...types.map((/** @type {Node} */ { name }) => name.name),
    ...values.map((/** @type {Node} */ each) => (each.argument ?? each).name),
  ].filter((name) => typeof name === "string");
}

/**
 * @param {Node} node
 * @returns {string[]} the names of all `infer`
 */
function inferred(node) {
  if (node === null || typeof node !== "object") return [];
  const own = node.type === "TSInferType" ? [node.typeParameter.name.name] : [];
  return [...own, ...Object.values(node).flatMap(inferred)];
}

/**
 * @param {Node} node
 * @param {ReadonlySet<string>} hidden
 * @param {Reference[]} found
 */
function collect(node, hidden, found) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const each of node) collect(each, hidden, found);
    return;
  }
  const names = ownNames(node);
  const inside = names.length === 0 ? hidden : new Set([...hidden, ...names]);
  for (const use of uses(node)) {
    const identifier = leftmost(use);
    if (identifier === undefined || inside.has(identifier.name)) continue;
    found.push(reference(identifier, inside));
  }
  for (const value of Object.values(node)) collect(value, inside, found);
}
