// Sessions of clients over a log: what survives a crash, and what is told. In memory.

import { expect, test } from "vitest";
import { LogWorld, type LogWorldSettings } from "../../test/log-world.ts";
import { ReturningClient } from "../../test/returning-client.ts";
import type { MemoryMember } from "./memory-cluster.ts";

async function start(settings: LogWorldSettings = {}, count = 3) {
  const world = new LogWorld(settings);
  const members = await world.start(count);
  const client = new ReturningClient();
  const come = async (server: MemoryMember | undefined): Promise<void> => {
    if (server !== undefined) client.come(server);
    // The server that had the session before may be waited for.
    await world.elapse(400);
    client.listen();
  };
  return { world, members: members as [MemoryMember, MemoryMember, MemoryMember], client, come };
}

type Joining = { join(room: string): unknown; leave(room: string): unknown; data: unknown };
const socketOf = ({ server }: MemoryMember, id: string): Joining =>
  server.sockets.sockets.get(id) as unknown as Joining;

test("RE22 after a crash of its server a client gets from another one what it has missed, once and in order", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  await come(one);
  for (let number = 0; number < 5; number++) three.server.emit("n", number);
  await world.settle();
  client.listen();
  await one.kill();
  client.lose();
  for (let number = 5; number < 10; number++) three.server.emit("n", number);
  await world.settle();
  const { id } = client;
  await come(two);
  three.server.emit("n", 10);
  await world.settle();
  expect(client.values("n")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([client.recovered, client.id]).toEqual([true, id]);
  expect(socketOf(two, id)).toBeDefined();
  await world.close();
});

test("RE22 after a crash of all servers a client goes on at a new one", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  await come(one);
  two.server.emit("n", 1);
  await world.settle();
  client.listen();
  two.server.emit("n", 2);
  await world.settle();
  // On its way to the client when the server ends.
  client.lose();
  for (const each of [one, two, three]) await each.kill();
  await world.elapse(3000);
  const [four] = await world.start(1);
  four?.server.emit("n", 3);
  await come(four);
  expect([client.values("n"), client.recovered]).toEqual([[1, 2, 3], true]);
  await world.close();
});

test("RE23 a client that has heard nothing yet goes on from the beginning of its session", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  two.server.emit("n", "before");
  await world.settle();
  await come(one);
  await one.kill();
  client.lose();
  two.server.emit("n", 1);
  await world.settle();
  expect(client.offset).toBeUndefined();
  await come(two);
  expect([client.values("n"), client.recovered]).toEqual([[1], true]);
  await world.close();
});

test("RE23 a client whose server crashes again, before it has heard what it has missed, gets it from the next", async () => {
  const { client, come, members, world } = await start({}, 4);
  const [one, two, three] = members;
  const four = world.members[3] as MemoryMember;
  await come(one);
  four.server.emit("n", 1);
  await world.settle();
  client.listen();
  await one.kill();
  client.lose();
  four.server.emit("n", 2);
  await world.settle();
  // The client has sent CONNECT and hears nothing of the answer.
  const deaf = new ReturningClient();
  [deaf.pid, deaf.offset] = [client.pid, client.offset];
  deaf.come(two);
  await world.settle();
  await two.kill();
  four.server.emit("n", 3);
  await world.settle();
  await come(three);
  expect([client.values("n"), client.recovered]).toEqual([[1, 2, 3], true]);
  // And at once after that, while everything is still on its way.
  client.lose();
  client.come(four);
  await three.kill();
  await world.elapse(1500);
  four.server.emit("n", 4);
  await world.settle();
  expect([client.values("n"), client.recovered]).toEqual([[1, 2, 3, 4], true]);
  await world.close();
});

test("RE24 rooms and data survive a crash, without any event", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  one.server.on("connection", (socket: Joining) => {
    void socket.join("at once");
    socket.data = { name: "é", bytes: new Uint8Array([1, 255]) };
  });
  await come(one);
  const own = socketOf(one, client.id);
  await own.join("later");
  await own.join("left");
  await own.leave("left");
  await one.kill();
  client.lose();
  await come(two);
  expect(client.recovered).toBe(true);
  const { data } = socketOf(two, client.id) as { data: unknown };
  expect(data).toEqual({ name: "é", bytes: new Uint8Array([1, 255]) });
  for (const room of ["at once", "later", "left"]) three.server.to(room).emit("n", room);
  await world.settle();
  expect(client.values("n")).toEqual(["at once", "later"]);
  await world.close();
});

test("RE24 data that have changed are written at the next heartbeat, rooms at once; a room counts from its joining", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  await come(one);
  (socketOf(one, client.id).data as Record<string, unknown>)["score"] = 7;
  await world.elapse(140);
  // From here on nothing reaches the client.
  client.lose();
  three.server.to(client.id).emit("n", "mine");
  three.server.to("room").emit("n", "before");
  three.server.except("room").emit("n", "for others, too");
  await world.settle();
  void socketOf(one, client.id).join("room");
  await world.settle();
  await one.kill();
  three.server.to("room").emit("n", "after");
  await world.settle();
  await come(two);
  expect(client.values("n")).toEqual(["mine", "for others, too", "after"]);
  expect(socketOf(two, client.id).data).toEqual({ score: 7 });
  await world.close();
});

test("RE25 a client that comes to another server, while the first believes it connected, has one socket", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  await come(one);
  three.server.emit("n", 1);
  await world.settle();
  client.lose();
  three.server.emit("n", 2);
  await world.settle();
  await come(two);
  three.server.emit("n", 3);
  await world.settle();
  expect([client.values("n"), client.recovered]).toEqual([[1, 2, 3], true]);
  expect([one.server.sockets.sockets.size, two.server.sockets.sockets.size]).toEqual([0, 1]);
  // Nor does the first server take the session back.
  await world.elapse(500);
  client.leave();
  await come(one);
  expect([client.recovered, one.server.sockets.sockets.size]).toEqual([true, 1]);
  await world.close();
});

test("RE25 a session is given out once, and ends when its client leaves for good", async () => {
  const { client, come, members, world } = await start();
  const [one, two, three] = members;
  await come(one);
  const again = new ReturningClient();
  again.pid = client.pid;
  client.leave();
  await come(two);
  expect(client.recovered).toBe(true);
  client.say("41");
  await world.settle();
  again.come(three);
  await world.settle();
  expect(again.listen().recovered).toBe(false);
  await world.close();
});

test("RE26 a client that has missed what the log has dropped begins anew", async () => {
  const { client, come, members, world } = await start({
    log: { maxEntries: 5 },
    cluster: { maxReplayBytes: 0 },
  });
  const [one, two] = members;
  await come(one);
  two.server.emit("n", 0);
  await world.settle();
  client.leave();
  await world.settle();
  for (let number = 1; number < 10; number++) two.server.emit("n", number);
  await world.settle();
  await come(two);
  expect([client.recovered, client.values("n")]).toEqual([false, []]);
  // Nothing is left of the session.
  expect(world.leases.all.map(({ id }) => id)).toEqual([client.pid]);
  await world.close();
});

test("RE26 what others were sent does not count: a client that has all that was for it goes on, however much was dropped", async () => {
  const { client, come, members, world } = await start({
    log: { maxEntries: 5 },
    cluster: { maxReplayBytes: 0 },
  });
  const [one, two] = members;
  await come(one);
  for (let number = 0; number < 40; number++) {
    two.server.to("elsewhere").emit("n", number);
    await world.settle();
  }
  // The lease is renewed meanwhile.
  await world.elapse(3000);
  await one.kill();
  client.lose();
  two.server.to(client.id).emit("n", "mine");
  await world.settle();
  await come(two);
  expect([client.recovered, client.values("n")]).toEqual([true, ["mine"]]);
  await world.close();
});

test("RE26 when the log has lost what it had, connections end, and clients begin anew", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  const gaps: unknown[] = [];
  one.adapter.diagnostics.logGap.subscribe((gap) => void gaps.push(gap));
  const raised: unknown[] = [];
  one.adapter.on("gap", (...args: unknown[]) => void raised.push(args));
  await come(one);
  two.server.emit("n", 1);
  await world.settle();
  world.log.lose();
  await world.settle();
  client.listen();
  expect([gaps, raised]).toEqual([[{ reason: "log lost", missed: null }], [["", null]]]);
  expect(client.isEnded).toBe(true);
  await come(two);
  expect(client.recovered).toBe(false);
  two.server.emit("n", 2);
  await world.settle();
  expect(client.values("n")).toEqual([2]);
  await world.close();
});

test("RE27 a pid or offset that was made up recovers nothing, and harms neither the session nor its socket", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  await come(one);
  for (const offset of ["x", "1-0", 7, `${client.pid}`, "memory1.zzzzzzzzzzz"]) {
    const other = new ReturningClient();
    [other.pid, other.offset] = ["unknown", offset as string];
    other.come(two);
    await world.elapse(600);
    expect([offset, other.listen().recovered]).toEqual([offset, false]);
    other.leave();
  }
  const thief = new ReturningClient();
  [thief.pid, thief.offset] = [client.pid, "memory1.zzzzzzzzzzz"];
  thief.come(two);
  await world.elapse(600);
  expect(thief.listen().recovered).toBe(false);
  client.leave();
  await come(two);
  expect(client.recovered).toBe(true);
  await world.close();
});

test("RE27 a session whose data cannot be written is not recovered, and that is told", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  const lost: unknown[] = [];
  one.adapter.diagnostics.sessionLost.subscribe(({ reason }) => void lost.push(reason));
  one.server.on("connection", (socket: Joining) => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    socket.data = circular;
  });
  await come(one);
  expect(lost).toEqual(["unreadable"]);
  client.leave();
  await come(two);
  expect(client.recovered).toBe(false);
  await world.close();
});

test("LS7 a session that is longer than the broker takes goes on, is told, and is not recovered", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  world.leases.maxRecord = 1000;
  const lost: unknown[] = [];
  one.adapter.diagnostics.sessionLost.subscribe(({ reason }) => void lost.push(reason));
  one.server.on("connection", (socket: Joining) => {
    socket.data = "x".repeat(1000);
  });
  await come(one);
  two.server.emit("n", 1);
  await world.settle();
  client.listen();
  expect([client.values("n"), lost]).toEqual([[1], ["too large"]]);
  client.leave();
  await come(two);
  expect(client.recovered).toBe(false);
  await world.close();
});

test("LS7 a session whose last record is longer than the broker takes is told once, and is not recovered", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  const lost: unknown[] = [];
  one.adapter.diagnostics.sessionLost.subscribe(({ reason }) => void lost.push(reason));
  await come(one);
  world.leases.maxRecord = 10;
  client.leave();
  await world.elapse(100);
  await come(two);
  expect([lost, client.recovered]).toEqual([["too large"], false]);
  await world.close();
});

test("RE28 sessions go on when their server is closed in order", async () => {
  const { client, come, members, world } = await start();
  const [one, two] = members;
  await come(one);
  two.server.emit("n", 1);
  await world.settle();
  client.listen();
  one.server.emit("n", "last words");
  const closing = one.close();
  await world.elapse(100);
  await closing;
  client.leave();
  await come(two);
  expect([client.recovered, client.values("n")]).toEqual([true, [1, "last words"]]);
  await world.close();
});

test("RE28 a client that has come before its server had opened the log goes on like any other", async () => {
  const world = new LogWorld();
  world.log.setState("down");
  const [one, two] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const client = new ReturningClient();
  client.come(one);
  await world.elapse(100);
  world.log.setState("up");
  await world.elapse(400);
  two.server.emit("n", 1);
  await world.settle();
  client.leave();
  two.server.emit("n", 2);
  client.come(two);
  await world.elapse(400);
  expect([client.values("n"), client.recovered]).toEqual([[1, 2], true]);
  await world.close();
});
