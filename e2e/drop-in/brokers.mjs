// Redis and PostgreSQL for a run of programs: found on this machine, installed from Debian where that is possible, started in a
// folder of their own behind a socket of the file system, and stopped at the end.

import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../../scripts/browsers.mjs";
import { installFromDebian, isDebianRoot } from "../../scripts/debian.mjs";

const REDIS = {
  name: "Redis",
  variable: "REDIS_SERVER_PATH",
  binaries: ["redis-server"],
  debian: ["redis-server"],
};
const POSTGRES = {
  name: "PostgreSQL",
  variable: "PG_CTL_PATH",
  binaries: ["pg_ctl"],
  debian: ["postgresql"],
};
/** Debian puts the programs of each version into a folder that is not on PATH. */
const POSTGRES_FOLDER = "/usr/lib/postgresql";

/** @typedef {{ env: Record<string, string>, stop: () => Promise<void> }} Broker */

/**
 * @param {import("../../scripts/browsers.mjs").Program} program
 * @returns {Promise<string | undefined>} the path of its binary
 */
async function bring(program) {
  const found = findProgram(program);
  if (found !== undefined || !isDebianRoot) return found;
  await installFromDebian(program.debian);
  return findProgram(program);
}

/** @returns {Promise<Broker | undefined>} `undefined` where there is no Redis */
export async function startRedis() {
  const path = await bring(REDIS);
  if (path === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const socket = join(folder, "redis.sock");
  const args = ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", ""];
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const ready = new Promise((resolve) => {
    child.stdout.on("data", (text) => {
      if (/ready to accept connections/i.test(String(text))) resolve(true);
    });
  });
  if ((await Promise.race([ready, exit])) !== true) throw new Error("redis-server has ended");
  return {
    env: { REDIS_SOCKET: socket },
    async stop() {
      child.kill();
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * PostgreSQL does not run as root: there it runs as its own user.
 * @returns {Promise<Broker | undefined>} `undefined` where there is no PostgreSQL
 */
export async function startPostgres() {
  const path = besidePath() ?? (await bring(POSTGRES)) ?? besidePath();
  if (path === undefined) return undefined;
  const isRoot = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), "postgres-"));
  await chmod(folder, 0o777);
  const data = join(folder, "data");
  /** @param {...string} args */
  const control = (...args) => {
    const command = [path, "-D", data, "-w", ...args];
    const [file = "", ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    // What the server inherits must not keep this waiting.
    return promisify(execFile)(file, rest, { cwd: folder });
  };
  await control("initdb", "-o", "-A trust -U postgres -N");
  const settings = `-k ${folder} -c listen_addresses='' -c fsync=off`;
  await control("start", "-l", join(folder, "log"), "-o", settings);
  return {
    env: { POSTGRES_SOCKET: folder },
    async stop() {
      await control("stop", "-m", "immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns {string | undefined} */
function besidePath() {
  if (!existsSync(POSTGRES_FOLDER)) return undefined;
  const paths = readdirSync(POSTGRES_FOLDER).map((version) =>
    join(POSTGRES_FOLDER, version, "bin/pg_ctl"),
  );
  return paths.findLast((path) => existsSync(path));
}
