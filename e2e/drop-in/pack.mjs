// Packs every publishable workspace into a folder, as `npm publish` would, from what has been built.
// Knows nothing of the projects that install the tarballs. Run on its own: `node e2e/drop-in/pack.mjs FOLDER`.

import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const FOLDERS = ["packages", "hosts"];

async function publishable() {
  const found = [];
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(root, folder))) {
      const manifest = JSON.parse(await readFile(join(root, folder, name, "package.json"), "utf8"));
      if (manifest.private !== true) found.push(`${folder}/${name}`);
    }
  }
  return found;
}

/** Packs, and returns the manifest and the file of every tarball. */
export async function pack(folder) {
  await mkdir(folder, { recursive: true });
  const workspaces = (await publishable()).flatMap((path) => ["--workspace", path]);
  const { stdout } = await promisify(execFile)(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...workspaces],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  // Old npm answers with a list, newer npm with an object by name.
  return Object.values(JSON.parse(stdout)).map(({ name, version, filename, integrity }) => ({
    name,
    version,
    integrity,
    file: join(folder, filename),
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error("which folder shall the tarballs go to?");
  for (const { name, file } of await pack(resolve(folder))) console.log(`${name}  ${file}`);
}
