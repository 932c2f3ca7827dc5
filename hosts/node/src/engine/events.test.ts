// What an engine and its connections tell: packets, flushes, callbacks, and in which order.

import { describe, expect, test } from "vitest";
import { engineModule, journal, startEngine } from "../../test/running-engine.ts";
import { event, isControl, record } from "../../test/running-server.ts";
import type { WirePeer } from "../../test/wire.ts";

interface Packet {
  readonly type: string;
  readonly data?: unknown;
}

/** A packet as one word. */
function word({ type, data }: Packet): string {
  return data === undefined
    ? type
    : `${type}:${Buffer.isBuffer(data) ? `<${data.toString("hex")}>` : String(data)}`;
}

function show(name: string, [first, second]: readonly unknown[]): string {
  if (name === "packet" || name === "packetCreate") return word(first as Packet);
  if (name === "data" || name === "message") return word({ type: name, data: first });
  if (name === "flush") return ((second ?? first) as Packet[]).map(word).join(" ");
  return "";
}

/** The next frames of a peer. */
async function frames(peer: WirePeer, count: number): Promise<(string | Buffer)[]> {
  const list: (string | Buffer)[] = [];
  while (list.length < count) list.push(await peer.next());
  return list;
}

const OUT = ["packetCreate", "flush", "drain"];

describe("incoming", () => {
  test("EG20 packet, then data and message, for text and bytes", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const lines = journal({ conn }, ["packet", "data", "message", "heartbeat"], show);
    const last = event(conn, "data");
    peer.send("4hello");
    await last;
    const bytes = event(conn, "data");
    peer.send(Buffer.from([1, 2]));
    const [data] = await bytes;
    expect(Buffer.isBuffer(data)).toBe(true);
    const empty = event(conn, "packet");
    peer.send("4");
    await empty;
    expect(lines).toEqual([
      "conn packet message:hello",
      "conn data data:hello",
      "conn message message:hello",
      "conn packet message:<0102>",
      "conn data data:<0102>",
      "conn message message:<0102>",
      "conn packet message",
      "conn data data",
      "conn message message",
    ]);
  });

  test("EG20 of other packets only packet tells, and heartbeat of a pong", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const lines = journal({ conn }, ["packet", "data", "message", "heartbeat"], show);
    for (const frame of ["3", "6", "5", "0"]) peer.send(frame);
    const end = event(conn, "data");
    peer.send("4end");
    await end;
    expect(lines.slice(0, 5)).toEqual([
      "conn packet pong",
      "conn heartbeat",
      "conn packet noop",
      "conn packet upgrade",
      "conn packet open",
    ]);
  });

  test("EG20 a broken packet is told as one of type error, then the end", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const packets = record(conn, "packet");
    const closed = event(conn, "close");
    peer.send("9");
    expect((await closed)[0]).toBe("parse error");
    expect(packets).toEqual([[{ type: "error", data: "parser error" }]]);
  });

  test("EG20 a body of several packets", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const lines = journal({ conn }, ["packet", "data"], show);
    expect((await peer.post("4x\u001ebAQ==\u001e3")).text).toBe("ok");
    expect(lines).toEqual([
      "conn packet message:x",
      "conn data data:x",
      "conn packet message:<01>",
      "conn data data:<01>",
      "conn packet pong",
    ]);
  });

  test("EG21 the heartbeat: a ping is created, the pong is told", async () => {
    await using running = await startEngine({ pingInterval: 30 });
    const { conn, peer } = await running.overWebSocket();
    const [packet] = await event(conn, "packetCreate");
    expect(packet).toMatchObject({ type: "ping" });
    const heartbeat = event(conn, "heartbeat");
    peer.send("3");
    await heartbeat;
  });
});

describe("outgoing over a WebSocket", () => {
  test("EG22 packetCreate, flush and drain; what follows in the same turn waits in writeBuffer", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const { engine } = running;
    const lines = journal({ conn, engine }, OUT, show);
    const done = new Promise<void>((resolve) => {
      conn.send("a", {}, () => lines.push("callback a"));
      conn.send("b", {}, () => lines.push("callback b"));
      conn.send(Buffer.from([7]), { compress: false }, () => resolve());
    });
    const buffer = (conn as unknown as { writeBuffer: Packet[] }).writeBuffer;
    expect(buffer.map(word)).toEqual(["message:b", "message:<07>"]);
    expect(conn.transport.writable).toBe(false);
    await done;
    expect(lines).toEqual([
      "conn packetCreate message:a",
      "conn flush message:a",
      "engine flush message:a",
      "conn drain",
      "engine drain",
      "conn packetCreate message:b",
      "conn packetCreate message:<07>",
      "callback a",
      "conn flush message:b message:<07>",
      "engine flush message:b message:<07>",
      "conn drain",
      "engine drain",
      "callback b",
    ]);
    expect(await frames(peer, 3)).toEqual(["4a", "4b", Buffer.from([7])]);
  });

  test("EG22 a packet has its options", async () => {
    await using running = await startEngine();
    const { conn } = await running.overWebSocket();
    const created = record(conn, "packetCreate");
    conn.send("a");
    conn.send("b", { compress: false });
    expect(created).toEqual([
      [{ type: "message", data: "a", options: { compress: true } }],
      [{ type: "message", data: "b", options: { compress: false } }],
    ]);
  });

  test("EG23 the callback is given the transport", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const transport = await new Promise((resolve) => conn.send("a", {}, resolve));
    expect(transport).toBe(conn.transport);
    expect(transport).toBeInstanceOf(engineModule.Transport);
    // The callback may stand in the place of the options.
    const again = await new Promise((resolve) => conn.send("b", resolve as never));
    expect(again).toBe(conn.transport);
    expect(await peer.next()).toBe("4a");
  });

  test("EG23 callbacks are called in order, each once, and what they send follows", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    const called: number[] = [];
    await new Promise<void>((resolve) => {
      for (let n = 0; n < 3; n++) conn.send(`${n}`, {}, () => called.push(n));
      conn.send("3", {}, () => {
        called.push(3);
        conn.send("4", {}, () => resolve());
      });
    });
    expect(called).toEqual([0, 1, 2, 3]);
    expect(await frames(peer, 5)).toEqual(["40", "41", "42", "43", "44"]);
  });

  test("EG22 the engine tells of the packet that opens a connection", async () => {
    await using running = await startEngine();
    const { engine } = running;
    const lines = journal({ engine }, ["flush", "drain", "connection"], (name, args) =>
      name === "flush" ? (args[1] as Packet[]).map(({ type }) => type).join() : "",
    );
    const { conn } = await running.overWebSocket();
    expect(lines).toEqual(["engine flush open", "engine drain", "engine connection"]);
    const [, packets] = (await Promise.all([event(engine, "flush"), conn.send("a")]))[0] as [
      unknown,
      Packet[],
    ];
    expect(packets).toMatchObject([{ type: "message", data: "a" }]);
  });
});

describe("outgoing over polling", () => {
  test("EG24 what waits for a poll is in writeBuffer, and flushed with it", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const lines = journal({ conn, engine: running.engine }, OUT, show);
    conn.send("a", {}, () => lines.push("callback a"));
    conn.send("b", {}, () => lines.push("callback b"));
    expect((conn as unknown as { writeBuffer: Packet[] }).writeBuffer.map(word)).toEqual([
      "message:a",
      "message:b",
    ]);
    expect(conn.transport.writable).toBe(false);
    expect((await peer.poll()).text).toBe("4a\u001e4b");
    expect(lines).toEqual([
      "conn packetCreate message:a",
      "conn packetCreate message:b",
      "conn flush message:a message:b",
      "engine flush message:a message:b",
      "callback a",
      "callback b",
      "conn drain",
      "engine drain",
    ]);
  });

  test("EG24 a poll that waits takes it at once", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    const { answer } = await peer.heldPoll();
    expect(conn.transport.writable).toBe(true);
    const lines = journal({ conn }, OUT, show);
    await new Promise<void>((resolve) => conn.send("a", {}, () => resolve()));
    expect((await answer).text).toBe("4a");
    expect(lines.slice(0, 2)).toEqual(["conn packetCreate message:a", "conn flush message:a"]);
  });

  test("EG24 listeners that come later hear of what waits already", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    conn.send("a");
    const flushed = event(conn, "flush");
    expect((await peer.poll()).text).toBe("4a");
    expect(((await flushed)[0] as Packet[]).map(word)).toEqual(["message:a"]);
  });

  test("EG24 a callback is not called when the packet never left", async () => {
    await using running = await startEngine();
    const { conn } = await running.overPolling();
    const called: string[] = [];
    conn.send("a", {}, () => called.push("a"));
    const closed = event(conn, "close");
    conn.close(true);
    await closed;
    // Whatever is still to be called would be called by then.
    await new Promise(setImmediate);
    expect(called).toEqual([]);
  });
});

describe("what can be sent", () => {
  test.each<[string, unknown, string | Buffer]>([
    ["text", "utf8 — ☃", "4utf8 — ☃"],
    ["a number", 12, "412"],
    ["nothing", "", "4"],
    ["a Buffer", Buffer.from([1, 2]), Buffer.from([1, 2])],
    ["an ArrayBuffer", new Uint8Array([1, 2]).buffer, Buffer.from([1, 2])],
    ["a view", new Uint16Array([1, 2]).subarray(1), Buffer.from([2, 0])],
  ])("EG25 %s, over a WebSocket and by write()", async (_, data, frame) => {
    await using running = await startEngine();
    const { conn, peer } = await running.overWebSocket();
    expect(conn.send(data)).toBe(conn);
    expect(conn.write(data)).toBe(conn);
    expect(await frames(peer, 2)).toEqual([frame, frame]);
  });

  test("EG25 bytes over polling", async () => {
    await using running = await startEngine();
    const { conn, peer } = await running.overPolling();
    for (const data of [Buffer.from([1, 2]), new Uint8Array([3]).buffer, new Uint8Array([4])])
      conn.send(data);
    expect((await peer.poll()).text).toBe("bAQI=\u001ebAw==\u001ebBA==");
  });

  test("EG25 nothing after the end", async () => {
    await using running = await startEngine();
    const { conn } = await running.overWebSocket();
    const created = record(conn, "packetCreate");
    conn.close(true);
    conn.send("a");
    expect(created).toEqual([]);
  });
});

test("EG26 a connection has the members of engine.io's", async () => {
  await using running = await startEngine();
  const { conn, peer } = await running.overPolling("/engine.io/?EIO=4&transport=polling&key=value");
  const { id } = conn as unknown as { id: string };
  expect(conn).toBeInstanceOf(engineModule.Socket);
  expect(id).toMatch(/^[\w-]{20}$/);
  expect(peer.path).toContain(id);
  expect([conn.protocol, conn.readyState, conn.upgrading, conn.upgraded]).toEqual([
    4,
    "open",
    false,
    false,
  ]);
  expect(conn.remoteAddress).toMatch(/127\.0\.0\.1$/);
  expect(conn.request.url).toContain("key=value");
  expect((conn.request as unknown as { _query: object })._query).toEqual({
    ...{ EIO: "4", transport: "polling", key: "value" },
  });
  expect(conn.transport).toBe(conn.transport);
  expect(conn.transport).toBeInstanceOf(engineModule.Transport);
  expect([conn.transport.name, conn.transport.writable]).toEqual(["polling", false]);
  const { clients } = running.engine as unknown as { clients: Record<string, unknown> };
  expect(clients[id]).toBe(conn);
  expect(Object.keys(clients)).toEqual([id]);
  expect([id in clients, "x" in clients, running.engine.clientsCount]).toEqual([true, false, 1]);
  const seen: (number | string[])[] = [];
  conn.on("close", () => seen.push(running.engine.clientsCount, Object.keys(clients)));
  conn.close(true);
  expect(seen).toEqual([0, []]);
  expect(conn.readyState).toBe("closed");
  expect(conn.transport.name).toBe("polling");
});

test("EG27 what a listener throws is uncaught, and the connection goes on", async () => {
  await using running = await startEngine();
  const { conn, peer } = await running.overWebSocket();
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const thrown = event(process, "uncaughtException");
  conn.once("message", () => {
    throw new Error("mine");
  });
  peer.send("4a");
  expect(((await thrown)[0] as Error).message).toBe("mine");
  for (const listener of listeners) process.on("uncaughtException", listener);
  // Upstream it passes through the WebSocket's parser, which does not go on.
  if (isControl) return;
  const heard = event(conn, "message");
  peer.send("4b");
  expect(await heard).toEqual(["b"]);
});
