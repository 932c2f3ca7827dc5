// Connection state recovery without a host: who comes back, with what, and who does not.

import { MemoryExchange, type MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { answerOf, come, offsetIn, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";

test("RE2 the answer has a private id unlike the others, and without recovery there is none", () => {
  const server = start();
  const [a, b] = [come(server), come(server)];
  const ids = [a.sid, a.pid, b.sid, b.pid, ...server.engine.connections.keys()];
  expect(new Set(ids).size).toBe(6);
  for (const id of ids) expect(id).toMatch(/^[\w-]{20}$/);
  const plain = new MemoryServer();
  const raw = plain.dial();
  raw.transmit("40");
  plain.emit("x", "y");
  expect(read(raw).map(String)).toEqual([expect.not.stringContaining("pid"), '42["x","y"]']);
});

test("RE3 id, rooms and data come back; what was missed precedes CONNECT, in order", () => {
  const server = start();
  const first = come(server);
  const [socket] = sockets(server) as [Socket];
  socket.data = { name: "ann" };
  void socket.join(["room", "other"]);
  server.emit("last");
  const offset = offsetIn(read(first.raw)[0]);
  first.raw.leave();
  server.emit("all", new Uint8Array([1]));
  server.to("room").emit("room");
  server.to("nobody").emit("no");
  server.to(first.sid).emit("own");
  const heard: Socket[] = [];
  server.on("connection", (each: Socket) => void heard.push(each));
  const second = come(server, { pid: first.pid, offset });
  expect([second.sid, second.pid]).toEqual([first.sid, first.pid]);
  expect(second.missed.map((frame) => String(frame).slice(0, 12))).toEqual([
    '451-["all",{',
    String(new Uint8Array([1])),
    expect.stringMatching(/^42\["room",/),
    expect.stringMatching(/^42\["own",/),
  ]);
  const [again] = heard as [Socket];
  expect([again.recovered, again.id, again.data]).toEqual([true, first.sid, { name: "ann" }]);
  expect(again.rooms).toEqual(new Set([first.sid, "room", "other"]));
  expect([socket.recovered, socket.connected, sockets(server)]).toEqual([false, false, [again]]);
});

test("RE4 a client that has received nothing recovers what was sent since it came", () => {
  const server = start();
  server.emit("before");
  const first = come(server);
  server.emit("lost on the way");
  first.raw.leave();
  server.emit("while away");
  const { missed, pid } = come(server, { pid: first.pid });
  expect(missed.map((frame) => String(frame).slice(0, 9))).toEqual(['42["lost ', '42["while']);
  expect(pid).toBe(first.pid);
});

test("RE5 the same private id twice recovers once, whichever comes second", () => {
  const server = start();
  const first = come(server);
  first.raw.leave();
  const second = come(server, { pid: first.pid });
  second.raw.leave();
  const third = come(server, { pid: first.pid });
  expect(third.pid).toBe(first.pid);
  third.raw.transmit("41");
  const fourth = come(server, { pid: first.pid });
  expect(fourth.pid).not.toBe(first.pid);
  expect(fourth.sid).not.toBe(first.sid);
  expect(sockets(server).map(({ recovered }) => recovered)).toEqual([false]);
});

test("RE6 a connection that is believed to live gives way to the one that comes back", () => {
  const server = start();
  const first = come(server);
  const [old] = sockets(server) as [Socket];
  const order: string[] = [];
  old.on("disconnect", (reason: string) => void order.push(reason));
  server.on("connection", () => void order.push("connection"));
  void old.join("room");
  server.emit("a");
  read(first.raw);
  const second = come(server, { pid: first.pid });
  expect(order).toEqual(["transport close", "connection"]);
  expect(first.raw.isOpen).toBe(false);
  expect(second.missed).toHaveLength(1);
  const [now] = sockets(server) as [Socket];
  expect([server.sockets.sockets.size, now.id, now.rooms.has("room")]).toEqual([1, old.id, true]);
  server.emit("b");
  expect(read(second.raw)).toHaveLength(1);
});

const ENDINGS: readonly [string, boolean, (raw: MemorySocket, socket: Socket) => void][] = [
  ["transport close", true, (raw) => raw.leave()],
  ["transport error", true, (raw) => raw.fail(new Error("cut"), 1006)],
  ["forced close", true, (raw) => raw.transmit("4x")],
  ["forced close", true, (_, socket) => void socket.conn.close()],
  ["forced close", true, (raw) => raw.transmit("40")],
  ["parse error", false, (raw) => raw.transmit("9")],
  ["client namespace disconnect", false, (raw) => raw.transmit("41")],
  ["server namespace disconnect", false, (_, socket) => void socket.disconnect()],
  ["server namespace disconnect", false, (_, socket) => void socket.disconnect(true)],
];

test("RE7 after these reasons a socket may come back, and after those it may not", () => {
  for (const [reason, isRecoverable, end] of ENDINGS) {
    const server = start();
    const { raw, pid, sid } = come(server);
    const [socket] = sockets(server) as [Socket];
    let heard = "";
    socket.on("disconnect", (why: string) => {
      heard = why;
    });
    end(raw, socket);
    expect(heard).toBe(reason);
    server.emit("x");
    const back = come(server, { pid });
    expect([back.pid === pid, back.sid === sid, back.missed.length], reason).toEqual(
      isRecoverable ? [true, true, 1] : [false, false, 0],
    );
  }
});

test("RE7 a ping timeout can be recovered from", () => {
  const server = new MemoryServer(
    { connectionStateRecovery: {} as never },
    { pingInterval: 100, pingTimeout: 100 },
  );
  const { pid } = come(server);
  server.clock.advance(200);
  expect(sockets(server)).toEqual([]);
  expect(come(server, { pid }).pid).toBe(pid);
});

test("RE7 a forced server close, over polling, can be recovered from", async () => {
  const server = start();
  const first = come(server);
  const polling = (sid: string, method = "GET", body = ""): MemoryExchange => {
    const query = `EIO=4&transport=polling${sid}`;
    const exchange = new MemoryExchange(method, `/engine.io/?${query}`, { body });
    server.engine.respond(exchange);
    return exchange;
  };
  const opened = String((await polling("").answer).body);
  const sid = `&sid=${JSON.parse(opened.slice(1)).sid}`;
  await polling(sid, "POST", `40${JSON.stringify({ pid: first.pid })}`).answer;
  const [socket] = sockets(server) as [Socket];
  let heard = "";
  socket.on("disconnect", (why: string) => {
    heard = why;
  });
  await polling(sid, "POST", "44{}").answer;
  expect([socket.recovered, heard]).toEqual([true, "forced server close"]);
  expect(come(server, { pid: first.pid }).sid).toBe(first.sid);
});

test("RE8 what was not meant for the socket is not replayed", () => {
  const server = start();
  const [first, other] = [come(server), come(server)];
  const [socket] = sockets(server) as [Socket];
  void socket.join("left");
  void socket.leave("left");
  first.raw.leave();
  server.volatile.emit("volatile");
  server.timeout(50).emit("question", () => {});
  server.to("left").emit("left");
  server.to(other.sid).emit("to another");
  server.except(first.sid).emit("all but one");
  server.sockets.sockets.get(other.sid)?.broadcast.emit("mine");
  expect(come(server, { pid: first.pid }).missed.map((frame) => String(frame).slice(2, 9))).toEqual(
    ['["mine"'],
  );
});

test("RE8 an early offset does not reveal what was sent before the session", () => {
  const server = start();
  const witness = come(server);
  server.emit("secret");
  const early = offsetIn(read(witness.raw)[0]).replace(/\..*/, ".-1");
  const first = come(server);
  server.emit("mine");
  first.raw.leave();
  const back = come(server, { pid: first.pid, offset: early });
  expect(back.pid).toBe(first.pid);
  expect(back.missed.map((frame) => String(frame).slice(2, 9))).toEqual(['["mine"']);
});

test("RE9 age, packets, bytes and sessions have bounds, and the client is told that it starts anew", () => {
  const limits: readonly [object, (server: MemoryServer) => void][] = [
    [{ maxDisconnectionDuration: 1000 }, ({ clock }) => clock.advance(1000)],
    [
      { maxPackets: 2 },
      (server) => {
        for (const name of ["a", "b", "c"]) server.emit(name);
      },
    ],
    [{ maxBytes: 100 }, (server) => server.emit("a", "x".repeat(101))],
    [
      { maxSessions: 1 },
      (server) => {
        come(server).raw.leave();
      },
    ],
  ];
  for (const [recovery, act] of limits) {
    const server = start(recovery);
    const first = come(server);
    const [old] = sockets(server) as [Socket];
    void old.join("room");
    old.data = { old: true };
    first.raw.leave();
    act(server);
    const back = come(server, { pid: first.pid });
    const [socket] = sockets(server) as [Socket];
    expect([back.pid === first.pid, back.sid === first.sid, back.missed]).toEqual([
      false,
      false,
      [],
    ]);
    expect([socket.recovered, socket.data, socket.rooms.size]).toEqual([false, {}, 1]);
  }
});

test("RE9 no more than the age is too old", () => {
  const server = start({ maxDisconnectionDuration: 1000 });
  const first = come(server);
  first.raw.leave();
  server.emit("a");
  server.clock.advance(999);
  expect(come(server, { pid: first.pid }).missed).toHaveLength(1);
});

test("RE10 a client that was sent nothing for long recovers, although others were sent much", () => {
  const server = start({ maxDisconnectionDuration: 1000, maxPackets: 10 });
  const first = come(server);
  server.emit("long ago");
  const offset = offsetIn(read(first.raw)[0]);
  const others = (): void => {
    for (let each = 0; each < 50; each++) server.to("others").emit("x");
  };
  others();
  server.clock.advance(60_000);
  others();
  first.raw.leave();
  server.emit("while away");
  const second = come(server, { pid: first.pid, offset });
  expect([second.pid === first.pid, second.missed.length]).toEqual([true, 1]);
  // Once more, with what it was replayed as the last that it has.
  others();
  second.raw.leave();
  const third = come(server, { pid: first.pid, offset: offsetIn(second.missed[0]) });
  expect([third.pid === first.pid, third.missed.length]).toEqual([true, 0]);
  others();
  third.raw.leave();
  // This time something was sent that did not arrive, and is gone.
  const fourth = come(server, { pid: first.pid, offset: offsetIn(second.missed[0]) });
  server.emit("lost on the way");
  others();
  fourth.raw.leave();
  expect(come(server, { pid: first.pid, offset }).pid).not.toBe(first.pid);
});

test("RE12 each namespace has a session of its own; one connection brings all of them back", () => {
  const server = start();
  server.of("/a");
  const raw = server.dial();
  const main = come(server, undefined, raw);
  raw.transmit("40/a,");
  const a = answerOf(raw, "/a");
  expect(a.pid).not.toBe(main.pid);
  raw.leave();
  server.emit("main");
  server.of("/a").emit("a");
  const next = server.dial();
  const again = come(server, { pid: main.pid }, next);
  next.transmit(`40/a,${JSON.stringify({ pid: a.pid })}`);
  const aAgain = answerOf(next, "/a");
  expect([again.sid, aAgain.sid]).toEqual([main.sid, a.sid]);
  expect([again.missed, aAgain.missed].map((frames) => String(frames).slice(0, 8))).toEqual([
    '42["main',
    '42/a,["a',
  ]);
  // The private id of one namespace means nothing in another.
  next.leave();
  expect(come(server, { pid: a.pid }).pid).not.toBe(a.pid);
});

test("RE13 private ids and offsets of any other kind recover nothing, and nothing breaks", () => {
  const server = start();
  const odd = [
    null,
    0,
    -1,
    1e308,
    true,
    "",
    "x",
    "x".repeat(10_000),
    [],
    ["a"],
    {},
    { length: 20 },
  ];
  for (const pid of [...odd, "__proto__", "constructor"]) {
    const { sid } = come(server, { pid, offset: "a" });
    expect(server.sockets.sockets.get(sid)?.recovered).toBe(false);
  }
  for (const offset of odd.filter((each) => typeof each === "string")) {
    const first = come(server);
    first.raw.leave();
    expect(come(server, { pid: first.pid, offset }).pid).not.toBe(first.pid);
  }
  expect(server.surfaced).toEqual([]);
  expect(server.warnings).toEqual([]);
});

test("RE13 an offset of another process, kept by a client that has received nothing since, counts as none", () => {
  const [before, server] = [start(), start()];
  const first = come(before);
  before.emit("x");
  const offset = offsetIn(read(first.raw)[0]);
  const second = come(server, { pid: first.pid, offset });
  expect(second.pid).not.toBe(first.pid);
  server.emit("lost");
  second.raw.leave();
  const third = come(server, { pid: second.pid, offset });
  expect([third.pid, third.missed.length]).toEqual([second.pid, 1]);
});
