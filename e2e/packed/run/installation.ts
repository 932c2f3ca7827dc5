// Where the packed packages are installed, and where an entry of one leads there.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Names the folder in the environment: workers have it too, and a folder that is kept can be given to a run. */
export const FOLDER_VARIABLE = "SOCKEYE_PACKED";

/** The project in which the packages are installed. */
export function installation(): string {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) throw new Error("nothing is installed: the set-up has not run");
  return folder;
}

/** What an entry of a map of exports may hold. */
export type Target = string | null | { readonly [condition: string]: Target };

/** The map of exports of an installed package. */
export function exportsOf(name: string): Readonly<Record<string, Target>> {
  const manifest = join(installation(), "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { exports: Record<string, Target> })
    .exports;
}

/** Follows conditions in the order of the map, as Node does. Undefined when none of them holds. */
export function follow(
  target: Target | undefined,
  conditions: readonly string[],
): string | undefined {
  if (target === undefined || target === null) return undefined;
  if (typeof target === "string") return target;
  for (const [condition, next] of Object.entries(target)) {
    if (condition !== "default" && !conditions.includes(condition)) continue;
    const found = follow(next, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The file to which an entry of an installed package leads. */
export function fileOf(name: string, entry: string, conditions: readonly string[]): string {
  const found = follow(exportsOf(name)[entry], conditions);
  if (found === undefined) throw new Error(`${name} has no entry ${entry} for ${conditions}`);
  return join(installation(), "node_modules", name, found);
}
