// How often the client in Node writes to the network.

import { Socket as NetSocket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts what the client's connections to this port write from now on. */
function countWrites(port: number): () => number {
  const prototype = NetSocket.prototype as unknown as Record<
    "_write" | "_writev",
    (this: NetSocket, ...args: unknown[]) => void
  >;
  let writes = 0;
  for (const name of ["_write", "_writev"] as const) {
    const original = prototype[name];
    vi.spyOn(prototype, name).mockImplementation(function (this: NetSocket, ...args) {
      if (this.remotePort === port) writes++;
      original.apply(this, args);
    });
  }
  return () => writes;
}

test("what waits for the first message of a turn is one write", async () => {
  await using server = await startServer();
  const client = io(server.url, { transports: ["websocket"], forceNew: true });
  const [[peer]] = await Promise.all([next(server.io, "connection"), next(client, "connect")]);
  const numbers: number[] = [];
  peer.on("number", (number: number) => numbers.push(number));
  const writes = countWrites(server.port);
  const done = next(peer, "done");
  for (let number = 0; number < 16; number++) client.emit("number", number);
  client.emit("done");
  // At once, so that it has left even if the process ends now.
  expect(writes()).toBe(1);
  await done;
  expect(numbers).toEqual(Array.from({ length: 16 }, (_, number) => number));
  expect(writes()).toBe(2);
  client.disconnect();
});

test("binary among it keeps its place", async () => {
  await using server = await startServer();
  const client = io(server.url, { transports: ["websocket"], forceNew: true });
  const [[peer]] = await Promise.all([next(server.io, "connection"), next(client, "connect")]);
  const received: unknown[] = [];
  peer.on("bytes", (bytes: Buffer) => received.push([...bytes]));
  peer.on("text", (text: string) => received.push(text));
  const done = next(peer, "done");
  client.emit("text", "before");
  client.emit("bytes", new Uint8Array([1, 2, 3]));
  client.emit("text", "after");
  client.emit("done");
  await done;
  expect(received).toEqual(["before", [1, 2, 3], "after"]);
  client.disconnect();
});
