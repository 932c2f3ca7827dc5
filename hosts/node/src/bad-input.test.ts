// Garbage on the ports: bytes that are no HTTP, requests that break off, random frames. Nobody else notices.

import { connect } from "node:net";
import { expect, test } from "vitest";
import { event, startServer } from "../test/running-server.ts";
import { ask, exchangeBytes, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

/** The same bytes in every run. */
function noise(length: number, seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 0xff;
    }),
  );
}

const UPGRADE = [
  `GET ${WEBSOCKET} HTTP/1.1`,
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

test("NH44 bytes that are no HTTP, and broken handshakes, are refused", async () => {
  await using server = await startServer();
  const { client } = await server.pair();
  for (const bytes of [
    noise(2000, 1).toString("latin1"),
    "GET\r\n\r\n",
    UPGRADE.replace("Version: 13", "Version: 1"),
    UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
    UPGRADE.replace("GET", "POST"),
  ]) {
    expect(await exchangeBytes(server.port, bytes).answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  expect(client.connected).toBe(true);
  expect(server.io.engine.clientsCount).toBe(1);
});

test.each([
  "",
  "\u001e\u001e",
  "4",
  "40",
  "x".repeat(5000),
  "b%%%%",
  "9999",
  '42["x",{"_placeholder":true,"num":1e9}]',
  `40${"[".repeat(2000)}`,
  '40{"__proto__":{"polluted":true}}',
])("NH44 a polling body of %j ends at most its own session", async (body) => {
  await using server = await startServer();
  const { client } = await server.pair();
  const peer = await PollingPeer.open(server.port);
  const answer = await peer.post(body);
  expect([200, 400]).toContain(answer.status);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(client.connected).toBe(true);
  expect((await ask(server.port, POLLING)).status).toBe(200);
});

test.each([1, 2, 3, 4, 5])(
  "NH44 random frames (seed %i) end their own connection",
  async (seed) => {
    await using server = await startServer();
    const { client } = await server.pair();
    const peer = await WirePeer.open(server.port);
    await peer.join();
    const bytes = noise(400, seed);
    peer.send(bytes.toString("latin1"));
    peer.send(bytes);
    for (let at = 0; at < bytes.length; at += 40)
      peer.send(`4${bytes.toString("latin1", at, at + 40)}`);
    await peer.closed;
    expect(client.connected).toBe(true);
  },
);

test("NH44 bytes after a WebSocket handshake that are no frames end that connection", async () => {
  await using server = await startServer();
  const { client } = await server.pair();
  const { socket, answer } = exchangeBytes(server.port, UPGRADE);
  await event(socket, "data");
  socket.write(noise(500, 7));
  expect(await answer).toMatch(/^HTTP\/1\.1 101 /);
  expect(client.connected).toBe(true);
  expect(server.io.engine.clientsCount).toBe(1);
});

test("NH44 requests that break off in the middle leave nothing behind", async () => {
  await using server = await startServer();
  const { client } = await server.pair();
  const peer = await PollingPeer.open(server.port);
  const joined = server.joined();
  await peer.post("40");
  const left = event(await joined, "disconnect");
  const broken = connect(server.port, "127.0.0.1");
  broken.write(`POST ${peer.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n42["half`);
  await event(server.http, "request");
  broken.destroy();
  expect((await left)[0]).toBe("transport error");
  expect(server.io.engine.clientsCount).toBe(1);
  expect(client.connected).toBe(true);
});

test.each(["polling", "websocket"])(
  "NH45 what others add to Object.prototype changes nothing: %s",
  async (transport) => {
    const prototype = Object.prototype as unknown as Record<string, unknown>;
    prototype["polluted"] = () => "polluted";
    try {
      await using server = await startServer({ cookie: true, cors: { origin: "*" } });
      const joined = server.joined();
      const client = server.client("", { transports: [transport], auth: { a: 1 } });
      await event(client, "connect");
      const socket = await joined;
      client.on("ask", (data: { b: ArrayBuffer }, answer: (data: Buffer) => void) => {
        answer(Buffer.from(data.b));
      });
      const answer = await socket.emitWithAck("ask", { b: Buffer.from([1]) });
      expect(Buffer.from(answer)).toEqual(Buffer.from([1]));
      expect(Object.keys(socket.handshake.auth)).toEqual(["a"]);
    } finally {
      delete prototype["polluted"];
    }
  },
);
