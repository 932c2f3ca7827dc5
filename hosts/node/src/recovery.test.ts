// Connection state recovery with real clients: Socket.IO's and ours, over each transport.

import { createServer } from "node:http";
import { io as openOurs } from "@sockeye/client";
import { io as openTheirs, type Socket } from "socket.io-client";
import { expect, test } from "vitest";
import {
  event,
  listen,
  type RunningServer,
  record,
  ServerUnderTest,
  startServer,
} from "../test/running-server.ts";

type Open = (url: string, options: object) => Socket;

const CLIENTS: readonly [string, Open][] = [
  ["socket.io-client", openTheirs as Open],
  ["@sockeye/client", openOurs as unknown as Open],
];

const TRANSPORTS: readonly [string, object][] = [
  ["polling", { transports: ["polling"] }],
  ["websocket", { transports: ["websocket"] }],
  ["upgrade", {}],
];

const CELLS = CLIENTS.flatMap(([client, open]) =>
  TRANSPORTS.map(([transport, options]) => ({ client, open, transport, options })),
);

// Time enough for what is sent to a client that is away.
const QUICK = { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 60 };

/** The client's connection breaks; it will come back. */
async function cut(client: Socket): Promise<void> {
  const left = event(client, "disconnect");
  client.io.engine.close();
  await left;
}

/** Everything a client hears, with `connect` among it. */
function diary(client: Socket): string[] {
  const heard: string[] = [];
  client.onAny((name: string) => void heard.push(name));
  client.on("connect", () => void heard.push(client.recovered ? "recovered" : "new"));
  return heard;
}

async function recovering(options: object = {}): Promise<RunningServer> {
  return await startServer({ connectionStateRecovery: {}, ...options });
}

test.each(CELLS)(
  "RE3 and RE4 $client over $transport recovers, first without an offset and then with one",
  async ({ open, options }) => {
    await using server = await recovering();
    const joined = server.joined();
    const client = open(server.url, { ...QUICK, ...options });
    const heard = diary(client);
    const socket = await joined;
    if (!client.connected) await event(client, "connect");
    const { id } = client;
    Object.assign(socket.data as object, { name: "ann" });
    void socket.join("room");
    for (const round of ["first", "second"]) {
      heard.length = 0;
      const gone = event(server.io.sockets.sockets.get(id as string), "disconnect");
      const back = server.joined();
      const connected = event(client, "connect");
      const cutting = cut(client);
      await gone;
      server.io.emit(`${round} to all`, Buffer.from([1]));
      server.io.to("room").emit(`${round} to room`);
      server.io.to("other").emit("no");
      await cutting;
      await connected;
      const again = await back;
      expect(heard).toEqual([`${round} to all`, `${round} to room`, "recovered"]);
      expect([again.recovered, again.id, again.data]).toEqual([true, id, { name: "ann" }]);
      server.io.to("room").emit("live", round);
      expect((await event(client, "live"))[0]).toBe(round);
    }
    client.disconnect();
  },
);

test.each(CLIENTS)(
  "RE12 %s brings back all its namespaces over one connection",
  async (_name, open) => {
    await using server = await recovering();
    server.io.of("/a");
    const client = open(server.url, { ...QUICK, transports: ["websocket"] });
    const other = client.io.socket("/a", {}) as unknown as Socket;
    const both = [client, other];
    await Promise.all(both.map((each) => event(each, "connect")));
    const ids = both.map(({ id }) => id);
    const heard = both.map(diary);
    const gone = event(server.io.of("/a").sockets.get(other.id as string), "disconnect");
    const connected = both.map((each) => event(each, "connect"));
    const cutting = cut(client);
    await gone;
    server.io.emit("main");
    server.io.of("/a").emit("a");
    await cutting;
    await Promise.all(connected);
    expect(heard).toEqual([
      ["main", "recovered"],
      ["a", "recovered"],
    ]);
    expect(both.map(({ id }) => id)).toEqual(ids);
    expect(server.io.engine.clientsCount).toBe(1);
    client.disconnect();
    other.disconnect();
  },
);

test.each(CLIENTS)(
  "RE16 %s starts anew after the server was closed, and recovers on the one attached again",
  async (_name, open) => {
    await using server = await recovering();
    const { port } = server;
    const client = open(server.url, { ...QUICK, transports: ["websocket"] });
    await event(client, "connect");
    server.io.emit("x");
    await event(client, "x");
    const heard = diary(client);
    await server.io.close();
    const http = createServer();
    const back = event(client, "connect");
    server.io.attach(http);
    await listen(http, port);
    await back;
    expect(heard).toEqual(["new"]);
    // The client still names the offset that it got before.
    const gone = event(server.io.sockets.sockets.get(client.id as string), "disconnect");
    const connected = event(client, "connect");
    const cutting = cut(client);
    await gone;
    server.io.emit("missed");
    await cutting;
    await connected;
    expect(heard).toEqual(["new", "missed", "recovered"]);
    client.disconnect();
    http.closeAllConnections();
  },
);

test("RE7 a client that disconnects on purpose starts anew", async () => {
  for (const [name, open] of CLIENTS) {
    await using server = await recovering();
    const client = open(server.url, { ...QUICK, transports: ["websocket"] });
    await event(client, "connect");
    const { id } = client;
    const heard = record(client, "x");
    const gone = event(server.io.sockets.sockets.get(id as string), "disconnect");
    client.disconnect();
    expect((await gone)[0], name).toBe("client namespace disconnect");
    server.io.emit("x");
    client.connect();
    await event(client, "connect");
    expect([client.recovered, client.id === id, heard], name).toEqual([false, false, []]);
    client.disconnect();
  }
});

test("RE16 what is kept keeps no process alive", async () => {
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const io = new ServerUnderTest({ connectionStateRecovery: {} });
  const before = timers();
  io.emit("x");
  expect(timers()).toBe(before);
  await io.close();
});
