// ES modules under Jest (`--experimental-vm-modules`).

import { createRequire } from "node:module";
import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { Server as FacadeServer } from "socket.io";
import { io as facadeIo } from "socket.io-client";
import conversation from "./conversation.js";

const { converse, EXPECTED } = conversation;

test("a server and a client talk", async () => {
  expect(await converse({ Server, io })).toEqual(EXPECTED);
});

test("one instance under every name and by either form", () => {
  expect([FacadeServer, facadeIo]).toEqual([Server, io]);
  expect(createRequire(import.meta.url)("@sockeye/node").Server).toBe(Server);
});
