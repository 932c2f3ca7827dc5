// `node install.mjs FOLDER`: copies the project into a folder outside the repository and installs it there, its
// dependencies from npm and the workspaces from tarballs. Fails with npm's exit code.

import { spawn } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pack } from "./pack.mjs";
import { offerPackages } from "./package-offer.mjs";

// What an `npm run` around this says of its own folder must not reach the npm in here.
const OF_THE_OUTER_RUN =
  /^npm_(config_(local_prefix|workspace.*|include_workspace_root)|package_.*)$/i;

function npmInstall(folder) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_THE_OUTER_RUN.test(name)),
  );
  const npm = spawn("npm", ["install"], { cwd: folder, env, stdio: "inherit" });
  return new Promise((done, fail) => {
    npm.on("error", fail);
    npm.on("exit", (code) => done(code ?? 1));
  });
}

const [folder] = process.argv.slice(2).map((path) => resolve(path));
if (folder === undefined) throw new Error("which folder shall the project be installed into?");
await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
const offer = await offerPackages(await pack(join(folder, "tarballs")));
const settings = [
  `@sockeye:registry=${offer.url}`,
  "audit=false",
  "fund=false",
  "ignore-scripts=true",
  "package-lock=false",
  "prefer-offline=true",
  "update-notifier=false",
];
await writeFile(join(folder, ".npmrc"), `${settings.join("\n")}\n`);
try {
  process.exitCode = await npmInstall(folder);
} finally {
  await offer.close();
}
