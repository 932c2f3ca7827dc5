// What the application's functions throw, and what becomes of it.

import { expect, test } from "vitest";
import { event, isControl, type Options, record, startServer } from "../test/running-server.ts";
import { catchUncaught } from "../test/uncaught.ts";
import { ask, POLLING } from "../test/wire.ts";

test("SO58 what a listener throws is an uncaught exception; connections go on", async () => {
  using uncaught = catchUncaught("uncaughtException");
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const error = new Error("from a listener");
  socket.on("bad", () => {
    throw error;
  });
  const heard = event(socket, "good");
  client.emit("bad");
  client.emit("good", 1);
  expect(await heard).toEqual([1]);
  await expect.poll(() => uncaught.errors).toEqual([error]);
  expect(client.connected).toBe(true);
});

test("SO58 what an async listener rejects with is an unhandled rejection", async () => {
  using unhandled = catchUncaught("unhandledRejection");
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const error = new Error("from an async listener");
  socket.on("bad", async () => {
    throw error;
  });
  client.emit("bad");
  await expect.poll(() => unhandled.errors).toEqual([error]);
  expect(client.connected).toBe(true);
});

test.skipIf(isControl)("NH24 an allowRequest that throws refuses, and surfaces", async () => {
  using uncaught = catchUncaught("uncaughtException");
  const error = new Error("from allowRequest");
  await using server = await startServer({
    allowRequest() {
      throw error;
    },
  } as Options);
  expect((await ask(server.port, POLLING)).status).toBe(403);
  await expect.poll(() => uncaught.errors).toEqual([error]);
});

// Socket.IO's emitter stops at the first listener that throws.
test.skipIf(isControl)(
  "SO58 the other listeners of the event are called all the same",
  async () => {
    using uncaught = catchUncaught("uncaughtException");
    await using server = await startServer();
    const { client, socket } = await server.pair();
    const fail = (): never => {
      throw new Error("no");
    };
    socket.onAny(fail);
    socket.on("x", fail);
    const heard = event(socket, "x");
    server.io.on("connection", fail);
    const second = record(server.io, "connection");
    client.emit("x");
    await heard;
    await server.pair();
    expect(second).toHaveLength(1);
    await expect.poll(() => uncaught.errors).toHaveLength(3);
  },
);

test.skipIf(isControl)(
  "SO59 onListenerError takes over, and is told the error, the socket and the event",
  async () => {
    using uncaught = catchUncaught("uncaughtException");
    using unhandled = catchUncaught("unhandledRejection");
    const told: unknown[][] = [];
    const onListenerError = (...args: unknown[]): void => void told.push(args);
    await using server = await startServer({ onListenerError } as unknown as Options);
    const { client, socket } = await server.pair();
    client.on("ask", (answer: () => void) => answer());
    const fail = (text: string) => (): never => {
      throw new Error(text);
    };
    socket.on("sync", fail("sync"));
    socket.on("async", async () => fail("async")());
    socket.onAny((name: string) => {
      if (name === "any") fail("any")();
    });
    socket.on("disconnect", fail("disconnect"));
    client.emit("sync");
    client.emit("async");
    client.emit("any");
    socket.emit("ask", fail("answer"));
    await expect.poll(() => told).toHaveLength(4);
    server.io.on("connection", fail("connection"));
    const other = await server.pair("", {});
    const left = event(socket, "disconnect");
    client.disconnect();
    await left;
    const summary = told.map(([error, from, name]) => [(error as Error).message, from, name]);
    expect(summary).toContainEqual(["sync", socket, "sync"]);
    expect(summary).toContainEqual(["async", socket, "async"]);
    expect(summary).toContainEqual(["any", socket, "any"]);
    expect(summary).toContainEqual(["answer", socket, "ack"]);
    expect(summary).toContainEqual(["connection", other.socket, "connection"]);
    expect(summary).toContainEqual(["disconnect", socket, "disconnect"]);
    expect(told).toHaveLength(6);
    expect([uncaught.errors, unhandled.errors]).toEqual([[], []]);
  },
);

test.skipIf(isControl)("SO59 what onListenerError itself throws is uncaught", async () => {
  using uncaught = catchUncaught("uncaughtException");
  const onListenerError = (error: Error): never => {
    throw new Error(`handler: ${error.message}`);
  };
  await using server = await startServer({ onListenerError } as unknown as Options);
  const { client, socket } = await server.pair();
  socket.on("x", () => {
    throw new Error("listener");
  });
  client.emit("x");
  await expect.poll(() => uncaught.errors.map(String)).toEqual(["Error: handler: listener"]);
});

test.skipIf(isControl)(
  "SO60 a middleware of a socket that throws keeps its event back; error tells of it",
  async () => {
    await using server = await startServer();
    const { client, socket } = await server.pair();
    socket.use(([name]) => {
      if (name === "bad") throw new Error("from middleware");
    });
    socket.use((_event, next) => next());
    const failed = event(socket, "error");
    client.emit("bad");
    expect((await failed)[0].message).toBe("from middleware");
    expect(client.connected).toBe(true);
  },
);
