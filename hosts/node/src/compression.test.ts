// Compression of polling answers and of WebSocket messages: thresholds, order, and messages that opt out.

import { gunzipSync, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { event, isControl, type Options, record, startServer } from "../test/running-server.ts";
import { type Answer, ask, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

const LONG = "long ".repeat(400);

/** The answer to a poll that carries one event with `text`. */
async function pollOf(
  options: Options,
  text: string,
  how: { readonly accepted?: string; readonly compress?: boolean } = {},
): Promise<Answer> {
  await using server = await startServer(options);
  const peer = await PollingPeer.open(server.port);
  const joined = server.joined();
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  socket.compress(how.compress ?? true).emit("x", text);
  const accepted = how.accepted ?? "gzip, deflate";
  return await ask(server.port, peer.path, { headers: { "accept-encoding": accepted } });
}

test.each([
  ["gzip, deflate", "gzip", gunzipSync],
  ["deflate", "deflate", inflateSync],
  ["br, gzip", "gzip", gunzipSync],
] as const)(
  "NH35 a polling answer from 1024 bytes on is compressed: %s",
  async (accepted, encoding, decompress) => {
    const answer = await pollOf({}, LONG, { accepted });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(decompress(answer.body).toString()).toBe(`42${JSON.stringify(["x", LONG])}`);
  },
);

test("NH35 what the peer does not accept, or is shorter, is sent plain", async () => {
  for (const answer of [await pollOf({}, LONG, { accepted: "br" }), await pollOf({}, "short")]) {
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    expect(answer.text).toMatch(/^42\["x","/);
  }
});

test("NH35 httpCompression: false and compress(false) turn it off", async () => {
  expect(
    (await pollOf({ httpCompression: false }, LONG)).headers["content-encoding"],
  ).toBeUndefined();
  const answer = await pollOf({}, LONG, { compress: false });
  expect(answer.headers["content-encoding"]).toBeUndefined();
});

test("NH35 the threshold can be chosen; an object without one means every answer", async () => {
  const low = await pollOf({ httpCompression: { threshold: 4 } }, "short");
  expect(low.headers["content-encoding"]).toBe("gzip");
  const high = await pollOf({ httpCompression: { threshold: 100_000 } }, LONG);
  expect(high.headers["content-encoding"]).toBeUndefined();
  const none = await pollOf({ httpCompression: { level: 9 } }, "short");
  expect(none.headers["content-encoding"]).toBe("gzip");
});

test("NH35 httpCompression: true compresses every answer, however short", async () => {
  const short = await pollOf({ httpCompression: true }, "short");
  expect(short.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(short.body).toString()).toBe('42["x","short"]');
  await using server = await startServer({ httpCompression: true });
  const { headers } = await ask(server.port, POLLING, { headers: { "accept-encoding": "gzip" } });
  expect(headers["content-encoding"]).toBe("gzip");
});

test("NH36 permessage-deflate is not negotiated unless it was asked for", async () => {
  await using server = await startServer();
  const peer = await WirePeer.open(server.port);
  expect(peer.ws.extensions).toBe("");
  peer.close();
});

// Socket.IO itself compresses these WebSocket messages whatever `compress` says.
test.skipIf(isControl)(
  "NH36 with perMessageDeflate a peer that can is sent compressed messages",
  async () => {
    await using server = await startServer({ perMessageDeflate: true });
    const peer = await WirePeer.open(server.port);
    expect(peer.ws.extensions).toContain("permessage-deflate");
    const joined = server.joined();
    await peer.join();
    const socket = await joined;
    const network = (peer.ws as unknown as { _socket: { bytesRead: number } })._socket;
    const bytesFor = async (send: () => unknown): Promise<number> => {
      const before = network.bytesRead;
      send();
      expect(await peer.next()).toBe(`42${JSON.stringify(["x", LONG])}`);
      return network.bytesRead - before;
    };
    expect(await bytesFor(() => socket.emit("x", LONG))).toBeLessThan(200);
    expect(await bytesFor(() => socket.compress(false).emit("x", LONG))).toBeGreaterThan(
      LONG.length,
    );
    expect(await bytesFor(() => server.io.emit("x", LONG))).toBeLessThan(200);
    expect(await bytesFor(() => server.io.compress(false).emit("x", LONG))).toBeGreaterThan(
      LONG.length,
    );
    peer.close();
  },
);

test("NH36 one broadcast reaches peers with compression, without it, and on polling", async () => {
  await using server = await startServer({ perMessageDeflate: { threshold: 10 } });
  const deflating = await WirePeer.open(server.port);
  const plain = await WirePeer.open(server.port, WEBSOCKET, { perMessageDeflate: false });
  expect(plain.ws.extensions).toBe("");
  await deflating.join();
  await plain.join();
  const polling = server.client("", { transports: ["polling"] });
  await event(polling, "connect");
  const received = event(polling, "x");
  const bytes = Buffer.from([1, 2, 3]);
  server.io.emit("x", LONG, bytes);
  for (const peer of [deflating, plain]) {
    expect(await peer.next()).toBe(
      `451-${JSON.stringify(["x", LONG, { _placeholder: true, num: 0 }])}`,
    );
    expect(await peer.next()).toEqual(bytes);
    peer.close();
  }
  const [text, received2] = await received;
  expect([text, Buffer.from(received2)]).toEqual([LONG, bytes]);
  expect(record(polling, "x")).toEqual([]);
});
