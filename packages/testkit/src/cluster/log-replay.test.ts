// Clients that cannot recover, over a log: what survives a crash of their server. In memory.

import type { Frame } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { LogWorld, type LogWorldSettings } from "../../test/log-world.ts";
import type { MemorySocket } from "../memory-socket.ts";
import { SeededRandom } from "../seeded-random.ts";
import type { MemoryMember } from "./memory-cluster.ts";

const PING = 1000;
type Auth = { readonly auth: Record<string, unknown> };
const replay = { key: ({ auth }: Auth) => auth["device"] as string };
const SETTINGS: LogWorldSettings = {
  core: { connectionStateRecovery: { maxDisconnectionDuration: 60_000, replay } },
  engine: { pingInterval: PING, pingTimeout: 10 * PING },
};

/** A client that knows nothing of recovery: it answers pings, and hears numbers. */
class StockClient {
  readonly heard: number[] = [];
  id = "";
  /** The last number that it had heard when it answered the last ping. */
  proven = 0;
  readonly #device: string;
  #raw: MemorySocket | null = null;

  constructor(device: string) {
    this.#device = device;
  }

  come({ dial }: { dial(): MemorySocket }): void {
    this.#raw = dial();
    this.#raw.transmit(`40${JSON.stringify({ device: this.#device })}`);
  }

  listen(): this {
    const frames = (this.#raw?.unread ?? []) as Frame[];
    for (const frame of frames.splice(0).map(String)) {
      if (frame === "2") {
        this.proven = this.heard.at(-1) ?? 0;
        this.#raw?.transmit("3");
      } else if (frame.startsWith("40{"))
        this.id = (JSON.parse(frame.slice(2)) as { sid: string }).sid;
      else if (frame.startsWith("42"))
        this.heard.push((JSON.parse(frame.slice(2)) as [string, number])[1]);
    }
    return this;
  }

  /** The connection is lost, with what was not read, and nobody says so. */
  lose(): void {
    this.#raw = null;
  }
}

const dialled = (member: MemoryMember): { dial(): MemorySocket } => ({ dial: () => member.dial() });

test("RE34 after a crash of its server a client that names no session gets what no ping has proven, and what it missed", async () => {
  const world = new LogWorld(SETTINGS);
  const [one, two, three] = (await world.start(3)) as [MemoryMember, MemoryMember, MemoryMember];
  const client = new StockClient("d");
  client.come(dialled(one));
  await world.elapse(100);
  client.listen();
  const { id } = client;
  const socket = one.server.sockets.sockets.get(id);
  void socket?.join("room");
  three.server.emit("n", 1);
  await world.elapse(PING);
  client.listen();
  await world.elapse(100);
  three.server.emit("n", 2);
  await world.settle();
  client.listen();
  await one.kill();
  client.lose();
  three.server.to("room").emit("n", 3);
  three.server.to("elsewhere").emit("n", -1);
  await world.settle();
  client.come(dialled(two));
  await world.elapse(400);
  three.server.emit("n", 4);
  await world.settle();
  expect(client.listen().heard).toEqual([1, 2, 2, 3, 4]);
  expect(client.id).toBe(id);
  expect(world.faults).toEqual([]);
  await world.close();
});

test("RE34 whatever crashes, a client that names no session hears everything, in order, and twice only what came after its last answer", async () => {
  for (let seed = 1; seed <= 3; seed++) {
    const random = new SeededRandom(seed);
    const world = new LogWorld(SETTINGS);
    await world.start(3);
    const client = new StockClient("d");
    const sender = world.members[0] as MemoryMember;
    let holder = world.members[1] as MemoryMember;
    client.come(dialled(holder));
    await world.elapse(100);
    client.listen();
    let number = 0;
    for (let round = 0; round < 5; round++) {
      for (let turn = 0; turn < 30; turn++) {
        if (random.once(2)) sender.server.emit("n", ++number);
        await world.elapse(20 * (1 + random.below(6)));
        if (!random.once(4)) client.listen();
      }
      // The answer to the last ping has reached the leases.
      await world.settle();
      const { proven } = client;
      const had = client.heard.length;
      client.lose();
      if (random.once(2)) {
        await holder.kill();
        [holder] = (await world.start(1)) as [MemoryMember];
      } else holder = world.members[world.members.length - 1] as MemoryMember;
      sender.server.emit("n", ++number);
      client.come(dialled(holder));
      await world.elapse(1500);
      client.listen();
      const label = `seed ${seed}, round ${round}`;
      const after = client.heard.slice(had);
      const expected = Array.from({ length: number - proven }, (_, at) => proven + 1 + at);
      expect(after, label).toEqual(expected);
    }
    expect(world.faults).toEqual([]);
    await world.close();
  }
});

test("RE36 without offsets clients get the arguments that were emitted, through a crash as well", async () => {
  const core = {
    connectionStateRecovery: {
      maxDisconnectionDuration: 60_000,
      replay: { ...replay, offsets: false },
    },
  };
  const world = new LogWorld({ ...SETTINGS, core });
  const [one, two, three] = (await world.start(3)) as [MemoryMember, MemoryMember, MemoryMember];
  const eventsOf = async (raw: MemorySocket): Promise<string[]> => {
    await world.elapse(400);
    return (raw.unread as Frame[])
      .splice(0)
      .map(String)
      .filter((frame) => frame.startsWith("42"));
  };
  const first = one.dial();
  first.transmit('40{"device":"d"}');
  await world.elapse(100);
  three.server.emit("n", "text");
  expect(await eventsOf(first)).toEqual(['42["n","text"]']);
  await one.kill();
  three.server.emit("n", 2);
  const second = two.dial();
  second.transmit('40{"device":"d"}');
  expect(await eventsOf(second)).toEqual(['42["n","text"]', '42["n",2]']);
  expect(world.faults).toEqual([]);
  await world.close();
});
