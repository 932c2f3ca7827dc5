// Every client on every host: Socket.IO's from 2.5 to 4.8, Python's and ours. `npm test` has some of the clients, on the way that
// touches most, polling and then a WebSocket; `HOSTS=all` has all of them on each transport.

import { afterAll, beforeAll, describe, test } from "vitest";
import { transportModes } from "../kit/transport-modes.ts";
import { features } from "../matrix/cells.ts";
import { type GridClient, gridClients } from "./grid-clients.ts";
import { gridOptions, gridScenarios } from "./grid-scenarios.ts";
import { HostProcess } from "./host-process.ts";
import { hosts } from "./hosts-table.ts";

const isWhole = process.env.HOSTS === "all";
const kinds = gridClients.filter(({ isShort }) => isWhole || isShort);
const modes = isWhole ? transportModes : transportModes.slice(-1);
// The control is there to prove the scenarios; on Node, every client runs in the matrix.
const tried = hosts.filter(
  ({ isControl, name }) => isWhole || (isControl === undefined && name !== "Node"),
);
const reasons = kinds
  .filter(({ missing }) => missing === undefined)
  .flatMap(({ excludes = {} }) =>
    Object.entries(excludes).filter(([test]) => modes.some((mode) => test.startsWith(mode))),
  )
  .flatMap(([, reason]) => tried.map(() => reason));

afterAll(async () => {
  for (const { end } of kinds) await end?.();
});

/** The clients of a scenario, closed at its end. */
class Clients implements AsyncDisposable {
  readonly #kept: GridClient[] = [];

  readonly keep = (client: GridClient): GridClient => {
    this.#kept.push(client);
    return client;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#kept) await client[Symbol.asyncDispose]();
  }
}

test("what is excluded is counted", ({ task }) => {
  task.meta.hostExclusions = { host: "every host", reasons };
});

for (const row of tried) {
  describe.skipIf(row.runtime.path === undefined)(`${row.name} and`, () => {
    let host: HostProcess;
    beforeAll(async () => {
      host = await HostProcess.start(row);
    });
    afterAll(() => host?.[Symbol.asyncDispose]());

    for (const kind of kinds) {
      describe.skipIf(kind.missing !== undefined)(kind.name, () => {
        for (const mode of modes) {
          for (const feature of features) {
            if (kind.excludes?.[`${mode}: ${feature}`] !== undefined) continue;
            test(`${mode}: ${feature}`, async ({ task }) => {
              task.meta.clientCell = { host: row.name, client: kind.name, mode, feature };
              await host.host.run({
                id: `${kind.name} ${mode} ${feature}`,
                ...{ title: feature, rules: [], expected: null },
                options: { allowEIO3: true, ...gridOptions[feature] },
                async run(server) {
                  await using clients = new Clients();
                  await gridScenarios[feature]({ server, kind, mode, keep: clients.keep });
                  return null;
                },
              });
            });
          }
        }
      });
    }
  });
}
