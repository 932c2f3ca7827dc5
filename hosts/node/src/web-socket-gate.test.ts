// Who serves a WebSocket: ourselves, `ws`, or the configured engine; and that each serves it over every kind of stream.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { type ClientOptions, WebSocket, WebSocketServer } from "ws";
import { event, type Options, startServer } from "../test/running-server.ts";
import { WEBSOCKET, WirePeer } from "../test/wire.ts";
import { Server } from "./index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Opens a session and has something echoed. */
async function talk(port: number, options: ClientOptions): Promise<WirePeer> {
  const peer = await WirePeer.open(port, WEBSOCKET, options);
  await peer.join();
  peer.send('421["echo","ä"]');
  expect(await peer.next()).toBe('431["ä"]');
  return peer;
}

class Watched extends WebSocketServer {}

test.each([
  ["nothing configured, no offer", {}, false, ""],
  ["nothing configured, an offer", {}, true, ""],
  ["compression, no offer", { perMessageDeflate: true }, false, ""],
  ["compression, an offer", { perMessageDeflate: true }, true, "ws"],
  ["an engine, no offer", { wsEngine: Watched }, false, "ws"],
  ["an engine, an offer", { wsEngine: Watched }, true, "ws"],
] as const)("WS18 %s", async (_title, options, perMessageDeflate, by) => {
  const seen = vi.spyOn(WebSocketServer.prototype, "handleUpgrade");
  await using server = await startServer({ wsEngine: undefined, ...options } as unknown as Options);
  server.io.on("connection", (socket) => socket.on("echo", (data, answer) => answer(data)));
  const peer = await talk(server.port, { perMessageDeflate });
  expect(seen).toHaveBeenCalledTimes(by === "ws" ? 1 : 0);
  expect(peer.ws.extensions).toBe(
    by === "ws" && "perMessageDeflate" in options ? "permessage-deflate" : "",
  );
  peer.close();
});

test("WS18 on ws, what follows in the same turn waits, and a peer that reads again makes it drain", async () => {
  await using server = await startServer({ wsEngine: Watched } as unknown as Options);
  const peer = await WirePeer.open(server.port);
  const joined = server.joined();
  await peer.join();
  const socket = await joined;
  socket.emit("x", 1);
  socket.volatile.emit("x", 2);
  expect(await peer.next()).toBe('42["x",1]');
  const drained = event(socket.conn, "drain");
  peer.ws.pause();
  for (let sent = 0; sent < 20; sent++) socket.emit("big", "x".repeat(1_000_000));
  peer.ws.resume();
  await drained;
  expect((await peer.next()).length).toBe(1_000_012);
  peer.close();
});

/** A stream that is no TCP socket and passes everything on. */
class Through extends Duplex {
  readonly #to: Duplex;

  constructor(to: Duplex) {
    super();
    this.#to = to;
    to.on("data", (chunk) => this.push(chunk));
    to.on("end", () => this.push(null));
    to.on("close", () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#to.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#to.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#to.destroy();
    done(error);
  }
}

test("WS18 a stream that is no TCP socket is served like one", async () => {
  const http = createServer();
  const io = new Server();
  io.attach(http, {});
  const other = createServer();
  other.on("upgrade", (request, socket, head) => {
    const through = new Through(socket);
    io.engine?.handleUpgrade(request, through, head);
  });
  io.on("connection", (socket) => {
    socket.on("echo", (data: unknown, answer: (data: unknown) => void) => answer(data));
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const peer = await talk((other.address() as AddressInfo).port, {});
  const big = "x".repeat(300_000);
  peer.send(`422["echo","${big}"]`);
  expect(await peer.next()).toBe(`432["${big}"]`);
  peer.ws.close();
  expect(await peer.closed).toBe(1005);
  expect(peer.ws.readyState).toBe(WebSocket.CLOSED);
  await io.close();
  other.close();
});
