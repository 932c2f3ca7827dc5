// Runs another program with its output on this terminal. Uses nothing but Node, because it is
// needed before anything is installed.

import { spawn } from "node:child_process";
import { root } from "./repository.mjs";

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {number} [limitMs] after this time the program is ended and counts as failed; default: none
 */

/**
 * Runs a program at the root of the repository to its end. When this process is asked to stop
 * meanwhile, so is the program, and this process ends with it.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit code; 1 when it could not start or was ended by a signal
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...options.env },
      shell: process.platform === "win32" && command === "npm",
    });
    const limit = options.limitMs === undefined ? undefined : setTimeout(overdue, options.limitMs);
    let isStopping = false;

    function overdue() {
      console.error(`${command} ${args.join(" ")}: ended after ${options.limitMs} ms`);
      child.kill("SIGKILL");
    }
    // A terminal sends an interrupt to the whole group: the program has got that one by itself.
    function interrupted() {
      isStopping = true;
    }
    function terminated() {
      isStopping = true;
      child.kill("SIGTERM");
    }
    /** @param {number} code */
    function finish(code) {
      clearTimeout(limit);
      process.off("SIGINT", interrupted).off("SIGTERM", terminated);
      if (isStopping) process.exit(code);
      resolve(code);
    }
    process.on("SIGINT", interrupted).on("SIGTERM", terminated);
    child.once("error", (error) => {
      console.error(`cannot start ${command}: ${error.message}`);
      finish(1);
    });
    child.once("exit", (code) => finish(code ?? 1));
  });
}

/**
 * Runs a program at the root of the repository to its end and keeps what it prints.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>} both streams in the order of their arrival
 */
export function capture(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.once("error", (error) => resolve({ code: 1, output: `${output}${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs one of this folder's scripts.
 * @param {string} script its file name
 * @param {RunOptions} [options]
 */
export function runScript(script, options = {}) {
  return run(process.execPath, [`scripts/${script}`], options);
}

/**
 * Runs a program that a package in node_modules brings.
 * @param {string} script path of its entry below node_modules
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runModule(script, args, options = {}) {
  return run(process.execPath, [`node_modules/${script}`, ...args], options);
}
