// Peers of Socket.IO 2, and parsers that others wrote, as the namespaces see them: without a host, on a clock that stands still.

import type { Frame } from "@sockeye/protocol";
import { MemoryExchange, MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "../api/socket.ts";
import type { CoreOptions } from "../base/options.ts";

const OLD = { allowEIO3: true, pingInterval: 25_000, pingTimeout: 20_000 };

/** A peer of revision 3, with everything that it was told. */
function dialOld(server: MemoryServer): MemorySocket {
  const raw = new MemorySocket();
  const head = new MemoryExchange("GET", "/engine.io/?EIO=3&transport=websocket&key=1");
  server.engine.admit(head, (outcome) => {
    if (outcome.kind === "ticket") server.engine.attach(outcome, raw);
  });
  return raw;
}

function read(raw: MemorySocket): Frame[] {
  return (raw.unread as Frame[]).splice(0);
}

test("LE6 a peer of Socket.IO 2 is in the main namespace without asking, under the session's id", () => {
  const server = new MemoryServer({}, OLD);
  const joined: Socket[] = [];
  server.on("connection", (socket: Socket) => void joined.push(socket));
  const raw = dialOld(server);
  const [handshake, connect] = read(raw);
  const { sid } = JSON.parse(String(handshake).slice(1)) as { sid: string };
  expect(connect).toBe("40");
  expect(joined.map(({ id, handshake: { auth, query } }) => [id, auth, query["key"]])).toEqual([
    [sid, {}, "1"],
  ]);
});

test("LE3 middleware of the main namespace refuses it, and the connection waits for another namespace", () => {
  const server = new MemoryServer({ connectTimeout: 1000 }, OLD);
  server.use((_socket, next) => next(new Error("no")));
  server.of("/a");
  const [stays, goes] = [dialOld(server), dialOld(server)];
  for (const raw of [stays, goes]) expect(read(raw).slice(1)).toEqual(['44"no"']);
  stays.transmit("40/a?token=1");
  expect(read(stays)).toEqual(["40/a,"]);
  server.clock.advance(1000);
  expect([stays.isOpen, goes.isOpen]).toEqual([true, false]);
});

test("LE5 it is given up when it has not pinged for pingInterval and pingTimeout together", () => {
  const server = new MemoryServer({}, OLD);
  const reasons: string[] = [];
  server.on("connection", (socket: Socket) =>
    socket.on("disconnect", (reason: string) => void reasons.push(reason)),
  );
  const raw = dialOld(server);
  read(raw);
  for (let beat = 0; beat < 4; beat++) {
    server.clock.advance(44_999);
    raw.transmit("2");
    expect(read(raw)).toEqual(["3"]);
  }
  server.clock.advance(44_999);
  expect(reasons).toEqual([]);
  server.clock.advance(1);
  expect(reasons).toEqual(["ping timeout"]);
});

test("LE2 peers of all times hear the same broadcast", () => {
  const server = new MemoryServer({}, OLD);
  const [old, current] = [dialOld(server), server.dial()];
  current.transmit("40");
  for (const raw of [old, current]) read(raw);
  server.emit("x", 1);
  expect([read(old), read(current)]).toEqual([['42["x",1]'], ['42["x",1]']]);
  server.emit("x", Uint8Array.of(7));
  const head = '451-["x",{"_placeholder":true,"num":0}]';
  expect([read(old), read(current)]).toEqual([
    [head, Uint8Array.of(4, 7)],
    [head, Uint8Array.of(7)],
  ]);
});

/** A parser that believes whatever peers send. */
const credulous = {
  Encoder: class {
    encode(packet: unknown): string[] {
      return [JSON.stringify(packet)];
    }
  },
  Decoder: class {
    #listener: (packet: unknown) => void = () => {};
    on(_event: string, listener: (packet: unknown) => void): void {
      this.#listener = listener;
    }
    add(chunk: string): void {
      this.#listener(JSON.parse(chunk));
    }
  },
};

function credulousServer(): MemoryServer {
  return new MemoryServer({ parser: credulous as unknown as NonNullable<CoreOptions["parser"]> });
}

test("PR57 a parser that looks at nothing lets nothing through that peers may not send", () => {
  const server = credulousServer();
  const heard: unknown[][] = [];
  const errors: Error[] = [];
  server.on("connection", (socket: Socket) => {
    socket.on("error", (error: Error) => void errors.push(error));
    socket.on("disconnecting", (...args: unknown[]) => void heard.push(args));
    socket.on("fine", (...args: unknown[]) => void heard.push(args));
  });
  const raw = server.dial();
  raw.transmit('4{"type":0,"nsp":"/"}');
  raw.transmit('4{"type":2,"nsp":"/","data":["fine",1]}');
  raw.transmit('4{"type":2,"nsp":"/","data":["disconnecting","forged"]}');
  expect(heard).toEqual([[1], ["forced close", undefined]]);
  expect([errors.map(({ message }) => message), raw.isOpen]).toEqual([["invalid payload"], false]);
  expect(server.warnings).toEqual([]);
});

test("PR57 what a parser throws ends that connection; the operator is told once", () => {
  const server = credulousServer();
  for (let peer = 0; peer < 3; peer++) {
    const raw = server.dial();
    raw.transmit("4{");
    expect(raw.isOpen).toBe(false);
  }
  expect(server.warnings).toEqual([expect.stringContaining("codec failed")]);
  expect(server.surfaced).toEqual([]);
});
