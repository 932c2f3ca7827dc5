// Upgrades of an engine's connections, peer by peer and with the client of Engine.IO.

import type { Socket } from "engine.io";
import { Socket as Client, type SocketOptions } from "engine.io-client";
import { afterEach, describe, expect, test } from "vitest";
import {
  engineModule,
  journal,
  type RunningEngine,
  startEngine,
} from "../../test/running-engine.ts";
import { event, record } from "../../test/running-server.ts";

const clients: Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function open(running: RunningEngine, options: Partial<SocketOptions> = {}): Client {
  const client = new Client(`ws://127.0.0.1:${running.port}`, options as SocketOptions);
  client.on("error", () => {});
  clients.push(client);
  return client;
}

/** A client and its connection. */
async function pair(
  running: RunningEngine,
  options: Partial<SocketOptions> = {},
): Promise<{ client: Client; conn: Socket }> {
  const connected = running.connected();
  const client = open(running, options);
  const opened = event(client, "open");
  const conn = await connected;
  await opened;
  return { client, conn };
}

describe("peer by peer", () => {
  test("EG50 upgrading when the probe is answered, upgrade when it is over", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const { id } = conn as unknown as { id: string };
    const lines = journal({ conn }, ["upgrading", "upgrade", "packet", "close"], (name, [first]) =>
      name === "packet" ? (first as { type: string }).type : (first as { name: string }).name,
    );
    const transports = [record(conn, "upgrading"), record(conn, "upgrade")];
    const { answer } = await peer.heldPoll();
    const candidate = await running.candidate(id);
    const upgrading = event(conn, "upgrading");
    candidate.send("2probe");
    expect(await candidate.next()).toBe("3probe");
    await upgrading;
    expect([conn.upgrading, conn.upgraded, conn.transport.name]).toEqual([true, false, "polling"]);
    expect((await answer).text).toBe("6");
    const upgraded = event(conn, "upgrade");
    candidate.send("5");
    await upgraded;
    expect([conn.upgrading, conn.upgraded, conn.transport.name]).toEqual([
      false,
      true,
      "websocket",
    ]);
    expect(lines).toEqual(["conn upgrading websocket", "conn upgrade websocket"]);
    expect(transports[0]?.[0]?.[0]).toBe(conn.transport);
    expect(transports[1]?.[0]?.[0]).toBe(conn.transport);
    expect(conn.transport).toBeInstanceOf(engineModule.Transport);
    expect(conn.request.url).toContain("transport=polling");
    const heard = event(conn, "data");
    candidate.send("4hello");
    expect(await heard).toEqual(["hello"]);
    expect((await peer.poll()).text).toBe('{"code":3,"message":"Bad request"}');
  });

  test("EG51 what was sent during the upgrade leaves over the new transport, after it is told", async () => {
    await using running = await startEngine();
    const { conn } = await running.overPolling();
    const lines = journal({ conn }, ["upgrade", "flush", "drain"]);
    const candidate = await running.candidate((conn as unknown as { id: string }).id);
    candidate.send("2probe");
    await candidate.next();
    const sent = new Promise<void>((resolve) => {
      conn.send("a");
      conn.send("b", {}, () => {
        lines.push("callback");
        resolve();
      });
    });
    candidate.send("5");
    expect([await candidate.next(), await candidate.next()]).toEqual(["4a", "4b"]);
    await sent;
    expect(lines).toEqual(["conn upgrade", "conn flush", "conn drain", "callback"]);
  });

  test("EG52 allowUpgrades: false offers none, and takes one all the same", async () => {
    await using running = await startEngine({ allowUpgrades: false });
    const { conn } = await running.overPolling();
    const upgraded = event(conn, "upgrade");
    const candidate = await running.candidate((conn as unknown as { id: string }).id);
    candidate.send("2probe");
    expect(await candidate.next()).toBe("3probe");
    candidate.send("5");
    await upgraded;
    expect(conn.transport.name).toBe("websocket");
  });

  test("EG53 a candidate for a session that is on a WebSocket, or has one already, is closed", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const { id } = conn as unknown as { id: string };
    const late = await running.candidate(id);
    late.send("2probe");
    // Upstream takes it on trial, because the session never was upgraded; what counts is that it goes on.
    late.close();
    const heard = event(conn, "data");
    peer.send("4still here");
    expect(await heard).toEqual(["still here"]);

    const two = await running.overPolling();
    const sid = (two.conn as unknown as { id: string }).id;
    const first = await running.candidate(sid);
    first.send("2probe");
    await first.next();
    const second = await running.candidate(sid);
    expect(await second.closed).toBe(1005);
    first.send("5");
    await event(two.conn, "upgrade");
  });

  test("EG54 a candidate that breaks a rule or leaves does no harm", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const { id } = conn as unknown as { id: string };
    const wrong = await running.candidate(id);
    wrong.send("4hello");
    expect(await wrong.closed).toBe(1005);
    const gone = await running.candidate(id);
    gone.close();
    await gone.closed;
    conn.send("a");
    expect((await peer.poll()).text).toBe("4a");
    expect([conn.readyState, conn.upgraded, conn.transport.name]).toEqual([
      "open",
      false,
      "polling",
    ]);
  });

  test("EG55 a trial takes upgradeTimeout at most", async () => {
    await using running = await startEngine({ upgradeTimeout: 30 });
    const { conn } = await running.overPolling();
    const candidate = await running.candidate((conn as unknown as { id: string }).id);
    expect(await candidate.closed).toBe(1005);
    expect([conn.readyState, conn.upgrading]).toEqual(["open", false]);
  });

  test("EG56 a connection that ends during a trial takes the candidate along", async () => {
    await using running = await startEngine();
    const { conn } = await running.overPolling();
    const candidate = await running.candidate((conn as unknown as { id: string }).id);
    candidate.send("2probe");
    await candidate.next();
    const closed = event(conn, "close");
    conn.close(true);
    expect((await closed)[0]).toBe("forced close");
    expect(await candidate.closed).toBe(1005);
  });
});

const MODES: readonly [string, Partial<SocketOptions>][] = [
  ["polling", { transports: ["polling"] }],
  ["websocket", { transports: ["websocket"] }],
  ["upgrade", {}],
];

describe.each(MODES)("with the client of Engine.IO, %s", (mode, options) => {
  test("EG57 text and bytes both ways, in order", async () => {
    await using running = await startEngine();
    const { client, conn } = await pair(running, options);
    client.binaryType = "nodebuffer";
    if (mode === "upgrade") await event(client, "upgrade");
    conn.on("data", (data) => conn.send(data));
    const sent = [
      "hello",
      "utf8 — ☃",
      Buffer.from([1, 2, 3]),
      "",
      Buffer.alloc(70_000, 7),
      "x".repeat(70_000),
      "end",
    ];
    const echoed = new Promise<unknown[]>((resolve) => {
      const seen: unknown[] = [];
      client.on("message", (data) => {
        if (seen.push(data) === sent.length) resolve(seen);
      });
    });
    for (const data of sent) client.send(data);
    // An empty message has no data at all.
    expect((await echoed).map((data) => data ?? "")).toEqual(sent);
    expect(conn.transport.name).toBe(mode === "polling" ? "polling" : "websocket");
    expect(conn.upgraded).toBe(mode === "upgrade");
  });

  test("EG57 the server's close reaches the client, and the client's the server", async () => {
    await using running = await startEngine();
    const one = await pair(running, options);
    const closed = event(one.client, "close");
    one.conn.close();
    expect((await closed)[0]).toBe("transport close");
    const two = await pair(running, options);
    const ended = event(two.conn, "close");
    two.client.close();
    expect((await ended)[0]).toBe("transport close");
  });

  test("EG57 a thousand messages while it upgrades come in order", async () => {
    await using running = await startEngine();
    const { client, conn } = await pair(running, options);
    const seen: string[] = [];
    const all = new Promise<void>((resolve) => {
      client.on("message", (data) => {
        if (seen.push(String(data)) === 1000) resolve();
      });
    });
    for (let n = 0; n < 1000; n++) {
      conn.send(String(n));
      if (n % 50 === 0) await new Promise(setImmediate);
    }
    await all;
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)));
  });

  test("EG57 heartbeats keep it open", async () => {
    await using running = await startEngine({ pingInterval: 15, pingTimeout: 1000 });
    const { client, conn } = await pair(running, options);
    for (let n = 0; n < 3; n++) await event(conn, "heartbeat");
    expect([conn.readyState, client.readyState]).toEqual(["open", "open"]);
  });
});

test("EG58 compressed messages, over both transports", async () => {
  await using running = await startEngine({
    perMessageDeflate: { threshold: 0 },
    httpCompression: { threshold: 0 },
  });
  for (const [, options] of MODES) {
    const { client, conn } = await pair(running, {
      ...options,
      perMessageDeflate: { threshold: 0 },
    });
    const heard = event(client, "message");
    conn.send("x".repeat(5000), { compress: true });
    expect(await heard).toEqual(["x".repeat(5000)]);
    const back = event(conn, "data");
    client.send("y".repeat(5000));
    expect(await back).toEqual(["y".repeat(5000)]);
  }
});
