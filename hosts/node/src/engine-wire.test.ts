// The wire, seen from outside: refusals, bodies, bytes, JSON, and revision 3. Every test runs against Socket.IO too
// (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  event,
  isControl,
  type RunningServer,
  record,
  startServer,
} from "../test/running-server.ts";
import { ask, POLLING, PollingPeer, WirePeer } from "../test/wire.ts";

const OLD_POLLING = "/socket.io/?EIO=3&transport=polling";
const OLD_WEBSOCKET = "/socket.io/?EIO=3&transport=websocket";

async function joinedPeer(server: RunningServer, path?: string) {
  const joined = server.joined();
  const peer = await WirePeer.open(server.port, path);
  if (path === undefined) await peer.join();
  return { peer, socket: await joined };
}

async function pollingPeer(server: RunningServer) {
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  return { peer, socket };
}

test("EN30 transport=webtransport over HTTP is refused with code 0", async () => {
  await using server = await startServer();
  const { status, text } = await ask(server.port, "/socket.io/?EIO=4&transport=webtransport");
  expect([status, text]).toEqual([400, '{"code":0,"message":"Transport unknown"}']);
});

test.each([
  ["the transport before the session", "/socket.io/?EIO=4&transport=x&sid=y", "GET", 0],
  ["the session before the method", `${POLLING}&sid=y`, "PUT", 1],
  ["the method before the revision", "/socket.io/?EIO=3&transport=polling", "PUT", 2],
  ["the revision last", "/socket.io/?EIO=3&transport=polling", "GET", 5],
])("EN38 what is looked at: %s", async (_what, path, method, code) => {
  await using server = await startServer();
  expect(JSON.parse((await ask(server.port, path, { method })).text)).toMatchObject({ code });
});

test("EN33 a session asked for in another revision: PROTOCOL_MISMATCH, and it goes on", async () => {
  await using server = await startServer({ allowEIO3: true });
  const refused = record(server.io.engine, "connection_error") as [{ context: object }][];
  const { peer, socket } = await pollingPeer(server);
  const answer = await ask(server.port, `${OLD_POLLING}&sid=${peer.sid}`);
  expect([answer.status, answer.text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
  expect(refused[0]?.[0].context).toMatchObject({ name: "PROTOCOL_MISMATCH" });
  expect(socket.connected).toBe(true);
});

test("EN38 a refusal is told once, and opens nothing", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error");
  const opened = record(server.io.engine, "connection");
  await ask(server.port, "/socket.io/?EIO=4&transport=pigeon");
  expect([refused.length, opened.length, server.io.engine.clientsCount]).toEqual([1, 0, 0]);
});

test("EN23 an answer to a poll may be larger than maxHttpBufferSize", async () => {
  await using server = await startServer({ maxHttpBufferSize: 1000 });
  const { peer, socket } = await pollingPeer(server);
  socket.emit("x", "y".repeat(5000));
  expect((await peer.poll())[0]).toHaveLength(5000 + '42["x",""]'.length);
});

test("EN22 a noop and an open packet of a peer mean nothing", async () => {
  await using server = await startServer();
  const { peer, socket } = await pollingPeer(server);
  const heard = event(socket, "x");
  expect((await peer.post("6", "0", '42["x"]')).text).toBe("ok");
  await heard;
  expect(socket.connected).toBe(true);
});

test("EN73 conn.close(true) drops what waits for a poll", async () => {
  await using server = await startServer();
  const { peer, socket } = await pollingPeer(server);
  const left = event(socket, "disconnect");
  socket.emit("x");
  socket.conn.close(true);
  expect((await left)[0]).toBe("forced close");
  expect((await ask(server.port, peer.path)).text).toBe(
    '{"code":1,"message":"Session ID unknown"}',
  );
});

test.each([
  ["a bigint", 1n],
  [
    "a toJSON that throws",
    {
      toJSON() {
        throw new TypeError("no");
      },
    },
  ],
])("SO19 %s throws a TypeError where it is emitted", async (_what, data) => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  expect(() => socket.emit("x", data)).toThrow(TypeError);
  expect(() => server.io.emit("x", data)).toThrow(TypeError);
  socket.emit("after");
  expect(await peer.next()).toBe('42["after"]');
  peer.close();
});

test("SO19 circular data throws where it is emitted", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  // A RangeError in Socket.IO, whose search for bytes runs out of stack first.
  expect(() => socket.emit("x", circular)).toThrow(isControl ? RangeError : TypeError);
  expect(() => server.io.emit("x", circular)).toThrow(isControl ? RangeError : TypeError);
  peer.close();
});

const { buffer } = new Uint8Array([1, 2, 3, 4]);

test.each<[string, unknown, number[]]>([
  ["a Buffer", Buffer.from([7, 8]), [7, 8]],
  ["an ArrayBuffer", buffer.slice(0, 2), [1, 2]],
  ["a Uint8Array that shows a part", new Uint8Array(buffer, 1, 2), [2, 3]],
  ["an Int8Array", new Int8Array([-1]), [255]],
  ["a DataView", new DataView(buffer, 3, 1), [4]],
  ["a Float32Array", new Float32Array([1]), [0, 0, 128, 63]],
  ["an empty Buffer", Buffer.alloc(0), []],
])("PR20 %s leaves as bytes", async (_what, value, bytes) => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  socket.emit("x", { a: [value] });
  expect(await peer.next()).toBe('451-["x",{"a":[{"_placeholder":true,"num":0}]}]');
  expect([...((await peer.next()) as Buffer)]).toEqual(bytes);
  peer.close();
});

test("PR16 JSON as it is: maps, sets, NaN, undefined, toJSON, expressions, errors", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  const data = [
    new Map([[1, 2]]),
    new Set([1]),
    Number.NaN,
    undefined,
    { a: undefined, b: () => {} },
  ];
  socket.emit("x", ...data, { toJSON: () => "j" }, /a/, new Error("e"), new Date(0));
  expect(await peer.next()).toBe('42["x",{},{},null,null,{},"j",{},{},"1970-01-01T00:00:00.000Z"]');
  peer.close();
});

test("PR20 a placeholder in a packet without attachments is data", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  const heard = event(socket, "x");
  peer.send('42["x",{"_placeholder":true,"num":0}]');
  expect(await heard).toEqual([{ _placeholder: true, num: 0 }]);
  peer.close();
});

test("NH23 a peer that left while allowRequest decides opens nothing that stays", async () => {
  let decide = (): void => {};
  await using server = await startServer({
    allowRequest: ((_request: unknown, done: (error: null, isAllowed: boolean) => void) => {
      decide = () => done(null, true);
    }) as never,
    pingInterval: 20,
    pingTimeout: 20,
  });
  const controller = new AbortController();
  const asked = ask(server.port, POLLING, { signal: controller.signal }).catch(() => "gone");
  const received = event(server.http, "request");
  await received;
  controller.abort();
  expect(await asked).toBe("gone");
  decide();
  await expect.poll(() => server.io.engine.clientsCount).toBe(0);
});

test("EN90 revision 3: text over polling has its length before it, in UTF-16 units", async () => {
  await using server = await startServer({ allowEIO3: true });
  const joined = server.joined();
  const sid = /"sid":"([^"]+)"/.exec((await ask(server.port, OLD_POLLING)).text)?.[1];
  const path = `${OLD_POLLING}&sid=${sid}`;
  const socket = await joined;
  const heard = [event(socket, "a"), event(socket, "b")];
  const { text } = await ask(server.port, path, {
    method: "POST",
    body: '7:42["a"]11:42["b","€"]',
  });
  expect(text).toBe("ok");
  expect(await Promise.all(heard)).toEqual([[], ["€"]]);
});

test("EN90 revision 3: a body of bytes is taken, and sent when there are bytes in it", async () => {
  await using server = await startServer({ allowEIO3: true });
  const joined = server.joined();
  const sid = /"sid":"([^"]+)"/.exec((await ask(server.port, OLD_POLLING)).text)?.[1];
  const path = `${OLD_POLLING}&sid=${sid}`;
  const socket = await joined;
  const heard = event(socket, "x");
  const packet = Buffer.from('42["x",1]');
  const body = Buffer.concat([Buffer.from([0, packet.length, 255]), packet]);
  const headers = { "content-type": "application/octet-stream" };
  expect((await ask(server.port, path, { method: "POST", headers, body })).text).toBe("ok");
  expect(await heard).toEqual([1]);
  socket.emit("y", Buffer.from([1, 2, 3]));
  let last = await ask(server.port, path);
  // The first poll may have brought CONNECT alone.
  if (last.headers["content-type"] !== "application/octet-stream")
    last = await ask(server.port, path);
  expect(last.headers["content-type"]).toBe("application/octet-stream");
  expect([...last.body.subarray(-7)]).toEqual([1, 4, 255, 4, 1, 2, 3]);
});

test("EN90 revision 3: bytes over WebSocket have their type in front, both ways", async () => {
  await using server = await startServer({ allowEIO3: true });
  const { peer, socket } = await joinedPeer(server, OLD_WEBSOCKET);
  expect(await peer.next()).toBe("40");
  const heard = event(socket, "x");
  peer.send('451-["x",{"_placeholder":true,"num":0}]');
  peer.send(Buffer.from([4, 9]));
  expect(await heard).toEqual([Buffer.from([9])]);
  socket.emit("y", Buffer.from([1]));
  expect(await peer.next()).toBe('451-["y",{"_placeholder":true,"num":0}]');
  expect(await peer.next()).toEqual(Buffer.from([4, 1]));
  peer.close();
});

test("EN91 revision 3: the client pings, the server answers; a client that does not is gone", async () => {
  await using server = await startServer({ allowEIO3: true, pingInterval: 300, pingTimeout: 300 });
  const { peer, socket } = await joinedPeer(server, OLD_WEBSOCKET);
  await peer.next();
  peer.send("2");
  expect(await peer.next()).toBe("3");
  expect((await event(socket, "disconnect"))[0]).toBe("ping timeout");
  peer.close();
});

test("EN91 revision 3: a pong of the client breaks the rules", async () => {
  await using server = await startServer({ allowEIO3: true });
  const { peer, socket } = await joinedPeer(server, OLD_WEBSOCKET);
  const left = event(socket, "disconnect");
  peer.send("3");
  expect((await left)[0]).toBe("transport error");
  peer.close();
});

test("LE2 one broadcast reaches peers of both revisions", async () => {
  await using server = await startServer({ allowEIO3: true });
  const old = await joinedPeer(server, OLD_WEBSOCKET);
  await old.peer.next();
  const young = await joinedPeer(server);
  server.io.emit("x", Buffer.from([1]));
  for (const { peer } of [old, young]) {
    expect(await peer.next()).toBe('451-["x",{"_placeholder":true,"num":0}]');
  }
  expect([await old.peer.next(), await young.peer.next()]).toEqual([
    Buffer.from([4, 1]),
    Buffer.from([1]),
  ]);
  old.peer.close();
  young.peer.close();
});
