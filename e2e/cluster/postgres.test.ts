// The bus over a real PostgreSQL: its conformance cases, and what it does when PostgreSQL restarts.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { createAdapter, Emitter } from "@sockeye/postgres";
import { type BusHost, BusListener, busCases, runBusCase } from "@sockeye/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseOf } from "../../adapters/postgres/src/databases.ts";
import { Line } from "../../adapters/postgres/src/line.ts";
import { resolvePostgresOptions } from "../../adapters/postgres/src/options.ts";
import { PostgresBus } from "../../adapters/postgres/src/postgres-bus.ts";
import { PostgresServer } from "./postgres-server.ts";
import { postgresClient } from "./programs/adapters.mjs";

let postgres: PostgresServer | null = null;

beforeAll(async () => {
  if (PostgresServer.isThere) postgres = await PostgresServer.start();
});

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

let keys = 0;

const connect = async (client: string) => {
  const made = await postgresClient({ kind: "", client, url: postgres?.url ?? "" });
  return { database: databaseOf(made.client), end: made.end };
};

const hostOf = (client: string): BusHost => ({
  name: client,
  async start() {
    const { database, end } = await connect(client);
    keys += 1;
    const settings = resolvePostgresOptions({ key: `bus ${keys}` });
    const buses: PostgresBus[] = [];
    return {
      makeBus() {
        const bus = new PostgresBus(new Line(database), settings);
        buses.push(bus);
        return bus;
      },
      async [Symbol.asyncDispose]() {
        for (const bus of buses) bus.close();
        await end();
      },
    };
  },
});

const noServer = "there is no PostgreSQL on this machine";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(["pg", "postgres"])("bus, %s", (client) => {
  const host = hostOf(client);

  for (const one of busCases) {
    test(`${one.id} ${one.title}`, async ({ skip }) => {
      if (postgres === null) skip(noServer);
      await runBusCase(host, one);
    });
  }

  test("BU1 long messages, which go through the table, keep their place between short ones", async ({
    skip,
  }) => {
    if (postgres === null) skip(noServer);
    await using context = await host.start();
    const [one, two] = [context.makeBus(), context.makeBus()];
    const listener = new BusListener();
    await one.open(new BusListener());
    await two.open(listener);
    const sent = Array.from({ length: 60 }, (_, index) =>
      `${index} `.padEnd(index % 3 === 0 ? 20_000 : 10, "x"),
    );
    await Promise.all(sent.map((each) => one.publish(bytes(each))));
    const heard: string[] = [];
    while (heard.length < sent.length) heard.push(await listener.text());
    expect(heard).toEqual(sent);
  });

  test("BU7 a bus that is subscribed again while messages come loses none of them", async ({
    skip,
  }) => {
    if (postgres === null) return skip(noServer);
    // Each over a client of its own, as in two processes.
    const made = await Promise.all([connect(client), connect(client)]);
    const settings = resolvePostgresOptions({ key: `healing ${client}` });
    const [one, two] = made.map(
      ({ database }) => new PostgresBus(new Line(database), settings),
    ) as [PostgresBus, PostgresBus];
    const listener = new BusListener();
    await one.open(new BusListener());
    await two.open(listener);
    let isOver = false;
    const heal = async (): Promise<void> => {
      for (let times = 0; times < 10; times++) await two.heal();
      isOver = true;
    };
    const healed = heal();
    const sent: string[] = [];
    while (!isOver || sent.length < 50) {
      sent.push(String(sent.length));
      await one.publish(bytes(sent.at(-1) ?? ""));
    }
    await healed;
    const heard: string[] = [];
    while (heard.at(-1) !== sent.at(-1)) heard.push(await listener.text());
    expect(heard).toEqual(sent);
    for (const bus of [one, two]) bus.close();
    for (const { end } of made) await end();
  });

  test("CN16 while PostgreSQL restarts messages are refused; then the bus goes on, and no process ends", async ({
    skip,
  }) => {
    if (postgres === null) return skip(noServer);
    await using context = await host.start();
    const [one, two] = [context.makeBus(), context.makeBus()];
    const [first, second] = [new BusListener(), new BusListener()];
    await one.open(first);
    await two.open(second);
    await postgres.kill();
    const down = [["down"], ["down"]];
    await expect.poll(() => [first.states, second.states], { timeout: 5000 }).toEqual(down);
    await expect(one.publish(bytes("lost"))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
    await postgres.resume();
    const up = ["down", "up"];
    await expect.poll(() => [first.states, second.states], { timeout: 10_000 }).toEqual([up, up]);
    await one.publish(bytes("after"));
    expect(await second.text()).toBe("after");
  });

  test("CN5 a message in the table is deleted when its time is up", async ({ skip }) => {
    if (postgres === null) return skip(noServer);
    const { database, end } = await connect(client);
    const tableName = `short_lived_${client}`;
    const settings = resolvePostgresOptions({ tableName, messageTimeout: 60_000 });
    const [one, two] = [1, 2].map(() => new PostgresBus(new Line(database), settings)) as [
      PostgresBus,
      PostgresBus,
    ];
    for (const bus of [one, two]) await bus.open(new BusListener());
    const count = async (): Promise<number> =>
      (await database.query(`SELECT id FROM ${tableName}`)).length;
    await one.publish(new Uint8Array(9000));
    await one.publish(new Uint8Array(9000));
    expect(await count()).toBe(2);
    await database.query(`UPDATE ${tableName} SET at = at - interval '61 s'`);
    await two.publish(new Uint8Array(9000));
    expect(await count()).toBe(1);
    for (const bus of [one, two]) bus.close();
    await end();
  });

  test("CA13 an emitter that is no server reaches the clients of all, with messages of any length, in order", async ({
    skip,
  }) => {
    if (postgres === null) return skip(noServer);
    const made = await postgresClient({ kind: "", client, url: postgres.url });
    const options = { key: `emitter ${client}` };
    const server = new Server(0, { adapter: createAdapter(made.client, options) });
    await once(server.httpServer, "listening");
    const { port } = server.httpServer.address() as AddressInfo;
    const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
    const heard: unknown[] = [];
    socket.on("news", (value: string) => heard.push(value.length));
    await once(socket as never, "connect");
    await expect.poll(() => server.of("/").adapter.serverCount()).toBe(1);
    const emitter = new Emitter(made.client, options);
    const sizes = [1, 20_000, 2, 30_000, 3];
    // Until the server listens, PostgreSQL notifies nobody.
    await server.emitWithOutcome("opened");
    await Promise.all(sizes.map((size) => emitter.emit("news", "x".repeat(size))));
    await expect.poll(() => heard).toEqual(sizes);
    expect(() => emitter.emit("x", () => {})).toThrow("Acknowledgements are not supported");
    socket.disconnect();
    await server.close();
    await made.end();
  });

  test("CN12 a message longer than the bus takes is refused with its own error", async ({
    skip,
  }) => {
    if (postgres === null) skip(noServer);
    await using context = await host.start();
    const bus = context.makeBus();
    await bus.open(new BusListener());
    const { maxPayload } = bus;
    await expect(bus.publish(new Uint8Array(maxPayload + 1))).rejects.toMatchObject({
      code: "ERR_CLUSTER_PAYLOAD",
    });
  });
});
