// What the modules of Node give to every layer: time, errors and warnings, diagnostics channels, compression, the client's
// files. The modules are handed in, because other runtimes have them too, and this package knows no platform.

import type { ServerPlatform } from "@sockeye/core";
import type { ListenerLimitSetUp } from "@sockeye/events";
import type { Clock } from "@sockeye/portable";
import type { Compress, FileSource } from "../client-files.ts";
import type { DebugOutput } from "../debug.ts";
import { TurnBatch } from "../turn-batch.ts";

/** The used part of Node's globals. */
export interface NodeGlobals<Timer extends { unref(): unknown }> {
  readonly performance: { now(): number };
  setTimeout(callback: () => void, delay: number): Timer;
  clearTimeout(timer: Timer): void;
  setImmediate(callback: () => void): unknown;
}

/** The used part of `node:process`. */
export interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
  nextTick(callback: () => void): void;
  emitWarning(text: string, type: string): void;
  emitWarning(warning: Error): void;
}

/** What a runtime has of Node. */
export interface NodeModules<Timer extends { unref(): unknown }> {
  /** `globalThis`, or `node:timers` with a clock where the globals are the web's. */
  readonly globals: NodeGlobals<Timer>;
  readonly process: NodeProcess;
  /** `channel` of `node:diagnostics_channel`. */
  readonly channel: NonNullable<ServerPlatform["channel"]>;
}

/** The services of a platform that Node's modules have. */
export type NodeServices = Required<
  Pick<ServerPlatform, "afterTurn" | "channel" | "clock" | "idleClock" | "surface" | "warn">
>;

/** Time, errors, warnings and diagnostics channels. */
export function nodeServices<Timer extends { unref(): unknown }>({
  globals,
  process,
  channel,
}: NodeModules<Timer>): NodeServices {
  const clock: Clock = {
    now: () => globals.performance.now(),
    after(delay, callback) {
      const timer = globals.setTimeout(callback, delay);
      return () => globals.clearTimeout(timer);
    },
    wallTime: () => Date.now(),
  };
  return {
    clock,
    // Timers that do not keep the process alive.
    idleClock: {
      ...clock,
      after(delay, callback) {
        const timer = globals.setTimeout(callback, delay);
        timer.unref();
        return () => globals.clearTimeout(timer);
      },
    },
    afterTurn: (callback) => void globals.setImmediate(callback),
    surface(error) {
      process.nextTick(() => {
        throw error;
      });
    },
    warn: (text) => process.emitWarning(text, "SockeyeWarning"),
    channel: (name) => channel(name),
  };
}

/** Services of a runtime that frames by itself, and takes a copy of what it is given: all leaves at the end of a turn. */
export interface TurnServices
  extends Required<Pick<ServerPlatform, "afterTurn" | "collect" | "copiesFrames">> {
  /** What is written at the end of a turn, by all servers. */
  readonly batch: TurnBatch;
}

/** The end of a turn for everything that is written, polls among it. */
export function turnServices({ afterTurn, surface }: NodeServices): TurnServices {
  const batch = new TurnBatch(afterTurn, surface);
  return {
    batch,
    copiesFrames: true,
    collect: (flushable) => batch.add(flushable),
    // The batch may have been scheduled after this.
    afterTurn: (callback) => afterTurn(() => afterTurn(callback)),
  };
}

/** What `DEBUG` asks for, on the standard error. Without the permission to read it, nothing is printed. */
export function nodeDebug({ env, stderr }: Pick<NodeProcess, "env" | "stderr">): DebugOutput {
  let wanted: string | undefined;
  try {
    wanted = env["DEBUG"];
  } catch {
    // A runtime with permissions.
  }
  return {
    wanted,
    print: (line) => void stderr.write(`${new Date().toISOString()} ${line}\n`),
  };
}

/** Warnings of too many listeners, at the number that the program has set for `node:events`. */
export function nodeListenerLimits(
  emitters: { readonly defaultMaxListeners: number },
  process: Pick<NodeProcess, "emitWarning">,
): ListenerLimitSetUp {
  return {
    usual: () => emitters.defaultMaxListeners,
    warn: (warning) => process.emitWarning(warning),
  };
}

type Zlib = (
  bytes: Uint8Array,
  callback: (error: Error | null, result: Uint8Array) => void,
) => void;

/** Compression of `node:zlib` with the encodings' defaults, in another thread. */
export function zlibCompress(
  zlib: Readonly<Record<"brotliCompress" | "deflate" | "gzip", Zlib>>,
): Compress {
  const functions = { br: zlib.brotliCompress, gzip: zlib.gzip, deflate: zlib.deflate };
  return (bytes, encoding) =>
    new Promise((resolve, reject) => {
      functions[encoding](bytes, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
}

/** What reading the client's files needs of `node:crypto`, `node:fs/promises`, `node:module` and `node:path`. */
export interface NodeFileModules {
  createHash(algorithm: string): {
    update(bytes: Uint8Array): { digest(encoding: "base64url"): string };
  };
  readFile(file: string): Promise<Uint8Array>;
  createRequire(place: string): { resolve(name: string): string };
  dirname(path: string): string;
  join(...parts: string[]): string;
}

/** The bundles of the installed `@sockeye/client`, or of a folder. */
export class NodeFiles implements FileSource {
  readonly #modules: NodeFileModules;
  readonly #places: () => readonly (string | undefined)[];
  #folder: string | undefined;

  /**
   * `places`: files beside which packages may be, from the likeliest on. Called when a file is asked for and not before,
   * because a bundle of a server may have no such package beside it, and starts all the same.
   */
  constructor(
    modules: NodeFileModules,
    places: () => readonly (string | undefined)[],
    folder?: string,
  ) {
    this.#modules = modules;
    this.#places = places;
    this.#folder = folder;
  }

  async read(name: string): Promise<{ body: Uint8Array; tag: string }> {
    const { createHash, join, readFile } = this.#modules;
    this.#folder ??= this.#find();
    if (this.#folder === undefined)
      throw new Error("the client is not installed beside the server");
    let body: Uint8Array;
    try {
      body = await readFile(join(this.#folder, name));
    } catch (cause) {
      throw new Error("the client has not been built", { cause });
    }
    return { body, tag: createHash("sha1").update(body).digest("base64url") };
  }

  #find(): string | undefined {
    const { createRequire, dirname, join } = this.#modules;
    for (const place of this.#places()) {
      if (!place) continue;
      try {
        const manifest = createRequire(place).resolve("@sockeye/client/package.json");
        return join(dirname(manifest), "dist");
      } catch {
        // Not there: on to the next place.
      }
    }
    return undefined;
  }
}
