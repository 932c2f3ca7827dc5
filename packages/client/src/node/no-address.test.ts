// `io()` without an address outside a page, as in a module that a server loads to render a page.

import { expect, test } from "vitest";
import { io } from "./index.ts";
import { io as leanIo } from "./websocket.ts";

const opts = { autoConnect: false };

test.each([
  ["the whole client", io],
  ["the client with WebSocket alone", leanIo as unknown as typeof io],
])("CL2 %s does not throw, and has localhost or the host of the options", (_name, connect) => {
  const socket = connect(opts);
  expect(socket.connected).toBe(false);
  expect(socket.io.engine).toBeUndefined();
  expect(connect({ ...opts, hostname: "host.example" }).connected).toBe(false);
});

test("CL2 it fails when it connects, as with an address where nothing listens", async () => {
  const socket = io({ port: 9, transports: ["polling"], reconnection: false, forceNew: true });
  const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  expect(error).toMatchObject({ code: "ERR_TRANSPORT" });
});
