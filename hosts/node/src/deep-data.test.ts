// Data nested so deep that sending it again could fail never reaches a listener that would relay it.

import { expect, test } from "vitest";
import { msgpackCodec } from "../src/index.ts";
import { event, isControl, record, startServer } from "../test/running-server.ts";
import { WEBSOCKET, WirePeer } from "../test/wire.ts";

const DEPTHS = [...Array.from({ length: 40 }, (_, n) => n * 50 + 1), 998, 999, 1000, 10_000];

test.skipIf(isControl)("PR31 a server that relays lives at every depth", async () => {
  await using server = await startServer();
  server.io.on("connection", (socket) => {
    socket.on("relay", (data, answer) => {
      server.io.emit("relayed", { from: socket.id, data });
      answer?.({ data });
    });
  });
  const { client } = await server.pair();
  const received = record(client, "relayed");
  let refused = 0;
  for (const depth of DEPTHS) {
    const peer = new WirePeer(server.port, WEBSOCKET);
    await peer.next();
    peer.send("40");
    await peer.next();
    peer.send(`420["relay",${"[".repeat(depth)}${"]".repeat(depth)}]`);
    const first = await Promise.race([peer.next(), peer.closed.then(() => null)]);
    if (first === null) refused++;
    peer.close();
  }
  expect(refused).toBe(DEPTHS.filter((depth) => depth > 1000).length);
  await event(client.emit("relay", "last"), "relayed");
  expect(received.length).toBe(DEPTHS.length - refused + 1);
});

test.skipIf(isControl)("PR31 with MessagePack as well", async () => {
  await using server = await startServer({ parser: msgpackCodec() as never });
  server.io.on("connection", (socket) => {
    socket.on("relay", (data) => server.io.emit("relayed", { from: socket.id, data }));
  });
  const header = Buffer.from("\x83\xa4type\x02\xa3nsp\xa1/\xa4data\x92\xa5relay", "latin1");
  for (const depth of [1, 900, 998, 999, 1100, 10_000]) {
    const peer = new WirePeer(server.port, WEBSOCKET);
    await peer.next();
    peer.send(Buffer.from("\x82\xa4type\x00\xa3nsp\xa1/", "latin1"));
    await peer.next();
    peer.send(Buffer.concat([header, Buffer.alloc(depth, 0x91), Buffer.of(0)]));
    const answer = await Promise.race([peer.next(), peer.closed.then(() => null)]);
    expect(answer === null).toBe(depth > 998);
    peer.close();
  }
});
