// A component from its source to a module that can be loaded, for a page or for a server that renders: Svelte's packages are
// other ones in each, so all of it is bundled.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { compile } from "svelte/compiler";

const SOURCE = join(import.meta.dirname, "../src/index.ts");

/**
 * Compiles components, and loads what `entry` exports.
 * @param components sources by name; they import each other by `./Name.svelte`, and the binding by its name
 * @param entry the source of a module that imports them
 */
export async function compiled<Exports>(
  target: "client" | "server",
  { components, entry }: { components: Record<string, string>; entry: string },
): Promise<Exports> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "esm",
    platform: target === "client" ? "browser" : "node",
    conditions: target === "client" ? ["browser", "sockeye-source"] : ["sockeye-source"],
    logLevel: "warning",
    plugins: [
      {
        name: "components",
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^@sockeye\/svelte$/ }, () => ({ path: SOURCE }));
          onResolve({ filter: /\.svelte$/ }, ({ path }) => ({ path, namespace: "component" }));
          onLoad({ filter: /./, namespace: "component" }, ({ path }) => {
            const source = components[path.slice(2, -".svelte".length)] ?? "";
            const { js } = compile(source, { generate: target, filename: path });
            return { contents: js.code, resolveDir: import.meta.dirname };
          });
        },
      },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), "svelte-"));
  try {
    const file = join(folder, `${target}.mjs`);
    writeFileSync(file, outputFiles[0]?.text ?? "");
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Exports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
