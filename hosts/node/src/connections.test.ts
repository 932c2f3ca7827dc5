// io.engine and socket.conn: members, events, what they say and when. Every test runs against Socket.IO too
// (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  event,
  type RunningServer,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import { ask, exchangeBytes, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

/** `socket.conn` with the members that the declarations of Socket.IO keep to themselves. */
type Conn = Pick<ServerSocket["conn"], keyof ServerSocket["conn"]> & {
  readonly id: string;
  readonly upgrading: boolean;
  readonly writeBuffer: { readonly type: string; readonly data: string }[];
};

async function joinedPeer(server: RunningServer) {
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  return { peer, socket, conn: socket.conn as unknown as Conn };
}

async function pollingPeer(server: RunningServer) {
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  return { peer, socket, conn: socket.conn as unknown as Conn };
}

test("NH64 engine.opts has the options with their defaults", async () => {
  await using server = await startServer({ pingInterval: 111 });
  expect(server.io.engine.opts).toMatchObject({
    pingInterval: 111,
    pingTimeout: 20_000,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: 1e6,
    transports: ["polling", "websocket"],
    allowUpgrades: true,
    allowEIO3: false,
    httpCompression: { threshold: 1024 },
  });
});

test("EN79 engine.close ends every connection, and returns the engine", async () => {
  await using server = await startServer();
  const one = await joinedPeer(server);
  const two = await pollingPeer(server);
  const reasons = [one, two].map(({ socket }) => event(socket, "disconnect"));
  expect(server.io.engine.close()).toBe(server.io.engine);
  expect((await Promise.all(reasons)).map(([reason]) => reason)).toEqual([
    "forced close",
    "forced close",
  ]);
  expect(await one.peer.closed).toBe(1005);
});

test("EN33 connection_error of a session over another transport: TRANSPORT_MISMATCH", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error") as [{ context: object }][];
  const { peer, conn } = await joinedPeer(server);
  const answer = await ask(server.port, `${POLLING}&sid=${conn.id}`);
  expect(answer.text).toBe('{"code":3,"message":"Bad request"}');
  expect(refused[0]?.[0].context).toMatchObject({ name: "TRANSPORT_MISMATCH" });
  expect(conn.readyState).toBe("open");
  peer.close();
});

test("SO56 id, protocol, request, remoteAddress and readyState of a connection", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  expect(conn.id).toMatch(/^[\w-]{20}$/);
  expect(conn.protocol).toBe(4);
  expect(conn.request).toBe(socket.request);
  expect(conn.remoteAddress).toContain("127.0.0.1");
  expect(conn.readyState).toBe("open");
  const closed = event(conn, "close");
  peer.close();
  expect((await closed)[0]).toBe("transport close");
  expect(conn.readyState).toBe("closed");
  expect(conn.remoteAddress).toContain("127.0.0.1");
});

test("SO56 transport: its name, before the upgrade and after", async () => {
  await using server = await startServer();
  const joined = server.joined();
  server.client();
  const { conn } = await joined;
  expect([conn.transport.name, conn.upgraded]).toEqual(["polling", false]);
  const [upgrading] = await event(conn, "upgrading");
  expect(upgrading.name).toBe("websocket");
  expect([conn.transport.name, (conn as unknown as Conn).upgrading]).toEqual(["polling", true]);
  const [upgraded] = await event(conn, "upgrade");
  expect(upgraded.name).toBe("websocket");
  expect([conn.transport.name, conn.upgraded]).toEqual(["websocket", true]);
  expect((conn as unknown as Conn).upgrading).toBe(false);
});

test("SO56 packet: every packet of the peer, with its type; heartbeat: each pong", async () => {
  await using server = await startServer({ pingInterval: 50 });
  const { peer, conn } = await joinedPeer(server);
  const packets = record(conn, "packet") as [{ type: string; data?: unknown }][];
  const messages = record(conn, "message");
  const data = record(conn, "data");
  const beat = event(conn, "heartbeat");
  peer.send('42["x"]');
  // The ping is not handed out by next().
  await new Promise<void>((resolve) => {
    peer.ws.on("message", (frame: Buffer) => {
      if (frame.toString() !== "2") return;
      peer.send("3");
      resolve();
    });
  });
  await beat;
  const [first, second] = packets.map(([packet]) => packet);
  expect(first).toMatchObject({ type: "message", data: '2["x"]' });
  expect(second).toMatchObject({ type: "pong" });
  expect(messages).toEqual([['2["x"]']]);
  expect(data).toEqual([['2["x"]']]);
  peer.close();
});

test("SO56 packetCreate: every packet to the peer, with the wish for compression", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const packets = record(conn, "packetCreate") as [{ options: { compress: boolean } }][];
  socket.emit("x");
  socket.compress(false).emit("y");
  server.io.emit("z");
  server.io.compress(false).emit("w");
  expect(packets.map(([packet]) => packet)).toMatchObject([
    { type: "message", data: '2["x"]', options: { compress: true } },
    { type: "message", data: '2["y"]', options: { compress: false } },
    { type: "message", data: '2["z"]', options: { compress: true } },
    { type: "message", data: '2["w"]', options: { compress: false } },
  ]);
  peer.close();
});

test("SO56 send and write of a connection send an engine message as it is", async () => {
  await using server = await startServer();
  const { peer, conn } = await joinedPeer(server);
  expect(conn.send("raw")).toBe(conn);
  expect(conn.write("more")).toBe(conn);
  conn.send(Buffer.from([1, 2]));
  expect([await peer.next(), await peer.next(), await peer.next()]).toEqual([
    "4raw",
    "4more",
    Buffer.from([1, 2]),
  ]);
  peer.close();
});

test("EN72 close of a connection: what is queued leaves first, then forced close", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const left = event(socket, "disconnect");
  socket.emit("last");
  conn.close();
  expect(await peer.next()).toBe('42["last"]');
  expect((await left)[0]).toBe("forced close");
  expect(await peer.closed).toBe(1005);
});

test("EN71 close of a connection that polls: the next poll has what is queued, then the close", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await pollingPeer(server);
  const closed = event(conn, "close");
  socket.emit("last");
  conn.close();
  expect(["closing", "closed"]).toContain(conn.readyState);
  const frames = await peer.poll();
  if (!frames.includes("1")) frames.push(...(await peer.poll()));
  expect(frames.filter((frame) => frame !== "6")).toEqual(['42["last"]', "1"]);
  expect((await closed)[0]).toBe("forced close");
});

test("NH65 writeBuffer has what a peer on polling has not fetched", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await pollingPeer(server);
  expect(conn.writeBuffer).toHaveLength(0);
  socket.emit("a");
  socket.emit("b");
  expect(conn.writeBuffer.map(({ type, data }) => [type, data])).toEqual([
    ["message", '2["a"]'],
    ["message", '2["b"]'],
  ]);
  await peer.poll();
  await expect.poll(() => conn.writeBuffer.length).toBe(0);
});

test("EN36 a refused WebSocket handshake: 400, the bare message, the connection closed", async () => {
  await using server = await startServer();
  const lines = [
    `GET ${WEBSOCKET}&sid=nobody HTTP/1.1`,
    ...["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
    ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "\r\n"],
  ];
  const answer = await exchangeBytes(server.port, lines.join("\r\n")).answer;
  const [head = "", body] = answer.split("\r\n\r\n");
  expect(head.split("\r\n")[0]).toBe("HTTP/1.1 400 Bad Request");
  expect(head).toContain("Connection: close");
  expect(head).toContain("Content-type: text/html");
  expect(body).toBe("Session ID unknown");
});

test("SO50 ping timeout over polling and WebSocket has no description", async () => {
  await using server = await startServer({ pingInterval: 50, pingTimeout: 30 });
  for (const open of [joinedPeer, pollingPeer]) {
    const { peer, socket } = await open(server);
    const [reason, description] = await event(socket, "disconnect");
    expect([reason, description]).toEqual(["ping timeout", undefined]);
    if (peer instanceof WirePeer) peer.close();
  }
});

test("SO50 transport error has an Error: overlapping polls, and what it says", async () => {
  await using server = await startServer();
  const { peer, socket } = await pollingPeer(server);
  const left = event(socket, "disconnect");
  const first = ask(server.port, peer.path);
  // The first has arrived before the second is sent.
  await expect.poll(() => socket.conn.transport.writable).toBe(true);
  const second = await ask(server.port, peer.path);
  expect([second.status, second.text]).toEqual([400, ""]);
  expect((await first).text).toBe("1");
  const [reason, error] = await left;
  expect(reason).toBe("transport error");
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toBe("overlap from client");
});

test("SO56 upgraded is whether the connection has moved: not for one that began over WebSocket", async () => {
  await using server = await startServer();
  const { peer, conn } = await joinedPeer(server);
  expect([conn.transport.name, conn.upgraded, conn.upgrading]).toEqual(["websocket", false, false]);
  peer.close();
});

test("SO50 close of a connection over WebSocket with nothing queued is over when it returns", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const told = [...["disconnecting", "disconnect"].map((name) => record(socket, name))];
  conn.close();
  expect(conn.readyState).toBe("closed");
  expect(told.map(([args]) => args?.[0])).toEqual(["forced close", "forced close"]);
  expect(socket.connected).toBe(false);
  expect(await peer.closed).toBe(1005);
});
