// What becomes of events for a client that does not read, by policy and by key.

import type { MemorySocket } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "../api/socket.ts";
import { type CoreOptions, coreOptionRules } from "../base/options.ts";

const HEARTBEAT = { pingInterval: 1e9, pingTimeout: 1e9 };

interface Started {
  readonly server: MemoryServer;
  readonly socket: Socket;
  readonly raw: MemorySocket;
  /** What was dropped, as `reason event argument`. */
  readonly dropped: string[];
}

/** A client that does not read; more than the transport is to take waits for it already. */
async function slow(options: Record<string, unknown>, limit = 1000): Promise<Started> {
  const server = new MemoryServer(options as Partial<CoreOptions>, {
    ...HEARTBEAT,
    maxSendBufferSize: limit,
  });
  const dropped: string[] = [];
  server.diagnostics.core.packetDropped.subscribe(({ packet, reason }) => {
    const [event, value] = packet.data as unknown[];
    dropped.push(`${reason} ${String(event)} ${String(value).slice(0, 3)}`);
  });
  const connected = new Promise<Socket>((resolve) => server.on("connection", resolve));
  const raw = await server.join();
  const socket = await connected;
  raw.pause();
  socket.emit("first", "x".repeat(limit / 2));
  return { server, socket, raw, dropped };
}

function read({ raw, server }: Started): string[] {
  raw.resume();
  for (let turn = 0; turn < 10; turn++) server.clock.advance(1);
  return raw.unread.map((frame) => String(frame).slice(0, 12)).slice(1);
}

function emit({ socket }: Started, count: number, event = "n"): void {
  for (let at = 0; at < count; at++) socket.emit(event, `${at}`.padEnd(90, "."));
}

describe("policies of the option", () => {
  test("BP11 drop-oldest: what waited longest gives way", async () => {
    const started = await slow({ slowConsumer: "drop-oldest" });
    emit(started, 8);
    expect(started.dropped).toEqual([
      "drop-oldest n 0..",
      "drop-oldest n 1..",
      "drop-oldest n 2..",
      "drop-oldest n 3..",
    ]);
    expect(started.socket.bufferedAmount).toBeLessThanOrEqual(1000);
    expect(read(started)).toEqual(['42["n","4...', '42["n","5...', '42["n","6...', '42["n","7...']);
    expect([started.socket.connected, started.socket.bufferedAmount]).toEqual([true, 0]);
  });

  test("BP12 drop-newest: what is sent last is lost", async () => {
    const started = await slow({ slowConsumer: { default: "drop-newest" } });
    emit(started, 6);
    expect(started.dropped).toEqual(["drop-newest n 4..", "drop-newest n 5.."]);
    expect(read(started)).toEqual(['42["n","0...', '42["n","1...', '42["n","2...', '42["n","3...']);
  });

  test("BP13 latest: one of each name waits, in the place of its last", async () => {
    const started = await slow({ slowConsumer: { events: { a: "latest", b: "latest" } } });
    emit(started, 3, "a");
    emit(started, 1, "b");
    emit(started, 2, "a");
    expect(read(started)).toEqual(['42["b","0...', '42["a","1...']);
    expect(started.dropped).toHaveLength(4);
  });

  test("BP14 volatile: nothing of it waits", async () => {
    const started = await slow({ slowConsumer: { events: { v: "volatile" } } });
    emit(started, 1, "v");
    emit(started, 1);
    expect(started.dropped).toEqual(["volatile v 0.."]);
    expect(read(started)).toEqual(['42["n","0...']);
  });

  test("BP15 close: nothing is lost below the limit, and beyond it the client is disconnected", async () => {
    const started = await slow({
      slowConsumer: { default: "close", events: { d: "drop-oldest" } },
    });
    const ended: unknown[] = [];
    const hits: unknown[] = [];
    const { server, socket } = started;
    server.diagnostics.engine.limitHit.subscribe(({ limit, value }) => hits.push([limit, value]));
    socket.on("disconnect", (reason: string, details: Error) =>
      ended.push(reason, details.message),
    );
    emit(started, 2, "d");
    emit(started, 4);
    // What may be dropped gives way to what may not.
    expect([started.dropped, socket.connected]).toEqual([
      ["drop-oldest d 0..", "drop-oldest d 1.."],
      true,
    ]);
    emit(started, 2);
    server.clock.advance(1);
    expect(ended[0]).toBe("slow consumer");
    expect(ended[1]).toMatch(
      /^the client does not read: \d+ bytes wait for it, maxSendBufferSize is 1000$/,
    );
    expect(hits).toEqual([["maxSendBufferSize", 1000]]);
    expect(started.raw.queuedBytes).toBe(0);
  });

  test("BP15 events that expect an acknowledgement, and what is no event, are not dropped", async () => {
    const started = await slow({ slowConsumer: "drop-newest" });
    emit(started, 3);
    started.socket.emit("asked", "y".repeat(200), () => {});
    emit(started, 2);
    started.socket.disconnect();
    expect(read(started)).toEqual(['42["n","1...', '42["n","2...', '420["asked",', "41"]);
  });
});

test("BP16 maxSendBufferPackets: with the policy close the client is disconnected, and told apart by name", async () => {
  const started = await slow({ maxSendBufferPackets: 3 }, 10_000);
  const ended = new Promise<string[]>((resolve) =>
    started.socket.on("disconnect", (reason: string, details: Error) =>
      resolve([reason, details.message]),
    ),
  );
  emit(started, 3);
  started.server.clock.advance(1);
  expect(started.socket.connected).toBe(true);
  emit(started, 1);
  started.server.clock.advance(1);
  expect(await ended).toEqual([
    "slow consumer",
    "the client does not read: 4 packets wait for it, maxSendBufferPackets is 3",
  ]);
});

test("BP16 maxSendBufferPackets with drop-oldest, and attachments go with their packet", async () => {
  const started = await slow({ maxSendBufferPackets: 2, slowConsumer: "drop-oldest" }, 10_000);
  for (let at = 0; at < 4; at++) started.socket.emit("b", new Uint8Array([at]));
  started.raw.resume();
  for (let turn = 0; turn < 5; turn++) started.server.clock.advance(1);
  const bytes = started.raw.unread.filter((frame) => typeof frame !== "string");
  expect(bytes.map(([first]) => first)).toEqual([2, 3]);
  expect(started.raw.unread).toHaveLength(5);
});

describe("latest", () => {
  test("BP13 by key, without an option, alone and in broadcasts; the rest keeps its order", async () => {
    const started = await slow({}, 1e6);
    const { server, socket } = started;
    socket.latest("c").emit("c", 1);
    server.latest("d").emit("d", 1);
    socket.emit("plain");
    server.to(socket.id).latest("c").emit("c", 2);
    socket.latest("d").emit("d", 2);
    expect(started.dropped).toEqual(["latest c 1", "latest d 1"]);
    expect(read(started)).toEqual(['42["plain"]', '42["c",2]', '42["d",2]']);
    socket.latest("c").emit("c", 3);
    expect(started.raw.unread.at(-1)).toBe('42["c",3]');
  });

  test("BP13 keys of two namespaces are two keys", async () => {
    const server = new MemoryServer({}, HEARTBEAT);
    server.of("/other");
    const raw = await server.join("/", "/other");
    raw.pause();
    server.emit("x");
    server.latest("k").emit("a");
    server.of("/other").latest("k").emit("a");
    raw.resume();
    server.clock.advance(1);
    expect(raw.unread).toEqual(['42["x"]', '42["a"]', '42/other,["a"]']);
  });
});

test("BP17 a connection that is closed in order sends what waits", async () => {
  const started = await slow({ slowConsumer: "drop-oldest" });
  emit(started, 2);
  started.socket.disconnect(true);
  expect(read(started)).toEqual(['42["n","0...', '42["n","1...', "41"]);
});

describe("drained", () => {
  test("BP21 resolves when everything has left, at once if it has, and what waits in the server counts", async () => {
    const started = await slow({ slowConsumer: "drop-oldest" });
    const { server, socket } = started;
    emit(started, 2);
    let isDrained = false;
    const drained = socket.drained().then(() => {
      isDrained = true;
    });
    server.clock.advance(1);
    await Promise.resolve();
    expect([isDrained, socket.bufferedAmount > 600]).toEqual([false, true]);
    read(started);
    await drained;
    expect(socket.bufferedAmount).toBe(0);
    const again = socket.drained();
    server.clock.advance(1);
    await again;
  });

  test("BP21 rejects when the connection ends, and after it", async () => {
    const { raw, socket } = await slow({});
    const refused = expect(socket.drained()).rejects.toMatchObject({ code: "ERR_DISCONNECTED" });
    raw.leave();
    await refused;
    await expect(socket.drained()).rejects.toMatchObject({ code: "ERR_DISCONNECTED" });
  });
});

test.each([
  ["sometimes", "slowConsumer must be one of close, drop-oldest, drop-newest, latest, volatile"],
  [{ default: "never" }, "slowConsumer has policies other than close"],
  [{ events: { a: 5 } }, "slowConsumer has policies other than close"],
  [[], "slowConsumer must be one of close"],
])("BP10 %j is refused", (value, text) => {
  const problem = coreOptionRules.slowConsumer.check(value);
  expect(`slowConsumer ${problem}`).toContain(text);
});
