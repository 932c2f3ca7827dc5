// What util.inspect, and with it console.log, shows of a client in Node.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";
import { io as leanIo } from "./websocket.ts";

const WIDE = { breakLength: Number.POSITIVE_INFINITY };

test.each([
  ["the whole client", io],
  ["the client with WebSocket alone", leanIo as unknown as typeof io],
])("HN14 console.log(socket) shows id, namespace and status: %s", async (_, connect) => {
  await using server = await startServer();
  server.io.of("/admin");
  const socket = connect(`${server.url}/admin`, { forceNew: true, auth: { token: "secret" } });
  await next(socket as never, "connect");
  expect(inspect(socket, WIDE)).toMatch(
    /^Socket \{ id: '[\w-]+', nsp: '\/admin', status: \{ state: 'open', transport: '\w+' \} \}$/,
  );
  expect(inspect(socket.io, WIDE)).toMatch(
    /^Manager \{ hostname: '127.0.0.1', port: '\d+', secure: false, path: '\/socket.io', status: .* nsps: \[ '\/admin' \] \}$/,
  );
  expect(inspect({ a: { b: { socket } } })).toContain("socket: [Socket]");
  socket.disconnect();
  expect(inspect(socket, WIDE)).toContain("id: undefined");
});

test("HN14 classes go by their public names", () => {
  expect([io.Manager.name, io.Socket.name, leanIo.Manager.name]).toEqual([
    "Manager",
    "Socket",
    "Manager",
  ]);
  const socket = io("http://127.0.0.1:9", { autoConnect: false });
  expect([socket.constructor.name, socket.io.constructor.name]).toEqual(["Socket", "Manager"]);
});
