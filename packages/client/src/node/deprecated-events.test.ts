// The events of reconnecting on the socket, where Socket.IO 2 had them: told still, with one warning for each name.

import { afterEach, expect, test, vi } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("CL95 reconnect and reconnect_attempt are told with their number, to every listener once", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  await using server = await startServer();
  const socket = io(server.url, { forceNew: true, reconnectionDelay: 1 });
  await next(socket, "connect");
  const log: unknown[] = [];
  const untyped = socket as unknown as {
    on(event: string, listener: (value: unknown) => void): void;
    once(event: string, listener: (value: unknown) => void): void;
  };
  untyped.on("reconnect_attempt", (attempt) => log.push(["attempt", attempt]));
  untyped.on("reconnect", (attempt) => log.push(["on", attempt]));
  untyped.once("reconnect", (attempt) => log.push(["once", attempt]));
  expect(warn.mock.calls).toEqual([
    ['socket.on("reconnect_attempt") is deprecated: use socket.io.on()'],
    ['socket.on("reconnect") is deprecated: use socket.io.on()'],
  ]);
  for (let time = 0; time < 2; time++) {
    const reconnected = next(socket.io, "reconnect");
    socket.io.engine.close();
    await reconnected;
  }
  expect(log).toEqual([
    ["attempt", 1],
    ["on", 1],
    ["once", 1],
    ["attempt", 1],
    ["on", 1],
  ]);
  socket.disconnect();
});

test("CL95 reconnect_error and reconnect_failed are told, and other names warn of nothing", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const server = await startServer();
  const socket = io(server.url, { forceNew: true, reconnectionDelay: 1, reconnectionAttempts: 1 });
  await next(socket, "connect");
  socket.on("reconnection", () => {});
  expect(warn).not.toHaveBeenCalled();
  const failed = next(socket, "reconnect_failed");
  const error = next(socket, "reconnect_error");
  await server[Symbol.asyncDispose]();
  expect((await error)[0]).toBeInstanceOf(Error);
  expect(await failed).toEqual([]);
  expect(warn).toHaveBeenCalledTimes(2);
  socket.disconnect();
});
