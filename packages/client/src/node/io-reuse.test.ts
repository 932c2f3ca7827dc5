// The option `reuse`: a second `io()` for the same namespace is the same socket, where Socket.IO opens a connection.

import { expect, test } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

test("CL6 a second call gives the same socket, connected again if it had been disconnected", async () => {
  await using server = await startServer();
  const first = io(server.url, { reuse: true });
  await next(first, "connect");
  first.disconnect();
  const second = io(server.url, { reuse: true });
  expect(second).toBe(first);
  await next(second, "connect");
  expect(io(`${server.url}/`, { reuse: true })).toBe(first);
  expect(server.io.engine.clientsCount).toBe(1);
  first.disconnect();
});

test("CL6 without it, and for other namespaces, paths and options, everything is as in Socket.IO", async () => {
  await using server = await startServer();
  const options = { autoConnect: false };
  const first = io(server.url, options);
  expect(io(server.url, options)).not.toBe(first);
  expect(io(server.url, { ...options, reuse: true })).toBe(first);
  expect(io(server.url, { ...options, reuse: true, forceNew: true })).not.toBe(first);
  expect(io(server.url, { ...options, reuse: true, multiplex: false })).not.toBe(first);
  expect(io(server.url, { ...options, reuse: true, path: "/other" })).not.toBe(first);
  const other = io(`${server.url}/other`, { ...options, reuse: true });
  expect(other).not.toBe(first);
  expect(other.io).toBe(first.io);
});
