// The black-box suite without a process of its own, and what makes a case fail besides what it observes.

import { Server } from "@sockeye/node";
import { Agent, type BlackBoxCase, BlackBoxHost, chapters } from "@sockeye/testkit/black-box";
import { expect, test } from "vitest";
import { clients } from "./clients.ts";
import { overNodeHttp } from "./programs/node-http.mjs";

/** A host in this process, and its agent. */
function inProcess(): { readonly host: BlackBoxHost; readonly agent: Agent } {
  const agent = new Agent(overNodeHttp(Server), (report) => host.receive(report));
  const host = new BlackBoxHost({ send: (command) => agent.handle(command) }, clients);
  return { host, agent };
}

const idle: Omit<BlackBoxCase, "run"> = { id: "x", title: "x", rules: [], expected: null };

test("cases run in the process of the test too", async () => {
  const { host } = inProcess();
  for (const { feature, cases } of chapters) {
    if (feature !== "acks") continue;
    for (const each of cases) expect(await host.run(each)).toEqual(each.expected);
  }
});

test("an error that is uncaught in the host fails a case, whatever it observed", async () => {
  const { host, agent } = inProcess();
  const each: BlackBoxCase = {
    ...idle,
    async run() {
      agent.uncaught(new Error("nobody caught this"));
      return null;
    },
  };
  await expect(host.run(each)).rejects.toThrow("uncaught in the host: nobody caught this");
});

test("a case that fails says what was reported", async () => {
  const { host } = inProcess();
  const each: BlackBoxCase = {
    ...idle,
    async run(bench) {
      await bench.joined();
      await bench.heardSoFar();
      throw new Error("no");
    },
  };
  await expect(host.run(each)).rejects.toThrow("no (reported: connection /");
});

test("an option that is refused fails the case with the server's message", async () => {
  const { host } = inProcess();
  const run = async (): Promise<null> => null;
  await expect(host.run({ ...idle, options: { pingInterval: -1 }, run })).rejects.toThrow(
    "pingInterval",
  );
});
