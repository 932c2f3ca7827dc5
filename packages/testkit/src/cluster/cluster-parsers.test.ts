// Servers with different parsers in one cluster.

import { msgpackCodec } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { MemoryMember } from "./memory-cluster.ts";

test("CA12 servers with different parsers understand each other", async () => {
  const broker = new MemoryBroker();
  const clock = new FakeClock();
  const json = new MemoryMember({ name: "json", broker, clock });
  const pack = new MemoryMember({
    name: "pack",
    broker,
    clock,
    core: { parser: msgpackCodec() as never },
  });
  while ((await json.do({ op: "count" })) !== 2) await new Promise(setImmediate);
  const client = await json.connect();
  pack.server.emit("x", 1, new Uint8Array([1, 255]));
  expect(await client.next()).toEqual(["x", 1, new Uint8Array([1, 255])]);
  expect([...json.faults, ...pack.faults]).toEqual([]);
  await Promise.all([json.close(), pack.close()]);
});
