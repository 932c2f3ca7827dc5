// The Python whose Socket.IO the tests meet: looked for once, as scripts/python.mjs does.
import { spawnSync } from "node:child_process";

const candidates = process.env.PYTHON_PATH
  ? [process.env.PYTHON_PATH]
  : ["/usr/bin/python3", "python3"];

/** Path of a Python that has Socket.IO and aiohttp, or `undefined`: then the tests that need it skip. */
export const pythonPath: string | undefined = candidates.find(
  (path) => spawnSync(path, ["-c", "import socketio, aiohttp"]).status === 0,
);

if (pythonPath === undefined) {
  console.warn(
    "python-socketio and aiohttp were not found in python3 or PYTHON_PATH: the tests that meet them skip.",
  );
}
