// Reads the bundles of the installed client.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import type { FileSource } from "@sockeye/server";

/** The files of the installed `@sockeye/client`. */
export class ClientBundles implements FileSource {
  readonly #host: string;
  #folder: string | undefined;

  /** `host`: the address of a module of the host, beside which the client is installed. */
  constructor(host: string) {
    this.#host = host;
  }

  async read(name: string): Promise<{ body: Uint8Array; tag: string }> {
    this.#folder ??= this.#find();
    if (this.#folder === undefined)
      throw new Error("the client is not installed beside the server, or may not be read");
    let body: Uint8Array;
    try {
      body = await readFile(join(this.#folder, name));
    } catch (cause) {
      throw new Error("the client has not been built, or may not be read", { cause });
    }
    return { body, tag: createHash("sha1").update(body).digest("base64url") };
  }

  /**
   * Looks when a file is asked for and not before, because a bundle of a server may have no such package beside it. Where
   * a bundler has taken the place of the host away, the program and the working directory show where packages are.
   */
  #find(): string | undefined {
    const places = [
      () => this.#host,
      () => process.argv[1] ?? "",
      () => join(process.cwd(), "program.js"),
    ];
    for (const place of places) {
      try {
        const manifest = createRequire(place()).resolve("@sockeye/client/package.json");
        return join(dirname(manifest), "dist");
      } catch {
        // Not there, or not permitted: on to the next place.
      }
    }
    return undefined;
  }
}
