// The conformance cases of buses and of cluster adapters, over a broker in memory: a good one, one that does not keep
// the order, and one that sends everything twice.

import type { Clock } from "@sockeye/portable";
import { afterAll, describe, test } from "vitest";
import { type BusHost, busCases, runBusCase } from "./bus-cases.ts";
import { clusterCases } from "./cluster-cases.ts";
import { runClusterCase } from "./cluster-context.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { memoryCluster } from "./memory-cluster.ts";
import { presenceCases } from "./presence-cases.ts";

/** The time of the platform. */
const clock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

const buses: BusHost = {
  name: "memory",
  async start() {
    const broker = new MemoryBroker();
    return { makeBus: () => broker.makeBus(), async [Symbol.asyncDispose]() {} };
  },
};

describe(`bus: ${buses.name}`, () => {
  for (const each of busCases) test(`${each.id} ${each.title}`, () => runBusCase(buses, each));
});

let turn = 0;
const kinds = [
  memoryCluster("memory", clock),
  memoryCluster("memory, without counting", clock, { isCounting: false }),
  memoryCluster("memory, with a broker that watches", clock, { isWatching: true }),
  memoryCluster("memory, delayed and out of order", clock, {
    reorderWindow: 40,
    link: () => [[0], [9], [3], [14], [1]][turn++ % 5] as number[],
  }),
  memoryCluster("memory, everything twice", clock, { link: () => [0, 0] }),
  memoryCluster("memory, by rooms", clock, { routeByRooms: true }),
  memoryCluster("memory with a log", clock, { hasLog: true }),
];

describe.each(kinds)("cluster: $name", (host) => {
  const features: string[] = [];

  for (const each of [...clusterCases, ...presenceCases]) {
    test(`${each.id} ${each.title}`, async () => {
      await runClusterCase(host, each);
      features.push(each.feature);
    });
  }

  afterAll(() =>
    console.info(
      `${host.name}: ${features.length} of ${clusterCases.length + presenceCases.length}`,
    ),
  );
});
