// Clients that cannot recover by themselves: known again by a key, and sent what their pings do not prove to have arrived.

import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { answerOf, come, offsetIn, read, sockets } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";
import type { Handshake } from "../base/handshake.ts";
import type { CoreOptions, ReplayOptions } from "../base/options.ts";

const PING = 1000;

interface Settings {
  readonly key?: ReplayOptions["key"];
  readonly core?: object;
  readonly recovery?: object;
  readonly offsets?: boolean;
}

function start({ core, key, offsets, recovery }: Settings = {}): MemoryServer {
  const replay = { key: key ?? (({ auth }: Handshake) => auth["device"] as string), offsets };
  const connectionStateRecovery = { ...recovery, replay } as CoreOptions["connectionStateRecovery"];
  const heartbeat = { pingInterval: PING, pingTimeout: PING };
  return new MemoryServer({ connectionStateRecovery, ...core }, heartbeat);
}

/** A client without recovery comes: what follows CONNECT. */
function arrive(server: MemoryServer, device = "d", more: object = {}) {
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ device, ...more })}`);
  const [connect, ...missed] = read(raw).map(String);
  const { sid } = JSON.parse(String(connect).slice(2)) as { sid: string };
  return { raw, sid, missed: missed.map(nameOf) };
}

const nameOf = (frame: string): string =>
  (JSON.parse(frame.slice(frame.indexOf("["))) as [string])[0];
const names = (raw: MemorySocket): string[] =>
  read(raw)
    .map(String)
    .filter((frame) => frame.startsWith("42"))
    .map(nameOf);

/** A ping is sent, and answered. */
function beat(server: MemoryServer, raw: MemorySocket): void {
  server.clock.advance(PING);
  raw.transmit("3");
}

test("RE30 id, rooms and data come back by the key; what no ping proves follows CONNECT, in order", () => {
  const server = start();
  const first = arrive(server);
  const [socket] = sockets(server) as [Socket];
  socket.data = { name: "ann" };
  void socket.join("room");
  server.emit("proven");
  beat(server, first.raw);
  expect(names(first.raw)).toEqual(["proven"]);
  server.emit("received, not proven");
  first.raw.leave();
  server.to("room").emit("missed");
  server.to("elsewhere").emit("of others");
  const heard: Socket[] = [];
  server.on("connection", (each: Socket) => void heard.push(each));
  const second = arrive(server);
  expect(second.sid).toBe(first.sid);
  expect(second.missed).toEqual(["received, not proven", "missed"]);
  const [again] = heard as [Socket];
  expect([again.recovered, again.data, again.rooms.has("room")]).toEqual([
    true,
    { name: "ann" },
    true,
  ]);
  server.emit("live");
  expect(names(second.raw)).toEqual(["live"]);
});

test("RE31 what was sent after a ping is not proven by its answer, and an answer that was not asked for proves nothing", () => {
  const server = start();
  const first = arrive(server);
  server.emit("1");
  server.clock.advance(PING);
  server.emit("2");
  first.raw.transmit("3");
  server.emit("3");
  first.raw.transmit("3");
  first.raw.leave();
  const second = arrive(server);
  expect(second.missed).toEqual(["2", "3"]);
  // What was sent again is proven like everything else.
  beat(server, second.raw);
  second.raw.leave();
  expect(arrive(server).missed).toEqual([]);
});

test("RE31 without an answered ping everything since the session began is sent again, and nothing from before", () => {
  const server = start();
  server.emit("before");
  const first = arrive(server);
  server.emit("1");
  server.clock.advance(PING);
  first.raw.leave();
  server.emit("2");
  expect(arrive(server).missed).toEqual(["1", "2"]);
});

test("RE31 a connection that is believed to live gives way to the one that comes with its key", () => {
  const server = start();
  const first = arrive(server);
  server.emit("1");
  const second = arrive(server);
  expect([first.raw.isOpen, second.sid, second.missed]).toEqual([false, first.sid, ["1"]]);
  expect(sockets(server)).toHaveLength(1);
});

test("RE32 a client that can recover names what it has, and gets the rest once", () => {
  const server = start();
  const first = come(server, { device: "d" });
  server.emit("1");
  const offset = offsetIn(read(first.raw)[0]);
  first.raw.leave();
  server.emit("2");
  const raw = server.dial();
  raw.transmit(`40${JSON.stringify({ device: "d", pid: first.pid, offset })}`);
  const [connect, ...missed] = read(raw).map(String);
  expect(JSON.parse(String(connect).slice(2))).toMatchObject({ pid: first.pid, sid: first.sid });
  expect(missed.map(nameOf)).toEqual(["2"]);
});

test("RE32 the private id of a key gives nothing to whoever has no such key", () => {
  const server = start();
  const first = come(server, { device: "d" });
  server.emit("secret");
  for (const auth of [{ pid: first.pid }, { pid: first.pid, device: "other" }]) {
    const { missed, sid } = come(server, auth);
    expect([missed, sid === first.sid]).toEqual([[], false]);
  }
  expect(first.raw.isOpen).toBe(true);
});

test("RE32 each key and each namespace has a session of its own; clients without a key have none", () => {
  const server = start({
    key: ({ auth }, nsp) => (nsp === "/b" ? null : (auth["device"] as string)),
  });
  server.of("/a");
  server.of("/b");
  const raw = server.dial();
  for (const nsp of ["/a", "/b"]) {
    raw.transmit(`40${nsp},{"device":"d"}`);
    answerOf(raw, nsp);
  }
  arrive(server, "other");
  server.of("/a").emit("a");
  server.of("/b").emit("b");
  server.emit("main");
  raw.leave();
  expect(arrive(server, "d").missed).toEqual([]);
  const again = server.dial();
  for (const nsp of ["/a", "/b"]) again.transmit(`40${nsp},{"device":"d"}`);
  const frames = read(again).map(String);
  expect(
    frames.filter((frame) => frame.startsWith("42")).map((frame) => frame.slice(0, 10)),
  ).toEqual(['42/a,["a",']);
});

test("RE33 middleware runs for whoever comes by a key; when it refuses, the session can be used again", async () => {
  let isOpen = true;
  const runs: boolean[] = [];
  const server = start();
  server.use((socket, next) => {
    runs.push(socket.recovered);
    next(isOpen ? undefined : new Error("no"));
  });
  const first = arrive(server);
  server.emit("1");
  first.raw.leave();
  isOpen = false;
  const refused = server.dial();
  refused.transmit('40{"device":"d"}');
  expect(read(refused).map(String)).toEqual(['44{"message":"no"}']);
  isOpen = true;
  expect(arrive(server)).toMatchObject({ sid: first.sid, missed: ["1"] });
  expect(runs).toEqual([false, true, true]);
});

test("RE33 a key that throws, is no text or too long is none", () => {
  const errors: string[] = [];
  const onListenerError = (error: Error, _: unknown, event: string): void =>
    void errors.push(`${event}: ${error.message}`);
  for (const key of [null, "", 7, "x".repeat(257), "throw"] as unknown as string[]) {
    const given = (): string => {
      if (key === "throw") throw new Error("bad token");
      return key;
    };
    const server = start({ key: given, core: { onListenerError } });
    const first = arrive(server);
    first.raw.leave();
    expect(arrive(server).sid).not.toBe(first.sid);
  }
  expect(errors).toEqual(Array(2).fill("replay.key: bad token"));
});

test("RE33 a client that has left on purpose begins anew, as does one whose packets are gone", () => {
  const server = start({ recovery: { maxPackets: 2 } });
  const misses: string[] = [];
  server.diagnostics.core.recoveryMissed.subscribe(({ reason }) => void misses.push(reason));
  const first = arrive(server);
  server.emit("1");
  first.raw.transmit("41");
  const second = arrive(server);
  expect([second.sid === first.sid, second.missed, misses]).toEqual([false, [], []]);
  second.raw.leave();
  for (const each of ["2", "3", "4"]) server.emit(each);
  const third = arrive(server);
  expect([third.sid === second.sid, third.missed, misses]).toEqual([false, [], ["packets gone"]]);
  // And is known again from then on.
  server.emit("5");
  third.raw.leave();
  expect(arrive(server)).toMatchObject({ sid: third.sid, missed: ["5"] });
});

test("RE33 a wrong option is refused", () => {
  expect(() => start({ key: "id" as never })).toThrow(
    /replay must be an object with a function `key`/,
  );
});

test("RE36 without offsets clients get the arguments that were emitted, no private id, and are recovered by their keys", () => {
  const server = start({ offsets: false });
  const first = arrive(server);
  const sent = (raw: MemorySocket): string[] => read(raw).map(String);
  server.emit("n", "text");
  server.volatile.emit("v", "text");
  sockets(server)[0]?.emit("own", "text");
  expect(sent(first.raw)).toEqual(['42["n","text"]', '42["v","text"]', '42["own","text"]']);
  beat(server, first.raw);
  read(first.raw);
  server.emit("n", 1);
  first.raw.leave();
  server.emit("n", new Uint8Array([1]));
  const raw = server.dial();
  raw.transmit('40{"device":"d"}');
  expect(sent(raw)).toEqual([
    `40{"sid":"${first.sid}"}`,
    '42["n",1]',
    '451-["n",{"_placeholder":true,"num":0}]',
    "1",
  ]);
  // It has all that was addressed to it, however much others are sent.
  beat(server, raw);
  raw.leave();
  for (let more = 0; more < 5; more++) server.to("others").emit("n", more);
  expect(arrive(server)).toMatchObject({ sid: first.sid, missed: [] });
});
