// The rows of the compatibility matrix with a Python client.
import { afterAll, beforeAll } from "vitest";
import { PythonClientBench } from "./python-client-bench.ts";
import { pythonClientPairs } from "./python-pairs.ts";
import { pythonPath } from "./python-path.ts";
import { PythonProgram } from "./python-program.ts";
import { registerPython } from "./python-scenario.ts";
import { clientLifetime } from "./scenarios/client-lifetime.ts";
import { clientSockets } from "./scenarios/client-sockets.ts";
import { events } from "./scenarios/events.ts";
import { load } from "./scenarios/load.ts";

// All its clients live in one process: starting Python takes longer than a test.
let program: PythonProgram;
beforeAll(() => {
  if (pythonPath !== undefined) program = new PythonProgram("client.py");
});
afterAll(() => program?.kill());

for (const { name, server } of pythonClientPairs) {
  registerPython<PythonClientBench>(
    name,
    [...events, ...load, ...clientSockets, ...clientLifetime],
    (mode) => new PythonClientBench(server, mode, program),
  );
}
