// The rows of the compatibility matrix with a Python server.
import { afterAll, beforeAll } from "vitest";
import { pythonServerPairs } from "./python-pairs.ts";
import { pythonPath } from "./python-path.ts";
import { PythonProgram } from "./python-program.ts";
import { registerPython } from "./python-scenario.ts";
import { PythonServerBench } from "./python-server-bench.ts";
import { events } from "./scenarios/events.ts";
import { load } from "./scenarios/load.ts";
import { serverLifetime } from "./scenarios/server-lifetime.ts";
import { serverSockets } from "./scenarios/server-sockets.ts";

// All its servers live in one process: starting Python takes longer than a test.
let program: PythonProgram;
beforeAll(() => {
  if (pythonPath !== undefined) program = new PythonProgram("server.py");
});
afterAll(() => program?.kill());

for (const { name, client } of pythonServerPairs) {
  registerPython<PythonServerBench>(
    name,
    [...events, ...load, ...serverSockets, ...serverLifetime],
    (mode) => new PythonServerBench(client, mode, program),
  );
}
