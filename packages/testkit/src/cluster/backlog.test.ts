// What waits in a server, and what is kept there, as operators read it.

import { expect, test } from "vitest";
import { LogWorld } from "../../test/log-world.ts";
import { ReturningClient } from "../../test/returning-client.ts";
import type { MemoryMember } from "./memory-cluster.ts";

type Joining = { join(room: string): unknown };

test("CN19 what waits in a server, and what it keeps for clients, can be read", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const { adapter, server } = one;
  const none = { requests: 0, held: 0, unwritten: 0, unwrittenBytes: 0, waiting: 0 };
  expect(adapter.backlog).toEqual({
    ...{ ...none, replayBytes: 0, sessions: 0, endingSessions: 0, joinOffsets: 0 },
  });
  const client = new ReturningClient();
  server.on("connection", (socket: Joining) => void socket.join("room"));
  client.come(one);
  await world.settle();
  expect(adapter.backlog).toMatchObject({ ...none, sessions: 1, joinOffsets: 1 });
  world.log.setState("down");
  server.emit("n", "x".repeat(100), 0);
  server.local.emit("n", 2);
  const { unwritten, unwrittenBytes, waiting } = adapter.backlog;
  expect([unwritten, waiting]).toEqual([1, 1]);
  expect(unwrittenBytes).toBeGreaterThan(100);
  world.log.setState("up");
  await world.settle();
  expect(adapter.backlog).toMatchObject(none);
  expect(adapter.backlog.replayBytes).toBeGreaterThan(unwrittenBytes);
  client.leave();
  await world.settle();
  expect(adapter.backlog).toMatchObject({ ...none, sessions: 0, endingSessions: 0 });
  await world.close();
  expect(adapter.backlog.replayBytes).toBe(0);
});
