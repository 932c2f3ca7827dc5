// Parsers in Socket.IO's form: its own for MessagePack, and one of an application. Every test runs against Socket.IO
// too (CONTROL=socket.io).

import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import {
  answerFences,
  event,
  type Options,
  record,
  settled,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

const msgpack = createRequire(import.meta.url)("socket.io-msgpack-parser") as object;
const withMsgpack = (more: Options = {}): Options => ({ ...more, parser: msgpack }) as Options;

/** One JSON text for each packet, whatever its type; bytes are not its business. */
const json = {
  Encoder: class {
    encode(packet: object): string[] {
      return [JSON.stringify(packet)];
    }
  },
  Decoder: class extends EventEmitter {
    add(chunk: string): void {
      this.emit("decoded", JSON.parse(chunk));
    }
    destroy(): void {}
  },
};

test("PR56 a parser of one's own decides the frames, both ways", async () => {
  await using server = await startServer({ parser: json } as Options);
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  peer.send('4{"type":0,"nsp":"/"}');
  const socket = await joined;
  expect(JSON.parse(String(await peer.next()).slice(1))).toEqual({
    type: 0,
    nsp: "/",
    data: { sid: socket.id },
  });
  const heard = event(socket, "x");
  peer.send('4{"type":2,"nsp":"/","data":["x",1]}');
  expect(await heard).toEqual([1]);
  socket.emit("y", 2);
  server.io.emit("z", 3);
  for (const data of [
    ["y", 2],
    ["z", 3],
  ]) {
    expect(JSON.parse(String(await peer.next()).slice(1))).toMatchObject({
      type: 2,
      nsp: "/",
      data,
    });
  }
  peer.close();
});

test("PR57 what a parser of one's own throws closes the connection", async () => {
  await using server = await startServer({ parser: json } as Options);
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  peer.send('4{"type":0,"nsp":"/"}');
  const socket = await joined;
  const errors = record(socket, "error");
  const left = event(socket, "disconnect");
  peer.send("4{");
  expect((await left)[0]).toBe("forced close");
  expect(errors).toHaveLength(1);
  await peer.closed;
});

test("PR56 socket.io-msgpack-parser: events, bytes and acknowledgements", async () => {
  await using server = await startServer(withMsgpack());
  const { client, socket } = await server.pair("", { parser: msgpack } as never);
  const heard = event(socket, "x");
  client.emit("x", { a: [1, "two"], b: Buffer.from([1, 2]) });
  const [value] = await heard;
  expect(value.a).toEqual([1, "two"]);
  expect([...value.b]).toEqual([1, 2]);
  client.on("ask", (answer: (value: unknown) => void) => answer({ c: 3 }));
  expect(await socket.timeout(5000).emitWithAck("ask")).toEqual({ c: 3 });
  expect(await server.io.timeout(5000).emitWithAck("ask")).toEqual([{ c: 3 }]);
});

test("PR56 socket.io-msgpack-parser: namespaces, refusals and leaving", async () => {
  await using server = await startServer(withMsgpack());
  server.io.of("/a").use((_socket, next) => {
    next(Object.assign(new Error("no"), { data: { code: 7 } }));
  });
  const [error] = await event(server.fast("/a", { parser: msgpack } as never), "connect_error");
  expect(error).toMatchObject({ message: "no", data: { code: 7 } });
  const { client, socket } = await server.pair("", { parser: msgpack } as never);
  const gone = event(client, "disconnect");
  socket.disconnect();
  expect((await gone)[0]).toBe("io server disconnect");
});

test("PR57 socket.io-msgpack-parser: text that is none of its frames closes the connection", async () => {
  await using server = await startServer(withMsgpack());
  const { client } = await server.pair("", { parser: msgpack } as never);
  const peer = await WirePeer.open(server.port);
  peer.send(Buffer.from([0xc1]));
  await peer.closed;
  expect(client.connected).toBe(true);
});

test("PR56 socket.io-msgpack-parser: recovery", async () => {
  await using server = await startServer(withMsgpack({ connectionStateRecovery: {} }));
  const options = { parser: msgpack, reconnection: true, reconnectionDelay: 1 };
  const { client, socket } = await server.pair("", options as never);
  answerFences(client);
  const seen = event(client, "seen");
  socket.emit("seen");
  await seen;
  await settled(socket);
  const id = client.id;
  const left = event(socket, "disconnect");
  const back = event(client, "connect");
  const missed = event(client, "missed");
  client.io.engine.close();
  await left;
  server.io.emit("missed", 1);
  expect((await missed)[0]).toBe(1);
  await back;
  expect([client.recovered, client.id]).toEqual([true, id]);
});
