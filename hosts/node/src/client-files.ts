// Reads the bundles of the installed client.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FileSource } from "@sockeye/server";

/**
 * The folder of the installed client. Called when a file is asked for and not before, because a bundle of a server may
 * have no such package beside it, and starts all the same. Where a bundler or a transpiler has taken the place of this
 * file away, the program and the working directory show where packages are.
 */
function clientFolder(): string | undefined {
  const places = [import.meta.url, process.argv[1], join(process.cwd(), "program.js")];
  for (const place of places) {
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

/** The files in a folder; default: that of the installed `@sockeye/client`. */
export class NodeFiles implements FileSource {
  #folder: string | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
  }

  async read(name: string): Promise<{ body: Buffer; tag: string }> {
    this.#folder ??= clientFolder();
    if (this.#folder === undefined)
      throw new Error("the client is not installed beside the server");
    let body: Buffer;
    try {
      body = await readFile(join(this.#folder, name));
    } catch (cause) {
      throw new Error("the client has not been built", { cause });
    }
    return { body, tag: createHash("sha1").update(body).digest("base64url") };
  }
}
