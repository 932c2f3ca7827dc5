// Clients that come, go and are lost, while servers crash and the log fails: a property over seeds. And what happens to
// events while the log is away.

import { expect, test } from "vitest";
import { LogWorld } from "../../test/log-world.ts";
import { ReturningClient } from "../../test/returning-client.ts";
import { SeededRandom } from "../seeded-random.ts";
import type { MemoryMember } from "./memory-cluster.ts";
import type { AppendFate } from "./memory-log.ts";

const FATES: readonly [AppendFate, ...AppendFate[]] = ["kept", "kept", "answer lost", "refused"];
/** More of them: `SEEDS=600 npx vitest run --project unit packages/testkit/src/cluster/log-seeds.test.ts`. */
const SEEDS = Number(process.env.SEEDS ?? 6);

type Joining = { join(room: string): unknown };

const joinRoom = (member: MemoryMember | undefined): void =>
  void member?.server.on("connection", (socket: Joining) => void socket.join("room"));

test("RE22 and LG3 whatever crashes, what a client has heard since its session began has no hole and no double", async () => {
  let recoveries = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new SeededRandom(seed);
    const world = new LogWorld({
      log: {
        fate: () => random.pick(FATES),
        delay: () => random.below(random.once(4) ? 200 : 30),
      },
      cluster: random.once(2) ? { maxReplayBytes: 0 } : {},
    });
    const areLeasesGood = random.once(2);
    if (!areLeasesGood) world.leases.fate = () => random.pick(FATES);
    const living = [...(await world.start(3))];
    for (const member of living) joinRoom(member);
    const clients = Array.from({ length: 3 }, () => new ReturningClient());
    const sent = { all: 0, room: 0 };
    for (let step = 0; step < 60; step++) {
      // The first server sends, and lives: what a server had not appended when it crashed counts as not sent.
      const [sender] = living;
      for (let count = random.below(4); count > 0; count--) {
        sender?.server.emit("all", sent.all++);
        sender?.server.to("room").emit("room", sent.room++);
        sender?.server.to("elsewhere").emit("all", "wrong");
      }
      for (const client of clients) {
        if (!random.once(6)) continue;
        if (!client.isThere) client.come(living[random.below(living.length)] as MemoryMember);
        else if (random.once(2)) client.leave();
        else client.lose();
      }
      if (random.once(15)) {
        const [killed] = living.splice(1 + random.below(living.length - 1), 1);
        await killed?.kill();
        const [started] = await world.start(1);
        joinRoom(started);
        if (started !== undefined) living.push(started);
      }
      await world.elapse(20 * (1 + random.below(4)));
      for (const client of clients) client.listen();
    }
    world.log.fate = () => "kept";
    world.leases.fate = () => "kept";
    for (const client of clients) client.lose();
    // An attempt that the client has given up may take the session once more.
    for (let attempt = 0; attempt < 4; attempt++) {
      for (const client of clients) if (!client.isThere) client.come(living[0] as MemoryMember);
      await world.elapse(1200);
      for (const client of clients) client.listen();
      if (attempt !== 2) continue;
      living[0]?.server.emit("all", sent.all++);
      living[0]?.server.to("room").emit("room", sent.room++);
    }
    for (const [index, client] of clients.entries()) {
      for (const event of ["all", "room"] as const) {
        const values = client.values(event) as number[];
        const first = values[0] ?? 0;
        const wanted = Array.from({ length: sent[event] - first }, (_, at) => first + at);
        expect(values, `seed ${seed}, client ${index}, ${event}`).toEqual(wanted);
      }
      recoveries += client.recoveries;
    }
    // A client that comes back while the leases do not answer begins anew, and the operator is warned.
    const isOther = (fault: unknown): boolean => !String(fault).includes("restoreSession");
    const faults = areLeasesGood ? world.faults : world.faults.filter(isOther);
    expect(faults, `seed ${seed}`).toEqual([]);
    await world.close();
  }
  expect(recoveries).toBeGreaterThan(8 * SEEDS);
}, 60_000);

async function withClients() {
  const world = new LogWorld({ cluster: { maxPendingBytes: 2000 } });
  const [one, two] = (await world.start(2)) as [MemoryMember, MemoryMember];
  const clients = [new ReturningClient(), new ReturningClient()] as const;
  clients[0].come(one);
  clients[1].come(two);
  await world.settle();
  for (const client of clients) client.listen();
  return { world, one, two, clients };
}

test("CA16 while the log is away events wait in order, and then reach the clients of every server", async () => {
  const { clients, one, two, world } = await withClients();
  world.log.setState("down");
  const outcomes = [1, 2, 3].map((number) => one.server.emitWithOutcome("n", number));
  two.server.emit("n", "two");
  one.server.volatile.emit("n", "volatile");
  await world.elapse(1000);
  expect(clients.map((client) => client.values("n"))).toEqual([[], []]);
  world.log.setState("up");
  await world.settle();
  const [a, b] = clients.map((client) => client.values("n"));
  expect(a?.filter((value) => value !== "two")).toEqual([1, 2, 3]);
  expect(a).toContain("two");
  expect(b).toEqual(a);
  expect(await Promise.all(outcomes)).toEqual(
    outcomes.map(() => ({ sent: 1, queued: 0, dropped: 0, closed: 0 })),
  );
  await world.close();
});

test("CA17 beyond the limit of what waits, events are refused, and every server tells its clients of the gap", async () => {
  const { clients, one, two, world } = await withClients();
  const gaps: unknown[] = [];
  const limits: unknown[] = [];
  two.adapter.diagnostics.logGap.subscribe((gap) => void gaps.push(gap));
  one.adapter.diagnostics.limitReached.subscribe(({ limit }) => void limits.push(limit));
  world.log.setState("down");
  const long = "x".repeat(700);
  const sent = [1, 2, 3, 4].map((number) => one.server.emitWithOutcome("n", number, long, 0));
  const settled = Promise.allSettled(sent);
  world.log.setState("up");
  await world.elapse(100);
  expect((await settled).map(({ status }) => status)).toEqual([
    ...["fulfilled", "fulfilled"],
    ...["rejected", "rejected"],
  ]);
  await expect(sent[2]).rejects.toMatchObject({ code: "ERR_BUS_FULL" });
  expect([gaps, limits]).toEqual([
    [{ reason: "refused", missed: 2 }],
    ["maxPendingBytes", "maxPendingBytes"],
  ]);
  for (const client of clients) {
    expect([client.values("n"), client.isEnded]).toEqual([[1, 2], true]);
    client.come(two);
  }
  await world.elapse(400);
  for (const client of clients) expect(client.listen().recovered).toBe(false);
  await world.close();
});

test("CA18 a server that reads nothing, though its connection seems to be well, notices and reads again", async () => {
  const { clients, one, two, world } = await withClients();
  const deaf: unknown[] = [];
  two.adapter.diagnostics.deaf.subscribe((since) => void deaf.push(since));
  if (two.log !== null) two.log.isDeaf = true;
  one.server.emit("n", 1);
  await world.elapse(60);
  expect(clients.map((client) => client.values("n"))).toEqual([[1], []]);
  await world.elapse(400);
  expect(clients.map((client) => client.values("n"))).toEqual([[1], [1]]);
  expect([deaf.length, two.log?.heals]).toEqual([1, 1]);
  await world.close();
});

test("CA19 what one server does, asks and finds out happens in its order, whichever way it takes", async () => {
  const { clients, one, two, world } = await withClients();
  const [a, b] = clients;
  one.server.emit("n", 1);
  one.server.local.emit("n", "local");
  one.server.socketsJoin("r");
  const found = one.server.in("r").fetchSockets();
  const asked = one.server
    .timeout(1000)
    .emitWithAck("q")
    .catch(() => {});
  one.server.emit("n", 2);
  await world.settle();
  expect(a.values("n")).toEqual([1, "local", 2]);
  expect(b.values("n")).toEqual([1, 2]);
  expect(((await found) as { id: string }[]).map(({ id }) => id).sort()).toEqual(
    [a.id, b.id].sort(),
  );
  await world.elapse(1200);
  await asked;
  const own = [...one.server.sockets.sockets.values()][0];
  own?.emit("n", "before");
  const data = { value: 1 };
  own?.emit("n", data, () => {});
  data.value = 2;
  own?.emit("n", "last words");
  own?.disconnect(true);
  await world.settle();
  expect(a.values("n").slice(-3)).toEqual(["before", { value: 1 }, "last words"]);
  expect(a.isEnded).toBe(true);
  expect(two.server.sockets.sockets.size).toBe(1);
  await world.close();
});
