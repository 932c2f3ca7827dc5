// A PostgreSQL with a folder of its own, for a test or a measurement: makes its data, runs it, waits for it. Not durable.

import { execFile, execFileSync, spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { chown } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findPostgres } from "./brokers.mjs";

const run = promisify(execFile);

/** The path of one of its programs, which stand beside the server. @param {string} name */
function program(name) {
  return join(dirname(realpathSync(findPostgres() ?? "postgres")), name);
}

/**
 * Who runs it: it refuses to be run by root.
 * @returns {{ readonly uid?: number, readonly gid?: number }}
 */
function owner() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (/** @type {string} */ flag) => Number(execFileSync("id", [flag, "postgres"]));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

/** Makes an empty database in an empty folder. @param {string} folder */
export async function createDatabase(folder) {
  const user = owner();
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid);
  const args = ["-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
  await run(program("initdb"), args, { cwd: folder, ...user });
}

/**
 * Starts the server of a folder; resolves to its process when it takes connections.
 * @param {string} folder
 * @param {number} port
 */
export async function startDatabase(folder, port) {
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
  ];
  const args = ["-D", folder, ...settings.flatMap((each) => ["-c", each])];
  const child = spawn(program("postgres"), args, { stdio: "ignore", cwd: folder, ...owner() });
  const isReady = () =>
    run(program("pg_isready"), ["-h", "127.0.0.1", "-p", String(port)]).then(
      () => true,
      () => false,
    );
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 20));
  return child;
}

/** The address of its database. @param {number} port */
export function databaseUrl(port) {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}
