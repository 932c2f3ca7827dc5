// Connection state recovery where time matters: middleware that decides slowly, sockets that are away, the end of the server.

import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { answerOf, come, offsetIn, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";

/** Middleware that lets everybody wait. */
class Gate {
  readonly waiting: { socket: Socket; next: (error?: Error) => void }[] = [];
  readonly middleware = (socket: Socket, next: (error?: Error) => void): void => {
    this.waiting.push({ socket, next });
  };

  /** Decides about whoever came first. */
  decide(error?: Error): Socket {
    const first = this.waiting.shift();
    if (first === undefined) throw new Error("nobody waits");
    first.next(error);
    return first.socket;
  }
}

/** A server with a gate, and a client that has been there and left. */
function gated(recovery: object = {}): {
  server: MemoryServer;
  gate: Gate;
  pid: string;
  sid: string;
} {
  const server = start({ skipMiddlewares: false, ...recovery });
  const { pid, raw, sid } = come(server);
  void sockets(server)[0]?.join("room");
  raw.leave();
  const gate = new Gate();
  server.use(gate.middleware);
  return { server, gate, pid, sid };
}

function names(frames: readonly unknown[]): string[] {
  return frames.map((frame) => (JSON.parse(String(frame).slice(2)) as [string])[0]);
}

test("RE11 middleware is skipped by those who come back, and only by them", () => {
  const server = start();
  let runs = 0;
  server.use((_socket, next) => {
    runs += 1;
    next();
  });
  const first = come(server);
  first.raw.leave();
  come(server, { pid: first.pid });
  expect(runs).toBe(1);
  come(server, { pid: "unknown" });
  expect(runs).toBe(2);
});

test("RE11 middleware that is not skipped sees the socket as it was", () => {
  const { gate, pid, server, sid } = gated();
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  expect(read(raw)).toEqual([]);
  const socket = gate.decide();
  expect([socket.id, socket.recovered, socket.handshake.auth["pid"]]).toEqual([sid, true, pid]);
  expect(answerOf(raw).pid).toBe(pid);
});

test("RE11 what is broadcast while middleware decides is neither lost nor sent twice", () => {
  const { gate, pid, server } = gated();
  server.emit("before");
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  server.emit("during");
  server.to("room").emit("in the room");
  gate.waiting[0]?.socket.emit("from middleware");
  expect(names(read(raw))).toEqual(["from middleware"]);
  gate.decide();
  server.emit("after");
  const frames = read(raw);
  const connect = frames.findIndex((frame) => String(frame).startsWith("40"));
  expect(names(frames.slice(0, connect))).toEqual(["before", "during", "in the room"]);
  expect(names(frames.slice(connect + 1))).toEqual(["after"]);
});

test("RE11 a refusal leaves the session to the next attempt", () => {
  const { gate, pid, server, sid } = gated();
  const refused = server.dial();
  refused.transmit(`40${JSON.stringify({ pid })}`);
  gate.decide(new Error("expired"));
  expect(read(refused)).toEqual(['44{"message":"expired"}']);
  server.emit("x");
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  gate.decide();
  const back = answerOf(raw);
  expect([back.sid, back.pid, names(back.missed)]).toEqual([sid, pid, ["x"]]);
});

test("RE11 a client that leaves while middleware decides can come back", () => {
  const { gate, pid, server, sid } = gated();
  const gone = server.dial();
  gone.transmit(`40${JSON.stringify({ pid })}`);
  gone.leave();
  gate.decide();
  expect(server.sockets.sockets.size).toBe(0);
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  gate.decide();
  expect(answerOf(raw).sid).toBe(sid);
});

test("RE6 a connection about which middleware still decides gives way, too", () => {
  const { gate, pid, server, sid } = gated();
  const stuck = server.dial();
  stuck.transmit(`40${JSON.stringify({ pid })}`);
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  expect([stuck.isOpen, gate.waiting.length]).toEqual([false, 2]);
  gate.decide();
  expect(server.sockets.sockets.size).toBe(0);
  expect(gate.decide().recovered).toBe(true);
  expect(answerOf(raw).sid).toBe(sid);
  expect(server.sockets.sockets.size).toBe(1);
});

test("RE9 what is gone by the time that middleware has decided makes the socket a new one", () => {
  const { gate, pid, server } = gated({ maxPackets: 2 });
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ pid })}`);
  for (let each = 0; each < 3; each++) server.emit("x");
  const socket = gate.decide();
  const { missed, pid: next } = answerOf(raw);
  expect([next === pid, missed, socket.recovered]).toEqual([false, [], false]);
  expect(socket.rooms).toEqual(new Set([socket.id]));
  raw.leave();
  server.emit("y");
  const again = server.dial();
  again.transmit(`40${JSON.stringify({ pid: next })}`);
  gate.decide();
  expect(names(answerOf(again).missed)).toEqual(["y"]);
});

test("RE14 what is emitted to a socket that is away waits for it", () => {
  const server = start();
  const first = come(server);
  const [socket] = sockets(server) as [Socket];
  socket.on("disconnecting", () => socket.emit("leaving"));
  socket.on("disconnect", () => socket.emit("left"));
  first.raw.leave();
  socket.emit("away", 1);
  socket.volatile.emit("volatile");
  socket.emit("question", () => {});
  server.to(socket.id).emit("to its room");
  const { missed, raw } = come(server, { pid: first.pid });
  expect(names(missed)).toEqual(["leaving", "left", "away", "to its room"]);
  // Whoever still holds the old socket reaches the client through it.
  socket.emit("late");
  expect(names(read(raw))).toEqual(["late"]);
});

test("RE14 nothing is kept for a socket that left on purpose", () => {
  const server = start();
  const first = come(server);
  const [socket] = sockets(server) as [Socket];
  first.raw.transmit("41");
  const before = server.sockets.adapter.currentOffset?.();
  socket.emit("x");
  expect(server.sockets.adapter.currentOffset?.()).toBe(before);
});

test("RE15 no event that ends with a string passes it off as an offset", () => {
  const server = start();
  server.use((socket, next) => {
    socket.emit("from middleware", "text");
    next();
  });
  const raw = server.dial();
  raw.transmit("40");
  const [early, answer] = read(raw);
  const { pid } = JSON.parse(String(answer).slice(2)) as { pid: string };
  server.emit("numbered");
  const [numbered] = read(raw);
  server.sockets.volatile.emit("to all", "text");
  sockets(server)[0]?.volatile.emit("to one", "text");
  const marked = read(raw);
  expect(marked.map((frame) => offsetIn(frame))).toEqual(Array(2).fill(offsetIn(numbered)));
  raw.leave();
  server.emit("while away");
  const second = come(server, { pid, offset: offsetIn(marked[1]) });
  expect([second.pid, names(second.missed)]).toEqual([pid, ["while away"]]);
  // As a client that has received nothing but what middleware sent.
  const third = start();
  expect(offsetIn(early)).toMatch(/^.{6}\.-1$/);
  expect(come(third).missed).toEqual([]);
});

test("RE16 closing the server leaves neither sessions nor timers", async () => {
  const server = start();
  const reasons: string[] = [];
  for (const { raw } of [come(server), come(server)]) void raw;
  for (const socket of sockets(server)) {
    socket.on("disconnect", (reason: string) => void reasons.push(reason));
  }
  server.emit("x");
  const gate = new Gate();
  server.use(gate.middleware);
  const late = server.dial();
  late.transmit("40");
  await server.end();
  for (const { next } of gate.waiting) next();
  server.emit("after the end");
  expect(reasons).toEqual(["server shutting down", "server shutting down"]);
  expect([server.clock.pending, server.sockets.sockets.size]).toEqual([0, 0]);
});

test("RE17 a namespace that somebody may come back to stays, and goes with the last session", () => {
  const server = start({ maxDisconnectionDuration: 1000 }, { cleanupEmptyChildNamespaces: true });
  server.of(/^\/room-/);
  const enter = (auth: object): ReturnType<typeof answerOf> => {
    const raw = server.dial();
    raw.transmit(`40/room-1,${JSON.stringify(auth)}`);
    return answerOf(raw, "/room-1");
  };
  const first = enter({});
  const nsp = server.of("/room-1");
  first.raw.leave();
  expect(server._nsps.get("/room-1")).toBe(nsp);
  nsp.emit("x");
  const second = enter({ pid: first.pid });
  expect([second.pid, second.missed.length]).toEqual([first.pid, 1]);
  second.raw.leave();
  server.clock.advance(999);
  expect(server._nsps.has("/room-1")).toBe(true);
  server.clock.advance(1);
  expect(server._nsps.has("/room-1")).toBe(false);
  server.clock.advance(60_000);
  expect(server.clock.pending).toBe(0);
  const third = enter({});
  third.raw.transmit("41/room-1,");
  expect(server._nsps.has("/room-1")).toBe(false);
});

test("RE18 a replay is one burst: it is sent whole, also beyond what a connection may keep", () => {
  const heartbeat = { pingInterval: 1e9, pingTimeout: 1e9 };
  const server = new MemoryServer(
    { connectionStateRecovery: {} as never },
    { ...heartbeat, maxSendBufferSize: 1000 },
  );
  const first = come(server);
  first.raw.leave();
  for (let each = 0; each < 20; each++) server.emit("x", "y".repeat(100));
  const connections: Socket[] = [];
  server.on("connection", (socket: Socket) => void connections.push(socket));
  const again = come(server, { pid: first.pid });
  expect([again.pid, again.missed.length]).toEqual([first.pid, 20]);
  expect(connections.map(({ recovered }) => recovered)).toEqual([true]);
});
