// What util.inspect, and with it console.log, shows of a socket.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import { event, startServer } from "../test/running-server.ts";

test("NH107 console.log(socket) shows id, namespace, status, rooms and data", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair("/admin");
  socket.data = { user: "ann" };
  void socket.join("room");
  expect(inspect(socket, { breakLength: Number.POSITIVE_INFINITY })).toBe(
    `Socket { id: '${socket.id}', nsp: '/admin', status: 'connected', rooms: Set(2) { '${socket.id}', 'room' }, data: { user: 'ann' } }`,
  );
  expect(inspect({ a: { b: { c: { socket } } } })).toContain("c: [Object]");
  expect(inspect({ a: { b: { socket } } })).toContain(`[Socket ${socket.id}]`);
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(inspect(socket)).toContain("status: 'not connected'");
});
