// `io()` without an address outside a page, as in a module that a server loads to render a page.

import { expect, test } from "vitest";
import { io } from "./index.ts";
import { io as leanIo } from "./websocket.ts";

const options = { autoConnect: false };

test("CL2 the whole client does not throw, with or without the options' host", () => {
  expect(io(options).connected).toBe(false);
  expect(io({ ...options, hostname: "host.example" }).connected).toBe(false);
});

test("CL2 the client with WebSocket alone does not throw", () => {
  expect(leanIo(options).connected).toBe(false);
});

test("CL2 it fails when it connects, as with an address where nothing listens", async () => {
  const socket = io({ port: 9, transports: ["polling"], reconnection: false, forceNew: true });
  const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  expect(error).toMatchObject({ code: "ERR_TRANSPORT" });
});
