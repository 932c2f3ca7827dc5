// Installs a project outside the repository: the workspaces come from tarballs, at the loopback address of an offer.

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { offerPackages } from "./package-offer.mjs";

// What an `npm run` around this says of its own folder must not reach the npm in here.
const OF_THE_OUTER_RUN =
  /^npm_(config_(local_prefix|workspace.*|include_workspace_root)|package_.*)$/i;

/**
 * Runs npm in a folder, as in a terminal there. Resolves to the exit code.
 * @param {string} folder
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function npm(folder, args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_THE_OUTER_RUN.test(name)),
  );
  const child = spawn("npm", args, { cwd: folder, env, stdio: "inherit" });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code) => done(code ?? 1));
  });
}

/**
 * Installs the project in `folder`. With `everything`, no package comes from anywhere but the tarballs.
 * @param {string} folder
 * @param {import("./pack.mjs").Tarball[]} tarballs
 * @param {{ everything?: boolean }} [choices]
 * @returns {Promise<number>} npm's exit code
 */
export async function installFrom(folder, tarballs, { everything = false } = {}) {
  const offer = await offerPackages(tarballs);
  const settings = [
    `@sockeye:registry=${offer.url}`,
    ...(everything ? [`registry=${offer.url}`] : []),
    "audit=false",
    "fund=false",
    "ignore-scripts=true",
    "package-lock=false",
    "prefer-offline=true",
    "update-notifier=false",
  ];
  await writeFile(join(folder, ".npmrc"), `${settings.join("\n")}\n`);
  try {
    return await npm(folder, ["install"]);
  } finally {
    await offer.close();
  }
}
