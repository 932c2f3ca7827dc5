// Whether an artefact has at run time what its declarations promise: its exports, and the members of a live connection.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { startServer } from "../../kit/running-server.ts";
import { ARTEFACTS, type Artefact } from "../artefacts.ts";
import { type Declared, declaredIn } from "./declared.mjs";
import { fileOf, installation } from "./installation.ts";
import { COMPILER_API } from "./toolchain.ts";

/** What an artefact exports; a script's function under `io`. */
export type Exports = Record<string, unknown>;

interface Listening {
  once(event: string, listener: () => void): unknown;
}
interface LiveSocket extends Listening {
  readonly io: { readonly engine: object };
  disconnect(): unknown;
}
interface LiveSession extends Listening {
  close(): unknown;
}

/** The files of an artefact in a project where the packages are installed. */
export interface Files {
  readonly code: string;
  readonly declarations: string;
}

/** Where an artefact and its declarations are. */
export function filesOf({ entry, platform, form }: Artefact): Files {
  if (form === "script") {
    const declarations = fileOf("@sockeye/client", `./dist/${entry}`, ["types", "import"]);
    return { code: join(declarations, "../..", entry), declarations };
  }
  const conditions = [platform, "import"];
  return {
    code: fileOf("@sockeye/client", entry, conditions),
    declarations: fileOf("@sockeye/client", entry, ["types", ...conditions]),
  };
}

/** Loads an artefact: a script as a page does, a module as Node does. */
export async function load(file: string, form: Artefact["form"]): Promise<Exports> {
  if (form === "module") return import(pathToFileURL(file).href);
  runInThisContext(readFileSync(file, "utf8"), { filename: file });
  const { io } = globalThis as { io?: unknown };
  return { io };
}

const missing = (names: readonly string[], from: object): string[] =>
  names.filter((name) => !(name in from));

let declaredOnce: ReturnType<typeof declaredIn> | undefined;

/** Entries that are no artefact of the behaviour suites. */
export const OTHER_ENTRIES: readonly string[] = [
  "./msgpack",
  "./webtransport",
  "./outbox",
  "./mini",
];

/** What a declaration file of the installed client promises. All are read at once, because the compiler takes a while. */
export function declaredBy(file: string): Declared {
  const others = OTHER_ENTRIES.map((entry) =>
    fileOf("@sockeye/client", entry, ["types", "import"]),
  );
  const files = new Set([
    ...ARTEFACTS.map((artefact) => filesOf(artefact).declarations),
    ...others,
  ]);
  const typeRoot = join(installation(), "node_modules/@types");
  declaredOnce ??= declaredIn(COMPILER_API, [...files], typeRoot);
  const found = declaredOnce.get(file);
  if (found === undefined) throw new Error(`nothing is declared in ${file}`);
  return found;
}

/** Members that the declarations of an artefact promise and that are not there, with the place where they should be. */
export async function missingMembers(
  artefact: Artefact,
  { code, declarations }: Files,
): Promise<string[]> {
  const declared = declaredBy(declarations);
  const exported = await load(code, artefact.form);
  const found = {
    exports: missing(declared.values, exported),
    io: typeof exported.io === "function" ? missing(declared.io, exported.io) : [],
    ...(await membersOfConnection(exported, declared, artefact)),
  };
  return Object.entries(found).flatMap(([place, names]) =>
    names.map((name) => `${place}: ${name}`),
  );
}

async function membersOfConnection(
  { io, Socket }: Exports,
  declared: { socket: string[]; manager: string[]; engine: string[] },
  { wire }: Artefact,
): Promise<Record<string, string[]>> {
  const options = wire === undefined ? {} : { parser: await import("socket.io-msgpack-parser") };
  await using server = await startServer("socket.io", options);
  if (typeof io !== "function") {
    const Session = Socket as new (url: string, options: object) => LiveSession;
    const session = new Session(server.url, { path: "/socket.io/" });
    await happens(session, "open");
    const engine = missing(declared.engine, session);
    session.close();
    return { engine };
  }
  const socket = io(server.url, { forceNew: true }) as LiveSocket;
  await happens(socket, "connect");
  const found = {
    socket: missing(declared.socket, socket),
    manager: missing(declared.manager, socket.io),
    engine: missing(declared.engine, socket.io.engine),
  };
  socket.disconnect();
  return found;
}

const happens = (emitter: Listening, event: string): Promise<void> =>
  new Promise((resolve) => {
    emitter.once(event, resolve);
  });
