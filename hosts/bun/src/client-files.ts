// Reads the bundles of the installed client.

import { dirname, join } from "node:path";
import type { FileSource } from "@sockeye/server";
import { type BunRuntime, bunRuntime } from "./bun.ts";

/** The folder of the installed client; looked for where this file is, at the program, and in the working directory. */
function clientFolder(bun: BunRuntime): string | undefined {
  for (const place of [import.meta.dirname, dirname(process.argv[1] ?? ""), process.cwd()]) {
    try {
      return join(dirname(bun.resolveSync("@sockeye/client/package.json", place)), "dist");
    } catch {
      // Not there: on to the next place.
    }
  }
  return undefined;
}

/** The files of the installed `@sockeye/client`. */
export class BunFiles implements FileSource {
  #folder: string | undefined;

  async read(name: string): Promise<{ body: Uint8Array; tag: string }> {
    const bun = bunRuntime();
    this.#folder ??= bun && clientFolder(bun);
    if (bun === undefined || this.#folder === undefined)
      throw new Error("the client is not installed beside the server");
    let body: Uint8Array;
    try {
      body = await bun.file(join(this.#folder, name)).bytes();
    } catch (cause) {
      throw new Error("the client has not been built", { cause });
    }
    return { body, tag: bun.hash(body).toString(36) };
  }
}
