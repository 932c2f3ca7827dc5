// The conformance cases of logs and of leases, over memory: one that works, and one whose answers are lost or refused.

import { describe, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { SeededRandom } from "../seeded-random.ts";
import { type LeaseHost, leaseCases, runLeaseCase } from "./lease-cases.ts";
import { type LogHost, logCases, runLogCase } from "./log-cases.ts";
import { MemoryLeases } from "./memory-leases.ts";
import { type AppendFate, type MemoryLogSettings, MemoryLogStore } from "./memory-log.ts";

const FATES: readonly [AppendFate, ...AppendFate[]] = ["kept", "answer lost", "refused"];

function logHost(name: string, settings: () => MemoryLogSettings): LogHost {
  return {
    name,
    async start() {
      const store = new MemoryLogStore(settings());
      return {
        makeLog: () => store.makeLog(),
        trim: async (count) => store.trim(count),
        lose: async () => store.lose(),
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

const logs = [
  logHost("memory", () => ({})),
  logHost("memory that fails", () => {
    const random = new SeededRandom(7);
    return {
      fate: () => random.pick(FATES),
      delay: () => random.below(3),
      after: (delay, callback) => setTimeout(callback, delay),
    };
  }),
];

describe.each(logs)("log: $name", (host) => {
  for (const each of logCases) test(`${each.id} ${each.title}`, () => runLogCase(host, each));
});

function leaseHost(name: string, fate: () => AppendFate): LeaseHost {
  return {
    name,
    async start() {
      const clock = new FakeClock();
      const leases = new MemoryLeases(clock);
      leases.fate = fate;
      return {
        leases,
        elapse: async (duration) => clock.advance(duration),
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}

const random = new SeededRandom(5);
const leases = [
  leaseHost("memory", () => "kept"),
  // What is tried again comes later: LS6 is about what is not refused.
  leaseHost("memory that refuses", () => random.pick(["kept", "refused"])),
];

describe.each(leases)("leases: $name", (host) => {
  const cases = leaseCases.filter(({ id }) => id !== "LS6" || host.name === "memory");
  for (const each of cases) test(`${each.id} ${each.title}`, () => runLeaseCase(host, each));
});
