// Two hosts in one TypeScript program: each has a request of its own, and neither changes the types of the other.

import type { IncomingMessage } from "node:http";
import { Server as NodeServer } from "@sockeye/node";
import { expectTypeOf, test } from "vitest";
import { type UwsRequestRecord, Server as UwsServer } from "./index.ts";

interface Say {
  news: (title: string) => void;
}

test("a socket's request is that of the host whose server it belongs to", () => {
  new NodeServer<Say>().on("connection", (socket) => {
    expectTypeOf(socket.request).toEqualTypeOf<IncomingMessage>();
    socket.emit("news", "a title");
  });
  new UwsServer<Say>().on("connection", (socket) => {
    expectTypeOf(socket.request).toEqualTypeOf<UwsRequestRecord>();
    socket.emit("news", "a title");
  });
});

test("a server has the entrances of its own host alone", () => {
  expectTypeOf<NodeServer>().not.toHaveProperty("attachApp");
  expectTypeOf<UwsServer>().toHaveProperty("attachApp");
});
