// What is on its way to a peer: limits for one that does not read, and bytes that the application changes afterwards.

import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { answerFences, event, isControl, settled, startServer } from "../test/running-server.ts";
import { PollingPeer, WirePeer } from "../test/wire.ts";

const SIZES = [16, 5000, 300_000] as const;

test.skipIf(isControl)(
  "NH42 a WebSocket peer that does not read is closed at maxSendBufferSize; others go on",
  async () => {
    await using server = await startServer({ maxSendBufferSize: 500_000 });
    const { client, socket: reader } = await server.pair();
    answerFences(client);
    const deaf = await WirePeer.open(server.port);
    const joined = server.joined();
    await deaf.join();
    const socket = await joined;
    const network = (socket.request as IncomingMessage).socket;
    (deaf.ws as unknown as { _socket: { pause(): void } })._socket.pause();
    const left = event(socket, "disconnect");
    const chunk = "x".repeat(100_000);
    while (socket.connected) {
      server.io.emit("chunk", chunk);
      await settled(reader);
    }
    const [reason, details] = await left;
    expect(reason).toBe("slow consumer");
    expect((details as Error).message).toMatch(/does not read.*maxSendBufferSize is 500000$/);
    // Nothing is kept for it: the network connection is gone, with what waited.
    expect(network.destroyed).toBe(true);
    expect(client.connected).toBe(true);
    expect(server.io.engine.clientsCount).toBe(1);
    deaf.close();
  },
);

test.skipIf(isControl)("NH42 a peer that does not read gathers no listeners", async () => {
  await using server = await startServer();
  const { client, socket: reader } = await server.pair();
  answerFences(client);
  const deaf = await WirePeer.open(server.port);
  const joined = server.joined();
  await deaf.join();
  const network = ((await joined).request as IncomingMessage).socket;
  const atFirst = network.listenerCount("drain");
  (deaf.ws as unknown as { _socket: { pause(): void } })._socket.pause();
  for (let fullTurns = 0; fullTurns < 20; ) {
    server.io.emit("chunk", "x".repeat(100_000));
    await settled(reader);
    if (network.writableNeedDrain) fullTurns += 1;
  }
  expect(network.listenerCount("drain") - atFirst).toBeLessThanOrEqual(1);
  deaf.close();
});

test.skipIf(isControl)("NH42 so is a peer on polling that does not poll", async () => {
  await using server = await startServer({ maxSendBufferSize: 10_000 });
  const peer = await PollingPeer.open(server.port);
  const joined = server.joined();
  await peer.post("40");
  const socket = await joined;
  const left = event(socket, "disconnect");
  // More in every turn: what one turn writes is kept.
  while (socket.connected) {
    socket.emit("x", "y".repeat(1000));
    await new Promise(setImmediate);
  }
  expect((await left)[0]).toBe("slow consumer");
  expect(socket.connected).toBe(false);
});

test.skipIf(isControl)(
  "NH42 emitWithAck that meets the limit rejects instead of hanging",
  async () => {
    await using server = await startServer({ maxSendBufferSize: 1000 });
    const peer = await PollingPeer.open(server.port);
    const joined = server.joined();
    await peer.post("40");
    const socket = await joined;
    const answer = expect(socket.emitWithAck("x", "y".repeat(2000))).rejects.toThrow(
      "disconnected",
    );
    while (socket.connected) {
      socket.emit("x", "y".repeat(1000));
      await new Promise(setImmediate);
    }
    await answer;
  },
);

test.skipIf(isControl).each([1, 70_000])(
  "NH42 a client that reads is sent 70 MB in one turn, in %i events",
  async (events) => {
    await using server = await startServer();
    const { client, socket } = await server.pair();
    let bytes = 0;
    const whole = new Promise<void>((resolve) => {
      client.on("x", (text: string) => {
        bytes += text.length;
        if (bytes === 70_000_000) resolve();
      });
    });
    const text = "y".repeat(70_000_000 / events);
    for (let sent = 0; sent < events; sent++) socket.emit("x", text);
    await whole;
    expect(socket.connected).toBe(true);
  },
);

// Socket.IO itself keeps the application's bytes until they are written.
test.skipIf(isControl).each(SIZES)(
  "NH43 bytes that change after emit (%i of them) are sent as they were: WebSocket",
  async (size) => {
    await using server = await startServer();
    const { client, socket } = await server.pair();
    const received = [event(client, "one"), event(client, "all"), event(client, "view")];
    const bytes = Buffer.alloc(size, 1);
    socket.emit("one", bytes);
    bytes.fill(2);
    server.io.emit("all", bytes);
    bytes.fill(3);
    socket.emit("view", new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    bytes.fill(4);
    const got = (await Promise.all(received)).map(([data]) => Buffer.from(data as ArrayBuffer));
    expect(got.map((data) => data.length)).toEqual([size, size, size]);
    expect(got.map((data) => [data.at(0), data.at(-1)])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  },
);

test.skipIf(isControl)(
  "NH43 the same over polling, in acknowledgements and with compression",
  async () => {
    await using server = await startServer({ perMessageDeflate: { threshold: 0 } });
    const polling = server.client("", { transports: ["polling"] });
    await event(polling, "connect");
    const { client, socket } = await server.pair();
    const received = [polling, client].map((each) => event(each, "all"));
    const bytes = Buffer.from([1]);
    server.io.emit("all", bytes);
    bytes.fill(2);
    for (const [data] of await Promise.all(received))
      expect(Buffer.from(data)).toEqual(Buffer.from([1]));
    socket.on("give", (answer: (data: Buffer) => void) => {
      answer(bytes);
      bytes.fill(3);
    });
    expect(Buffer.from(await client.emitWithAck("give"))).toEqual(Buffer.from([2]));
  },
);

test.skipIf(isControl)("NH43 the same for bytes sent past Socket.IO, with conn.send", async () => {
  await using server = await startServer();
  const peer = await WirePeer.open(server.port);
  const joined = server.joined();
  await peer.join();
  const bytes = Buffer.from([1, 1]);
  (await joined).conn.send(bytes);
  bytes.fill(2);
  expect(await peer.next()).toEqual(Buffer.from([1, 1]));
  peer.close();
});
