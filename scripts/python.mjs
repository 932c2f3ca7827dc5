// The Python that end-to-end tests meet, with its Socket.IO, and where to find it. Installs nothing.

import { spawnSync } from "node:child_process";

/** Debian packages that bring it. */
export const debian = ["python3-socketio", "python3-aiohttp"];

const SHOW_VERSIONS = [
  "import sys, socketio, aiohttp",
  "from importlib.metadata import version",
  "print(sys.executable, *(f'{name} {version(name)}' for name in ('python-socketio', 'python-engineio', 'aiohttp')), sep=', ')",
].join("\n");

// Debian's packages are seen by Debian's Python alone, which need not be the first on PATH.
const candidates = process.env.PYTHON_PATH
  ? [process.env.PYTHON_PATH]
  : ["/usr/bin/python3", "python3"];

/**
 * Path and versions of the first Python that has Socket.IO and aiohttp.
 * @returns {string | undefined} undefined when this machine has none
 */
export function describePython() {
  for (const path of candidates) {
    const { status, stdout } = spawnSync(path, ["-c", SHOW_VERSIONS], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}
