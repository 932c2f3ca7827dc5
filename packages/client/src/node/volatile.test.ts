// Volatile events mean the same in every build: they leave at once or are dropped.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { next, startServer } from "../../testing/socket-io-server.ts";
import * as page from "../index.ts";
import * as smallPage from "../websocket.ts";
import * as node from "./index.ts";
import * as smallNode from "./websocket.ts";

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const OPTIONS = { forceNew: true, transports: ["websocket"], perMessageDeflate: false };
const LIMIT = 65_536;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each<[string, { io: typeof node.io }]>([
  ["the whole client in Node", node],
  ["the whole client in a page", page],
  // Their types have less.
  ["the small client in Node", smallNode as unknown as typeof node],
  ["the small client in a page", smallPage as unknown as typeof node],
])("%s", (_, { io }) => {
  test("CL110 a volatile event is dropped while not connected, and when the transport is busy", async () => {
    await using server = await startServer();
    const heard: string[] = [];
    server.io.on("connection", (socket) => {
      socket.onAny((event) => void heard.push(event));
      socket.on("end", (answer) => answer());
    });
    const client = io(server.url, OPTIONS);
    client.volatile.emit("before the connection");
    await next(client, "connect");
    await turn();
    client.volatile.emit("first").volatile.emit("second");
    client.emit("regular").volatile.emit("third");
    await turn();
    client.volatile.emit("fourth");
    await client.emitWithAck("end");
    expect(heard).toEqual(["first", "regular", "fourth", "end"]);
    client.disconnect();
  });

  test("CL111 a volatile event is dropped while more than 64 KiB wait in the WebSocket", async () => {
    await using server = await startServer();
    let arrived = 0;
    server.io.on("connection", (socket) => {
      socket.on("frame", () => void arrived++);
      socket.on("end", (answer) => answer(arrived));
    });
    const client = io(server.url, OPTIONS);
    const [socket] = await next(server.io, "connection");
    if (!client.connected) await next(client, "connect");
    const network = socket.conn.transport.socket._socket;
    network.pause();
    const data = "x".repeat(32_768);
    const buffered = (): number => client.io.engine.transport.bufferedAmount as number;
    let sent = 0;
    let most = 0;
    // Until the buffers of the system are full, which differ in size.
    while (buffered() <= LIMIT && sent < 5000) {
      client.volatile.emit("frame", data);
      sent++;
      most = Math.max(most, buffered());
      await turn();
    }
    expect(buffered()).toBeGreaterThan(LIMIT);
    for (let at = 0; at < 50; at++) {
      client.volatile.emit("frame", data);
      await turn();
    }
    expect(Math.max(most, buffered())).toBeLessThan(LIMIT + 2 * data.length);
    network.resume();
    expect(await client.emitWithAck("end")).toBe(sent);
    client.disconnect();
  });
});
