// What declarations promise at run time: the values that a module exports, and the members of what these make. Read by the
// compiler in the toolchain that programs can call.

import { createRequire } from "node:module";

/**
 * @typedef {object} Declared
 * @property {string[]} values what the module exports besides types
 * @property {string[]} io what the function carries
 * @property {string[]} socket members of a socket that are not optional
 * @property {string[]} manager
 * @property {string[]} engine the session under a manager, or the socket of an engine entry
 */

/**
 * The promises of declaration files, by file.
 * @param {string} api the file of the compiler's interface
 * @param {string[]} files
 * @param {string} typeRoot
 * @returns {Map<string, Declared>}
 */
export function declaredIn(api, files, typeRoot) {
  const ts = createRequire(import.meta.url)(api);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: ["node"],
    typeRoots: [typeRoot],
    strict: true,
  });
  const checker = program.getTypeChecker();
  const names = (type) =>
    (type === undefined ? [] : checker.getPropertiesOfType(type))
      .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
      .map(({ name }) => name);
  const member = (type, name) => {
    const symbol = type && checker.getPropertyOfType(type, name);
    return symbol && checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  };
  return new Map(
    files.map((file) => {
      const symbol = checker.getSymbolAtLocation(program.getSourceFile(file));
      const module = checker.getTypeOfSymbol(symbol);
      const assigned = symbol.exports.get("export=");
      const io = assigned ? checker.getTypeOfSymbol(assigned) : member(module, "io");
      const socket = io?.getCallSignatures()[0].getReturnType();
      const manager = member(socket, "io");
      const [made] = member(module, "Socket")?.getConstructSignatures() ?? [];
      const engine = io ? member(manager, "engine") : made?.getReturnType();
      const declared = {
        values: names(module),
        io: names(io),
        socket: names(socket),
        manager: names(manager),
        engine: names(engine),
      };
      return [file, declared];
    }),
  );
}
