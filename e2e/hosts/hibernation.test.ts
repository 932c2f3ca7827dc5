// A server in a Durable Object that loses its memory: workerd evicts an object ten seconds after its last event, and its
// WebSockets stay. A crash takes them along. `npm run workers:idle` is the same with a thousand clients.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { io as ours } from "@sockeye/client";
import { io as stock } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Inbox } from "../kit/inbox.ts";
import { openWebSocket } from "../kit/raw-websocket.ts";
import { workerd } from "./runtimes.ts";
import { Workerd } from "./workers/workerd.mjs";

/** The deadline of an upgrade, whose timer keeps the object in memory, and the ten seconds of workerd. */
const EVICTION_MS = 22_000;
const PACKETS = 40;

interface Counts {
  readonly counts: Readonly<Record<string, number>>;
  readonly sockets: Readonly<Record<"connected" | "adopted" | "middleware" | "lost", number>>;
}

/** What is used of either client. */
interface Client {
  readonly recovered: boolean;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  emit(event: string, ...args: unknown[]): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
  close(): unknown;
}

interface Joined {
  readonly client: Client;
  readonly id: unknown;
  readonly inbox: Inbox;
}

describe.skipIf(workerd.path === undefined)("a server in a Durable Object", () => {
  let runtime: Workerd;
  let site = "";
  let pinged = "";
  const clients: Client[] = [];
  beforeAll(async () => {
    const file = join(import.meta.dirname, "workers/hibernation-object.mjs");
    const classes = { OBJECTS: "ServerObject", PINGED: "PingedObject" };
    runtime = await Workerd.start(file, { entrypoints: ["site", "pinged"], classes });
    site = `http://127.0.0.1:${await runtime.portOf("site")}`;
    pinged = `http://127.0.0.1:${await runtime.portOf("pinged")}`;
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await runtime?.stop();
  });

  const port = () => Number(new URL(site).port);
  const read = async () => JSON.parse(await runtime.text("/counts")) as Counts;

  async function joined(client: Client, room: string, name: string): Promise<Joined> {
    clients.push(client);
    const inbox = new Inbox(name);
    client.on("said", (text: string) => inbox.push("said", text));
    client.on("question", (answer: (text: string) => void) => answer(name));
    const id = await client.emitWithAck("join", room, name);
    client.on("connect", () => inbox.push("connect", client.recovered));
    return { client, id, inbox };
  }

  const settings = { forceNew: true, reconnectionDelay: 50, randomizationFactor: 0 };
  const both = async (room: string) => [
    await joined(stock(site, { ...settings, transports: ["websocket"] }), room, "stock"),
    await joined(ours(site, settings) as Client, room, "ours"),
  ];

  test("WK1, WK2 is evicted in the middle of a conversation", { timeout: 60_000 }, async () => {
    const third = stock(pinged, { ...settings, transports: ["websocket"] });
    const pings = new Inbox("the client that is pinged");
    third.io.on("ping", () => pings.push("ping"));
    third.on("disconnect", (reason) => pings.push("disconnect", reason));
    await joined(third, "evicted", "third");
    using mute = openWebSocket(
      Number(new URL(pinged).port),
      "/socket.io/?EIO=4&transport=websocket",
      {},
    );
    await mute.text();
    mute.send("40");

    const two = await both("evicted");
    const [first] = two;
    first?.client.emit("say", "evicted", "before");
    for (const { inbox } of two) expect((await inbox.take("said"))[0]).toBe("before");
    // No client knows of it.
    await runtime.text("/join");
    const before = await read();
    // Nothing tells of an eviction, and asking would wake the object.
    await sleep(EVICTION_MS);
    expect((await read()).counts).toEqual(before.counts);

    for (const { client, id, inbox } of two) {
      const name = inbox === first?.inbox ? "stock" : "ours";
      const expected = { id, adopted: true, data: { name }, rooms: ["evicted", "quietly"] };
      expect(await client.emitWithAck("who")).toEqual(expected);
      expect(await client.emitWithAck("ask")).toBe(name);
      client.emit("say", "evicted", `after ${name}`);
    }
    for (const { inbox } of two) {
      const texts = (await inbox.takeMany("said", 2)).map(([text]) => text);
      expect(texts).toEqual(["after stock", "after ours"]);
      expect(inbox.kept("connect")).toEqual([]);
    }
    const { counts, sockets } = await read();
    expect(counts["constructed"]).toBe(2);
    expect(sockets).toEqual({ ...before.sockets, adopted: 2 });

    // The alarm has woken the other object, once for both of its clients, and one of them has not answered.
    await pings.take("ping");
    await mute.closeCode();
    const other = JSON.parse(await (await fetch(`${pinged}/counts`)).text()) as Counts;
    expect(other.counts).toMatchObject({ constructed: 2, alarm: 1 });
    expect(other.sockets).toMatchObject({ connected: 2, adopted: 2, lost: 1 });
    expect(pings.kept("disconnect")).toEqual([]);
  });

  test("WK5 leaves WebSockets of the application to it", async () => {
    using own = openWebSocket(port(), "/own", {});
    await own.inbox.take("open");
    own.send("hello");
    expect(await own.text()).toBe("own hello");
  });

  test("WK6 answers pings of clients of revision 3 without the object", async () => {
    using client = openWebSocket(port(), "/socket.io/?EIO=3&transport=websocket", {});
    expect(await client.text()).toMatch(/^0\{/);
    expect(await client.text()).toBe("40");
    const { counts } = await read();
    client.send("2");
    expect(await client.text()).toBe("3");
    expect((await read()).counts).toEqual(counts);
  });

  test("WK3, WK4 crashes in the middle of a conversation", { timeout: 60_000 }, async () => {
    const two = await both("crashed");
    const before = await read();
    const sent = Array.from({ length: PACKETS }, (_, at) => `packet ${at}`);
    for (const [at, text] of sent.entries()) {
      if (at === PACKETS / 2) await runtime.text("/crash").catch(() => "crashed");
      await runtime.text(`/say?room=crashed&text=${text}`);
    }
    for (const { client, id, inbox } of two) {
      expect((await inbox.takeMany("said", PACKETS)).map(([text]) => text)).toEqual(sent);
      expect(await inbox.take("connect")).toEqual([true]);
      expect(await client.emitWithAck("who")).toMatchObject({ id, rooms: ["crashed"] });
      expect(inbox.kept("said")).toEqual([]);
    }
    const { sockets } = await read();
    // Those of the first test went as well, but for the one of the other object.
    expect(sockets.lost - before.sockets.lost).toBe(clients.length - 1);
  });
});
