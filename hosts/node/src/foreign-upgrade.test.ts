// WebSocket handshakes for paths that are not ours: ended when nobody answers, left alone otherwise.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { startServer } from "../test/running-server.ts";
import { exchangeBytes, WirePeer } from "../test/wire.ts";

const HANDSHAKE = [
  "GET /other HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

test("NH21 an upgrade request for another path is ended after destroyUpgradeTimeout", async () => {
  await using server = await startServer({ destroyUpgradeTimeout: 20 });
  expect(await exchangeBytes(server.port, HANDSHAKE).answer).toBe("");
});

test("NH21 one that another listener has answered is left alone", async () => {
  await using server = await startServer({ destroyUpgradeTimeout: 1 });
  const other = new WebSocketServer({ noServer: true });
  const ours: Duplex[] = [];
  server.http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== "/other") return;
    ours.push(socket);
    other.handleUpgrade(request, socket, head, (ws) => {
      ws.on("message", (data) => ws.send(`echo ${String(data)}`));
    });
  });
  const peer = new WirePeer(server.port, "/other");
  await new Promise((resolve) => peer.ws.on("open", resolve));
  // A second foreign request is ended by the same timeout, so that the first one's is over by then.
  expect(await exchangeBytes(server.port, HANDSHAKE.replace("/other", "/third")).answer).toBe("");
  peer.send("x");
  expect(await peer.next()).toBe("echo x");
  expect(ours).toHaveLength(1);
  peer.close();
});

test("NH22 destroyUpgrade: false leaves such requests to others for as long as they want", async () => {
  await using server = await startServer({ destroyUpgrade: false, destroyUpgradeTimeout: 1 });
  const { socket, answer } = exchangeBytes(server.port, HANDSHAKE);
  const held = await new Promise<Duplex>((resolve) => {
    server.http.once("upgrade", (_request, each: Duplex) => resolve(each));
  });
  // Two servers' worth of other work later it is still open.
  const { client } = await server.pair();
  expect(client.connected).toBe(true);
  expect(held.writable).toBe(true);
  held.end("later");
  expect(await answer).toBe("later");
  socket.destroy();
});
