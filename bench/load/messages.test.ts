// What the generator sends and expects: numbered, masked as a WebSocket client must, and strict about replies.

import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { BINARY, TEXT } from "./frames.mjs";
import { Expectation, exchangeOf } from "./messages.mjs";
import { SendRing, webSocketSlot } from "./send-ring.mjs";
import { WebSocketPeer } from "./web-socket.mjs";

/** Sends `count` messages in two goes to `ws`, and returns what it made of them. */
async function receivedByWs(
  parts: Parameters<typeof webSocketSlot>[0],
  count: number,
): Promise<{ text: string; isBinary: boolean }[]> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const messages: { text: string; isBinary: boolean }[] = [];
  const wanted = count * parts.length;
  await new Promise<void>((resolve, reject) => {
    server.on("connection", (socket) => {
      socket.on("error", reject);
      socket.on("message", (data, isBinary) => {
        messages.push({ text: (data as Buffer).toString(), isBinary });
        if (messages.length === wanted) resolve();
      });
    });
    const ring = new SendRing(webSocketSlot(parts), { size: 3, first: 10_000_000 });
    const place = { port, path: "/", index: 0, buffer: Buffer.alloc(1024) };
    const peer = new WebSocketPeer(place, {
      onOpen() {
        for (let from = 0; from < count; from += 2) {
          ring.send(from, Math.min(2, count - from), (bytes) => peer.write(Buffer.from(bytes)));
        }
      },
      onFrame() {},
      onEnd: (why) => reject(new Error(why)),
    });
    server.once("connection", () => server.close());
  });
  for (const socket of server.clients) socket.terminate();
  return messages;
}

test("a ring of three slots sends five numbered messages that `ws` understands", async () => {
  const { request } = exchangeOf("ack", { size: 64, isRaw: false });
  const messages = await receivedByWs(request, 5);
  const numbers = messages.map(({ text }) => text.slice(2, 10));
  expect(numbers).toEqual([0, 1, 2, 3, 4].map((number) => String(10_000_000 + number)));
  expect(JSON.parse(messages[0]?.text.slice(10) ?? "")[1]).toHaveLength(56);
});

test.each([200, 65_536])("binary of %i bytes: a head and an attachment", async (size) => {
  const { request } = exchangeOf("binary", { size, isRaw: false });
  const messages = await receivedByWs(request, 1);
  expect(messages.map(({ isBinary }) => isBinary)).toEqual([false, true]);
  expect(messages[0]?.text).toBe('451-["echo",{"_placeholder":true,"num":0}]');
  expect(messages[1]?.text).toHaveLength(size);
});

test("a reply is due once, in order, unchanged, in the right kind of frame", () => {
  const exchange = exchangeOf("text", { size: 64, isRaw: false });
  const expectation = new Expectation(exchange);
  const reply = Buffer.from(exchange.reply[0]?.payload ?? "");
  reply.write("00000007", reply.indexOf("00000000"));
  const frame = { start: 0, end: reply.length, opcode: TEXT };
  expect(expectation.isMet(reply, frame, { part: 0, number: 7 })).toBe(true);
  expect(expectation.isMet(reply, frame, { part: 0, number: 6 })).toBe(false);
  expect(expectation.isMet(reply, { ...frame, opcode: BINARY }, { part: 0, number: 7 })).toBe(
    false,
  );
  reply[reply.length - 3] = 0x21;
  expect(expectation.isMet(reply, frame, { part: 0, number: 7 })).toBe(false);
});
