// The program of a host in a process of its own: commands come as lines of JSON on the standard input, results and
// reports leave as lines on the standard output. Runs on every runtime that has Node's `process` and `readline`.

import process from "node:process";
import { createInterface } from "node:readline";
import { Agent } from "@sockeye/testkit/black-box";
import { lineOf } from "./lines.mjs";

/**
 * Serves the runner until the input ends.
 * @param {import("@sockeye/testkit/black-box").ProgramHost} host
 */
export function serve(host) {
  relay((publish) => new Agent(host, publish));
}

/**
 * The same for an agent elsewhere, such as in a runtime without standard input that this program has started.
 * @param {(publish: (report: object) => void) => Pick<Agent, "handle" | "uncaught">} connect
 */
export function relay(connect) {
  const write = (message) => process.stdout.write(lineOf(message));
  const agent = connect((report) => write({ report }));
  process.on("uncaughtException", (error) => agent.uncaught(error));
  process.on("unhandledRejection", (error) => agent.uncaught(error));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { id, command } = JSON.parse(line);
    agent.handle(command).then(
      (value) => write({ id, value }),
      (error) => write({ id, error: `${error?.name}: ${error?.message}` }),
    );
  });
  lines.on("close", () => process.exit());
  write({ id: 0, value: "ready" });
}
