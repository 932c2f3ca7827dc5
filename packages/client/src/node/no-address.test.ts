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

test.each(["/chat", "", undefined])("CL2 the address %j does not throw in any entry", (address) => {
  for (const connect of [io, leanIo as unknown as typeof io]) {
    const socket = connect(address, options);
    expect(socket.nsp).toBe(address || "/");
    expect(socket.io.opts).toMatchObject({ hostname: "localhost", port: "80", secure: false });
  }
});

test("CL2 a namespace without a host fails when it connects, with a hint", async () => {
  const socket = io("/chat", { reconnection: false, forceNew: true });
  const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  expect(error).toMatchObject({
    code: "ERR_TRANSPORT",
    hintCode: "HINT_REFUSED",
    hint: expect.stringContaining(
      "nothing listens at localhost:80 (ECONNREFUSED): start the server",
    ),
  });
});

test("CL2 it fails when it connects, as with an address where nothing listens", async () => {
  const socket = io({ port: 9, transports: ["polling"], reconnection: false, forceNew: true });
  const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  expect(error).toMatchObject({ code: "ERR_TRANSPORT" });
});
