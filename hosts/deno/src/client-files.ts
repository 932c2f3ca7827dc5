// Reads the bundles of the installed client.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FileSource } from "@sockeye/server";

/** The files of the installed `@sockeye/client`, which Deno finds in `node_modules` or in its cache. */
export class DenoFiles implements FileSource {
  async read(name: string): Promise<{ body: Uint8Array; tag: string }> {
    let body: Uint8Array;
    try {
      const manifest = createRequire(import.meta.url).resolve("@sockeye/client/package.json");
      body = await readFile(join(dirname(manifest), "dist", name));
    } catch (cause) {
      throw new Error("the client is not installed beside the server, or may not be read", {
        cause,
      });
    }
    return { body, tag: createHash("sha1").update(body).digest("base64url") };
  }
}
