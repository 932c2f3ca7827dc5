// Each point of the core, fired by what its row says.

import { Adapter, type Missed, type Session } from "@sockeye/adapter";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";
import { type CorePayloads, coreDiagnosticsRows } from "../base/diagnostics.ts";

type PointName = keyof CorePayloads;

const fired = new Set<string>();

/** Writes down what the points publish: sockets by their ids, packets by their data, errors by their messages. */
function listen(server: MemoryServer, ...names: readonly PointName[]): unknown[] {
  const lines: unknown[] = [];
  for (const name of names) {
    server.diagnostics.core[name].subscribe((payload: object) => {
      fired.add(name);
      lines.push([name, plain(payload)]);
    });
  }
  return lines;
}

function plain(payload: object): object {
  const entries = Object.entries(payload).map(([name, value]) => {
    if (name === "socket") return [name, (value as { id: string } | null)?.id ?? null];
    if (name === "packet") return [name, (value as { data: unknown }).data];
    return [name, value instanceof Error ? value.message : value];
  });
  return Object.fromEntries(entries) as object;
}

describe("points", () => {
  test("SO79 socketConnected, socketDisconnected", async () => {
    const server = new MemoryServer();
    const lines = listen(server, "socketConnected", "socketDisconnected");
    const raw = await server.join();
    const { id } = sockets(server)[0] as Socket;
    raw.cut();
    expect(lines).toEqual([
      ["socketConnected", { socket: id, nsp: "/", recovered: false, adopted: false }],
      ["socketDisconnected", { socket: id, nsp: "/", reason: "transport close" }],
    ]);
  });

  test("SO79 and MV4 socketReleased, and socketConnected of a socket that is set up again", async () => {
    const server = new MemoryServer();
    const lines = listen(server, "socketConnected", "socketDisconnected", "socketReleased");
    const raw = await server.join();
    const { id } = sockets(server)[0] as Socket;
    for (const connection of server.engine.connections.values()) {
      const saved = connection.release();
      if (saved.kind === "saved") server.engine.revive(saved.data, raw);
      break;
    }
    expect(lines.slice(1)).toEqual([
      ["socketReleased", { socket: id, nsp: "/" }],
      ["socketConnected", { socket: id, nsp: "/", recovered: false, adopted: true }],
    ]);
  });

  test("SO79 socketRejected", async () => {
    const server = new MemoryServer();
    const lines = listen(server, "socketRejected");
    let id = "";
    server.use((socket, next) => {
      id = socket.id;
      next(new Error("not you"));
    });
    await server.join();
    expect(lines).toEqual([["socketRejected", { socket: id, nsp: "/", error: "not you" }]]);
  });

  test("SO79 packetReceived, packetSent, broadcastSent", async () => {
    const server = new MemoryServer();
    const raw = await server.join();
    const [socket] = sockets(server) as [Socket];
    const lines = listen(server, "packetReceived", "packetSent", "broadcastSent");
    raw.transmit('42["in",1]');
    socket.emit("out", 2);
    server.to("room").emit("nobody");
    server.emit("all");
    const counts = { sent: 0, queued: 0, dropped: 0, closed: 0 };
    const rooms = new Set<string>();
    const to = { nsp: "/", packet: ["nobody"], rooms: new Set(["room"]), outcome: counts };
    const all = { nsp: "/", packet: ["all"], rooms, outcome: { ...counts, sent: 1 } };
    expect(lines).toEqual([
      ["packetReceived", { socket: socket.id, packet: ["in", 1] }],
      ["packetSent", { socket: socket.id, packet: ["out", 2] }],
      ["broadcastSent", to],
      ["broadcastSent", all],
    ]);
  });

  test("SO79 packetDropped: a volatile event that the client cannot take", async () => {
    const server = new MemoryServer();
    const raw = await server.join();
    const [socket] = sockets(server) as [Socket];
    const lines = listen(server, "packetDropped");
    raw.pause();
    socket.emit("waits");
    socket.volatile.emit("alone");
    server.volatile.emit("broadcast");
    expect(lines).toEqual([
      ["packetDropped", { socket: socket.id, packet: ["alone"], reason: "volatile" }],
      ["packetDropped", { socket: socket.id, packet: ["broadcast"], reason: "volatile" }],
    ]);
  });

  test("SO79 ackTimedOut: of one socket, of a broadcast", async () => {
    const server = new MemoryServer();
    await server.join();
    const [socket] = sockets(server) as [Socket];
    const lines = listen(server, "ackTimedOut");
    socket.timeout(100).emit("one", () => {});
    server.timeout(200).emit("all", () => {});
    server.clock.advance(200);
    expect(lines).toEqual([
      ["ackTimedOut", { nsp: "/", socket: socket.id, timeout: 100 }],
      ["ackTimedOut", { nsp: "/", socket: null, timeout: 200 }],
    ]);
  });

  test("SO79 namespaceCreated, namespaceRemoved", async () => {
    const server = new MemoryServer({ cleanupEmptyChildNamespaces: true });
    const lines = listen(server, "namespaceCreated", "namespaceRemoved");
    server.of(/^\/made/);
    const raw = await server.join("/made");
    raw.cut();
    expect(lines).toEqual([
      ["namespaceCreated", { nsp: "/made" }],
      ["namespaceRemoved", { nsp: "/made" }],
    ]);
  });

  test.each([
    ["a frame that is no packet", "4nonsense", null, "unknown packet type"],
    ["an event to a foreign namespace", '42/away,["x"]', "/away", "has not joined"],
    ["a second CONNECT", "40", "/", "has joined the namespace already"],
    ["a packet that only servers send", '44{"message":"x"}', "/", "do not send"],
  ])("SO79 packetRefused: %s", async (_, frame, nsp, error) => {
    const server = new MemoryServer();
    const raw = await server.join();
    const [clientId] = server.engine.connections.keys();
    const lines = listen(server, "packetRefused");
    raw.transmit(frame);
    const message = expect.stringContaining(error);
    expect(lines).toEqual([["packetRefused", { nsp, clientId, error: message }]]);
  });

  test("SO79 packetRefused: an event before the client was admitted", async () => {
    const server = new MemoryServer({ adapter: Waiting });
    const raw = server.dial();
    const lines = listen(server, "packetRefused");
    raw.transmit("40");
    raw.transmit('42["early"]');
    expect(lines).toMatchObject([["packetRefused", { nsp: "/" }]]);
  });
});

/** Joins rooms when it is let. */
class Waiting extends Adapter<Socket> {
  release: () => void = () => {};

  override async addAll(id: string, rooms: Set<string>): Promise<void> {
    await new Promise<void>((resolve) => {
      this.release = resolve;
    });
    void super.addAll(id, rooms);
  }
}

/** Has every session, and cannot read what was missed. */
class Faulty extends Adapter<Socket> {
  mode: "reading" | "restoring" | "slow" = "reading";

  override restoreSession(pid: string): Session | null {
    if (this.mode === "restoring") throw new Error("broker away");
    return { pid, sid: "s", rooms: ["s"], data: null, offset: "1" };
  }

  override missedPackets(): Promise<Missed | null> {
    if (this.mode === "slow") return new Promise(() => {});
    return Promise.reject(new Error("log away"));
  }
}

describe("points about limits and failures", () => {
  test("SO79 limitReached: connectTimeout", () => {
    const server = new MemoryServer({ connectTimeout: 700 });
    const lines = listen(server, "limitReached");
    server.dial();
    server.clock.advance(700);
    expect(lines).toEqual([["limitReached", { limit: "connectTimeout", value: 700, nsp: null }]]);
  });

  test("SO79 limitReached: what is kept for recovery; age alone is no limit", () => {
    const limits = { maxPackets: 2, maxSessions: 1, maxDisconnectionDuration: 1000 };
    const server = start(limits);
    const lines = listen(server, "limitReached");
    for (let at = 0; at < 3; at++) server.emit("x");
    for (let at = 0; at < 2; at++) come(server).raw.leave();
    const option = "connectionStateRecovery";
    const expected = [
      ["limitReached", { limit: `${option}.maxPackets`, value: 2, nsp: null }],
      ["limitReached", { limit: `${option}.maxSessions`, value: 1, nsp: null }],
    ];
    expect(lines).toEqual(expected);
    server.clock.advance(100_000);
    server.emit("y");
    expect(lines).toEqual(expected);
    const small = start({ maxBytes: 1000 });
    const bytes = listen(small, "limitReached");
    small.emit("x".repeat(2000));
    expect(bytes).toEqual([
      ["limitReached", { limit: `${option}.maxBytes`, value: 1000, nsp: null }],
    ]);
  });

  test("SO79 recoveryMissed: unknown session, unknown offset, packets gone", () => {
    const server = start({ maxPackets: 1 });
    const lines = listen(server, "recoveryMissed");
    come(server, { pid: "never" });
    come(server, { pid: "never", offset: "made-up" });
    const first = come(server);
    first.raw.leave();
    for (let at = 0; at < 3; at++) server.emit("x");
    come(server, { pid: first.pid });
    expect(lines).toMatchObject([
      ["recoveryMissed", { nsp: "/", pid: "never", reason: "unknown session" }],
      ["recoveryMissed", { nsp: "/", pid: "never", reason: "unknown offset" }],
      ["recoveryMissed", { nsp: "/", pid: first.pid, reason: "packets gone" }],
    ]);
  });

  test("SO79 recoveryMissed, adapterFailed: an adapter that fails", async () => {
    const server = start({}, { adapter: Faulty });
    const adapter = server.sockets.adapter as unknown as Faulty;
    const lines = listen(server, "recoveryMissed", "adapterFailed");
    const raw = server.dial();
    raw.transmit('40{"pid":"p"}');
    await raw.next();
    adapter.mode = "restoring";
    const again = server.dial();
    again.transmit('40{"pid":"p"}');
    expect(lines).toEqual([
      ["adapterFailed", { nsp: "/", method: "missedPackets", error: "log away" }],
      ["recoveryMissed", { nsp: "/", pid: "p", reason: "adapter failed" }],
      ["adapterFailed", { nsp: "/", method: "restoreSession", error: "broker away" }],
      ["recoveryMissed", { nsp: "/", pid: "p", reason: "adapter failed" }],
    ]);
  });

  test("SO79 limitReached, recoveryMissed: too much for a client that is returning", () => {
    const server = start({}, { adapter: Faulty });
    (server.sockets.adapter as unknown as Faulty).mode = "slow";
    const lines = listen(server, "recoveryMissed", "limitReached");
    const raw = server.dial();
    raw.transmit('40{"pid":"p"}');
    for (let at = 0; at < 10_001; at++) server.emit("x");
    expect(lines).toEqual([
      ["limitReached", { limit: "held packets", value: 10_000, nsp: "/" }],
      ["recoveryMissed", { nsp: "/", pid: "p", reason: "too much held" }],
    ]);
    expect(String(read(raw)[0])).toContain('"sid"');
  });

  test("SO79 middlewareStalled, of a namespace, a socket and a pattern", async () => {
    const server = new MemoryServer({ slowMiddleware: 100 }, { pingInterval: 1e9 });
    const lines = listen(server, "middlewareStalled");
    const raw = await server.join();
    const [socket] = sockets(server) as [Socket];
    socket.use((_event, _next) => {});
    raw.transmit('42["x"]');
    server.of((_name, _auth, _next) => {});
    raw.transmit("40/other,");
    server.use((_socket, _next) => {});
    server.dial().transmit("40");
    server.clock.advance(100);
    const waiting = { waited: 100, hint: expect.stringContaining("HINT_NEXT") };
    expect(lines).toEqual([
      ["middlewareStalled", { kind: "socket.use", nsp: "/", socket: socket.id, ...waiting }],
      ["middlewareStalled", { kind: "of", nsp: "/other", socket: null, ...waiting }],
      [
        "middlewareStalled",
        { kind: "use", nsp: "/", socket: expect.stringMatching(/^[\w-]{20}$/), ...waiting },
      ],
    ]);
  });

  test("SO79 dataLost, also where it is acknowledged", async () => {
    const server = new MemoryServer();
    const lines = listen(server, "dataLost");
    const raw = await server.join();
    const [socket] = sockets(server) as [Socket];
    socket.emit("users", new Map());
    socket.on("ask", (answer: (data: unknown) => void) => answer({ all: new Set() }));
    raw.transmit('420["ask"]');
    const hint = expect.stringContaining("HINT_LOSSY_DATA");
    expect(lines).toEqual([
      ["dataLost", { nsp: "/", event: "users", type: "Map", path: "[1]", hint }],
      ["dataLost", { nsp: "/", event: "acknowledgement", type: "Set", path: "[0].all", hint }],
    ]);
    expect(server.warnings).toHaveLength(2);
  });

  test("SO79 userCodeFailed: with onListenerError and without it", async () => {
    for (const isHandled of [true, false]) {
      const handled: unknown[] = [];
      const server = new MemoryServer(
        isHandled ? { onListenerError: (error) => void handled.push(error) } : {},
      );
      const lines = listen(server, "userCodeFailed");
      const error = new Error("of a listener");
      server.on("connection", (socket: Socket) => {
        socket.on("x", () => {
          throw error;
        });
      });
      const raw = await server.join();
      const [socket] = sockets(server) as [Socket];
      raw.transmit('42["x"]');
      const told = { error: error.message, event: "x", kind: "listener", socket: socket.id };
      expect(lines).toEqual([["userCodeFailed", told]]);
      expect([handled, server.surfaced]).toEqual(isHandled ? [[error], []] : [[], [error]]);
    }
  });

  test("SO80 what a listener of a point throws goes to onListenerError; at userCodeFailed itself it is uncaught", async () => {
    const handled: unknown[] = [];
    const server = new MemoryServer({
      onListenerError: (error, _, event) => void handled.push([error, event]),
    });
    const { core, engine } = server.diagnostics;
    const [first, second] = [new Error("first"), new Error("second")];
    const stop = engine.connectionOpened.subscribe(() => {
      throw first;
    });
    core.userCodeFailed.subscribe(() => {
      throw second;
    });
    await server.join();
    expect(handled).toEqual([[first, "sockeye:engine:connectionOpened"]]);
    expect(server.surfaced).toEqual([second]);
    stop();
    await server.join();
    expect([handled.length, server.sockets.sockets.size]).toEqual([1, 2]);
  });

  test("SO80 engines and deadlines of a server publish at its tables", async () => {
    const server = new MemoryServer({}, { pingInterval: 1000, pingTimeout: 1e6 });
    const { deadlines, engine } = server.diagnostics;
    expect(server.engine.points).toBe(engine);
    const lateBy: number[] = [];
    deadlines.stalled.subscribe((stall) => lateBy.push(stall.lateBy));
    await server.join();
    server.clock.stall(5000);
    server.clock.advance(0);
    expect(lateBy).toEqual([4000]);
  });

  afterAll(() => {
    expect([...fired].sort()).toEqual(Object.keys(coreDiagnosticsRows).sort());
  });
});
