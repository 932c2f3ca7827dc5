// WebTransport on Node, whose sessions come from a package of the application's choice: here they are made in memory, while
// polling is real.

import { MemorySession } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { startServer } from "../test/running-server.ts";
import { PollingPeer } from "../test/wire.ts";

type Engine = { onWebTransportSession(session: MemorySession, about?: object): void };

/** A server with all transports, and what the application calls with its sessions. */
async function start() {
  const server = await startServer({ transports: ["polling", "websocket", "webtransport"] });
  const engine = server.io.engine as unknown as Engine;
  return { server, accept: engine.onWebTransportSession.bind(engine) };
}

test("WT11 a session that the application passes on is a client like any other", async () => {
  const { accept, server: started } = await start();
  await using server = started;
  const joined = server.joined();
  const session = new MemorySession();
  accept(session, { url: "/socket.io/?token=x", remoteAddress: "192.0.2.1" });
  session.transmit("0");
  expect(await session.next()).toMatch(/^0/);
  session.transmit("40");
  const socket = await joined;
  await session.next();
  expect(socket.handshake).toMatchObject({ address: "192.0.2.1", query: { token: "x" } });
  expect([socket.request.method, socket.conn.transport.name]).toEqual(["CONNECT", "webtransport"]);
  const answered = new Promise((resolve) => socket.emit("question", Buffer.of(1), resolve));
  expect(await session.next()).toBe('451-0["question",{"_placeholder":true,"num":0}]');
  expect(await session.next()).toEqual(Uint8Array.of(1));
  session.transmit('461-0[{"_placeholder":true,"num":0}]');
  session.transmit(Uint8Array.of(2));
  expect(await answered).toEqual(Buffer.of(2));
});

test("WT2 a client on polling moves to a session, and what waits for it arrives there", async () => {
  const { accept, server: started } = await start();
  await using server = started;
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  const session = new MemorySession();
  accept(session);
  session.transmit(`0${JSON.stringify({ sid: peer.sid })}`);
  session.transmit("2probe");
  expect(await session.next()).toBe("3probe");
  socket.emit("waiting");
  session.transmit("5");
  expect(await session.next()).toBe('42["waiting"]');
  expect(socket.conn.transport.name).toBe("webtransport");
});
