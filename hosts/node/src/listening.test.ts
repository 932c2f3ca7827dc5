// Listening on the server and on what belongs to it, as with Socket.IO, whose objects are emitters of Node. Every test
// runs against Socket.IO too (CONTROL=socket.io).

import { EventEmitter, once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { ServerUnderTest, startServer } from "../test/running-server.ts";

/** A server's members that packages use without types. */
type Listening = (event: string, listener: () => void) => unknown;

const CHAINED = [
  ...["on", "addListener", "once", "prependListener", "prependOnceListener"],
  ...["off", "removeListener", "removeAllListeners"],
];

test.each(CHAINED)("SO7 io.%s returns the main namespace", (name) => {
  const io = new ServerUnderTest();
  const method = Reflect.get(io, name) as Listening;
  expect(Reflect.apply(method, io, ["connection", () => {}])).toBe(io.sockets);
});

test("SO7 a replaced method of the main namespace hears of listeners of the server", () => {
  const io = new ServerUnderTest();
  const heard: string[] = [];
  const { on } = io.sockets;
  Object.assign(io.sockets, {
    on(event: string, listener: () => void) {
      heard.push(event);
      return Reflect.apply(on as Listening, io.sockets, [event, listener]);
    },
  });
  io.on("connection", () => {});
  expect(heard).toEqual(["connection"]);
  expect(io.listeners("connection")).toHaveLength(1);
});

/** The warnings of many listeners, until the end of the test. */
function recordWarnings(): Error[] {
  const warnings: Error[] = [];
  const listener = (warning: Error): void => {
    if (warning.name === "MaxListenersExceededWarning") warnings.push(warning);
  };
  process.on("warning", listener);
  onTestFinished(() => void process.off("warning", listener));
  return warnings;
}

/** Adds listeners of one event, and waits until warnings have been emitted. */
async function addMany(emitter: { on: unknown }, count: number, event = "many"): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    Reflect.apply(emitter.on as Listening, emitter, [event, () => {}]);
  }
  await new Promise(setImmediate);
}

test("SO25 from 11 listeners of an event on the process is warned, once for each event", async () => {
  await using server = await startServer();
  const warnings = recordWarnings();
  const { socket } = await server.pair();
  expect([socket.getMaxListeners(), server.io.getMaxListeners()]).toEqual([10, 10]);
  await addMany(socket, 10);
  expect(warnings).toEqual([]);
  await addMany(socket, 3);
  await addMany(socket, 11, "others");
  expect(warnings).toMatchObject([
    { emitter: socket, type: "many", count: 11 },
    { emitter: socket, type: "others", count: 11 },
  ]);
  expect(warnings[0]?.message).toBe(
    "Possible EventEmitter memory leak detected. 11 many listeners added to [Socket]. " +
      "MaxListeners is 10. Use emitter.setMaxListeners() to increase limit",
  );
});

test("SO25 the limit of listeners can be set: for one emitter, off, and for all", async () => {
  await using server = await startServer();
  const warnings = recordWarnings();
  const { socket } = await server.pair();
  expect(socket.setMaxListeners(20)).toBe(socket);
  await addMany(socket, 20);
  socket.setMaxListeners(0);
  await addMany(socket, 20);
  server.io.of("/other").setMaxListeners(Infinity);
  await addMany(server.io.of("/other"), 20);
  const usual = EventEmitter.defaultMaxListeners;
  EventEmitter.defaultMaxListeners = 15;
  onTestFinished(() => {
    EventEmitter.defaultMaxListeners = usual;
  });
  await addMany(server.io, 15);
  expect(warnings).toEqual([]);
  await addMany(server.io, 1);
  expect(warnings).toMatchObject([{ emitter: server.io.sockets, type: "many", count: 16 }]);
});

test.each([
  [-1, "RangeError", "ERR_OUT_OF_RANGE"],
  [Number.NaN, "RangeError", "ERR_OUT_OF_RANGE"],
  ["x", "TypeError", "ERR_INVALID_ARG_TYPE"],
])("SO25 %s is no limit of listeners: %s", (wrong, name, code) => {
  const set = (): unknown => new ServerUnderTest().sockets.setMaxListeners(wrong as number);
  expect(set).toThrow(expect.objectContaining({ name, code }));
});

test("SO25 Node's functions for emitters set limits and wait for events of sockets", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = once(socket as unknown as EventEmitter, "hello");
  client.emit("hello", 1);
  expect(await heard).toEqual([1]);
});
