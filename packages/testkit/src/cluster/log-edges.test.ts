// A log at moments that are seldom: a server that starts while it is away, entries that are gone before the answer to
// their append, a deaf reader whose log begins anew, a gap while a session is read.

import { expect, test } from "vitest";
import { LogWorld } from "../../test/log-world.ts";
import { ReturningClient } from "../../test/returning-client.ts";
import type { MemoryMember } from "./memory-cluster.ts";

test("CA22 what a server sends before it can read the log reaches its own clients, and has an outcome", async () => {
  const world = new LogWorld();
  world.log.setState("down");
  const [one] = (await world.start(1)) as [MemoryMember];
  const client = new ReturningClient();
  client.come(one);
  await world.settle();
  const { log } = one;
  if (log === null) throw new Error("there is no log");
  const open = log.open.bind(log);
  log.open = () => Promise.reject(new Error("not yet"));
  const sent = one.server.emitWithOutcome("n", 1);
  world.log.setState("up");
  await world.elapse(300);
  expect(world.log.last.offset).toBe(0);
  log.open = open;
  await world.elapse(300);
  expect(client.values("n")).toEqual([1]);
  // Its client is being admitted, and gets it behind CONNECT.
  await expect(sent).resolves.toMatchObject({ queued: 1 });
  await world.close();
});

test("CA22 an append that is confirmed when its entry is gone already has an outcome, and delays nothing behind it", async () => {
  let answer = (): void => {};
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  const client = new ReturningClient();
  client.come(one);
  await world.settle();
  const { log } = one;
  if (log === null) throw new Error("there is no log");
  const append = log.append.bind(log);
  log.append = async (batch) => {
    const point = await append(batch);
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return point;
  };
  log.isDeaf = true;
  const sent = one.server.emitWithOutcome("n", 1);
  await world.settle();
  world.log.trim(0);
  log.heal();
  await world.settle();
  expect(client.listen().isEnded).toBe(true);
  log.append = append;
  answer();
  await expect(sent).resolves.toBeDefined();
  expect(one.adapter.backlog).toMatchObject({ unwritten: 0, waiting: 0 });
  await world.close();
});

test("CA18 a server that reads nothing notices when the log has begun anew meanwhile", async () => {
  const world = new LogWorld();
  const [one, two] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const client = new ReturningClient();
  client.come(two);
  await world.settle();
  one.server.emit("n", 1);
  await world.settle();
  expect(client.values("n")).toEqual([1]);
  if (two.log !== null) two.log.isDeaf = true;
  world.log.lose();
  await world.elapse(60);
  expect(client.listen().isEnded).toBe(false);
  await world.elapse(400);
  expect(client.listen().isEnded).toBe(true);
  expect(two.log?.heals).toBe(1);
  await world.close();
});

test("RE26 a session does not go on when messages are refused while what it has missed is read", async () => {
  const world = new LogWorld({ cluster: { maxReplayBytes: 0, maxPendingBytes: 1024 } });
  const [one, two] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const client = new ReturningClient();
  client.come(one);
  await world.settle();
  one.server.emit("n", 1);
  await world.settle();
  client.listen();
  client.lose();
  one.server.emit("n", 2);
  await world.elapse(40);
  const { log } = two;
  if (log === null) throw new Error("there is no log");
  const read = log.read.bind(log);
  let goOn = (): void => {};
  log.read = async (...asked) => {
    const found = await read(...asked);
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    return found;
  };
  client.come(two);
  await world.settle();
  world.log.setState("down");
  const long = "x".repeat(700);
  const refused = [3, 4].map((number) => one.server.emitWithOutcome("n", number, [long]));
  const settled = Promise.allSettled(refused);
  world.log.setState("up");
  await world.elapse(100);
  expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  goOn();
  await world.elapse(100);
  expect(client.listen().recovered).toBe(false);
  await world.close();
});

test("CA23 what a server sends while it closes reaches its clients once", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const [first, late] = [new ReturningClient(), new ReturningClient()];
  first.come(one);
  await world.settle();
  // The end of its session cannot be written: closing takes a second.
  world.leases.fate = () => "refused";
  const closing = one.close();
  late.come(one);
  one.server.emit("n", 1);
  await world.elapse(100);
  expect(late.values("n")).toEqual([1]);
  world.leases.fate = () => "kept";
  await world.elapse(1500);
  await closing;
  await world.close();
});

test("CA24 a client that comes before its server reads the log waits for CONNECT, and hears all that follows it", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  world.log.takesReaders = false;
  const [two] = (await world.start(1)) as [MemoryMember];
  const client = new ReturningClient();
  client.come(two);
  await world.elapse(100);
  expect(client.listen().id).toBe("");
  one.server.emit("n", "before CONNECT");
  await world.settle();
  world.log.takesReaders = true;
  await world.elapse(300);
  expect(client.listen().id).not.toBe("");
  one.server.emit("n", 1);
  await world.settle();
  expect(client.values("n")).toEqual([1]);
  client.lose();
  one.server.emit("n", 2);
  client.come(one);
  await world.elapse(400);
  expect([client.values("n"), client.recovered]).toEqual([[1, 2], true]);
  await world.close();
});

test("CA24 a client that has waited for too long begins anew when the log is there: it may have missed something", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  world.log.takesReaders = false;
  const [two] = (await world.start(1)) as [MemoryMember];
  const gaps: unknown[] = [];
  two.adapter.diagnostics.logGap.subscribe((gap) => void gaps.push(gap));
  two.adapter.on("gap", (...args: unknown[]) => void gaps.push(args));
  const client = new ReturningClient();
  client.come(two);
  await world.elapse(600);
  expect(client.listen().id).not.toBe("");
  one.server.emit("n", "missed");
  await world.settle();
  const late = new ReturningClient();
  late.come(two);
  world.log.takesReaders = true;
  await world.elapse(300);
  expect([client.listen().isEnded, late.listen().isEnded]).toEqual([true, false]);
  expect(gaps).toEqual([{ reason: "opened late", missed: null }, ["", null]]);
  client.come(two);
  await world.settle();
  one.server.emit("n", 1);
  await world.settle();
  expect([client.values("n"), client.recovered, late.values("n")]).toEqual([[1], false, [1]]);
  await world.close();
});

test("CA24 a client that comes back without an offset waits for the log of its next server, and keeps its session", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  const client = new ReturningClient();
  client.come(one);
  await world.settle();
  client.lose();
  world.log.takesReaders = false;
  const [two] = (await world.start(1)) as [MemoryMember];
  one.server.emit("n", 1);
  client.come(two);
  await world.elapse(100);
  world.log.takesReaders = true;
  await world.elapse(400);
  expect([client.values("n"), client.recovered]).toEqual([[1], true]);
  await world.close();
});

test("DR6 a server over a log is ready when it reads the log and knows the others, and after a time in any case", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  expect(one.adapter.isReady).toBe(true);
  world.log.takesReaders = false;
  const [two] = (await world.start(1)) as [MemoryMember];
  expect(two.adapter.isReady).toBe(false);
  world.log.takesReaders = true;
  await world.elapse(200);
  expect(two.adapter.isReady).toBe(true);
  world.log.takesReaders = false;
  const [three] = (await world.start(1)) as [MemoryMember];
  await world.elapse(200);
  expect(three.adapter.isReady).toBe(false);
  await world.elapse(300);
  expect(three.adapter.isReady).toBe(true);
  await world.close();
});

test("CA19 what a server has appended to a log that has begun anew comes before what it does then, read or not", async () => {
  const world = new LogWorld();
  const [one] = (await world.start(1)) as [MemoryMember];
  const { log } = one;
  if (log === null) throw new Error("there is no log");
  one.server.emit("n", 0);
  await world.settle();
  log.isDeaf = true;
  world.log.lose();
  const sent = one.server.emitWithOutcome("n", 1);
  await world.settle();
  log.receiver?.onBreak({ epoch: world.log.epoch, offset: 0 });
  const client = new ReturningClient();
  client.come(one);
  await world.settle();
  one.server.local.emit("n", 2);
  await world.settle();
  expect(client.values("n")).toEqual([]);
  log.receiver?.onEntries(world.log.after({ epoch: world.log.epoch, offset: 0 }) ?? []);
  await world.settle();
  expect(client.values("n")).toEqual([1, 2]);
  await expect(sent).resolves.toBeDefined();
  await world.close();
});
