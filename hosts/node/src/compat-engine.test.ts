// Rows of docs/compatibility.md about io.engine and socket.conn: members, events, what they say and when.
// Every test runs against the real Socket.IO too (CONTROL=socket.io).

import type { IncomingMessage, ServerResponse } from "node:http";
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

test("engine.clientsCount goes up at the handshake and down at the end", async () => {
  await using server = await startServer();
  const { engine } = server.io;
  const counts = [engine.clientsCount];
  engine.on("connection", () => void counts.push(engine.clientsCount));
  const { peer, conn } = await joinedPeer(server);
  const closed = event(conn, "close");
  peer.close();
  await closed;
  counts.push(engine.clientsCount);
  expect(counts).toEqual([0, 1, 0]);
});

test("engine.opts has the options with their defaults", async () => {
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

test("engine.close ends every connection, and returns the engine", async () => {
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

test("connection is raised with the connection, at the handshake", async () => {
  await using server = await startServer();
  const raised = event(server.io.engine, "connection");
  const peer = await PollingPeer.open(server.port);
  const [conn] = await raised;
  expect(conn.id).toBe(peer.sid);
  expect(conn.transport.name).toBe("polling");
  expect(conn.readyState).toBe("open");
});

test("connection_error of engine middleware: code 3, MIDDLEWARE_FAILURE", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error");
  server.io.engine.use((_req: unknown, _res: unknown, next: (error: Error) => void) => {
    next(new Error("no"));
  });
  const answer = await ask(server.port, POLLING);
  expect([answer.status, answer.text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
  expect(refused).toEqual([
    [
      expect.objectContaining({
        code: 3,
        message: "Bad request",
        context: expect.objectContaining({ name: "MIDDLEWARE_FAILURE" }),
      }),
    ],
  ]);
});

test("connection_error of a session over another transport: TRANSPORT_MISMATCH", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error") as [{ context: object }][];
  const { peer, conn } = await joinedPeer(server);
  const answer = await ask(server.port, `${POLLING}&sid=${conn.id}`);
  expect(answer.text).toBe('{"code":3,"message":"Bad request"}');
  expect(refused[0]?.[0].context).toMatchObject({ name: "TRANSPORT_MISMATCH" });
  expect(conn.readyState).toBe("open");
  peer.close();
});

test("engine middleware runs for polls and posts of a session as well", async () => {
  await using server = await startServer();
  const methods: (string | undefined)[] = [];
  server.io.engine.use((request: IncomingMessage, _res: ServerResponse, next: () => void) => {
    methods.push(request.method);
    next();
  });
  const { peer } = await pollingPeer(server);
  await peer.post("3");
  expect(methods).toEqual(["GET", "POST", "GET", "POST"]);
});

test("engine middleware that ends the response keeps the request from the engine", async () => {
  await using server = await startServer();
  server.io.engine.use((_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(503, { "retry-after": "1" });
    response.end("later");
  });
  const answer = await ask(server.port, POLLING);
  expect([answer.status, answer.text, answer.headers["retry-after"]]).toEqual([503, "later", "1"]);
  expect(server.io.engine.clientsCount).toBe(0);
});

test("id, protocol, request, remoteAddress and readyState of a connection", async () => {
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

test("transport: its name, before the upgrade and after", async () => {
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

test("packet: every packet of the peer, with its type; heartbeat: each pong", async () => {
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

test("packetCreate: every packet to the peer, with the wish for compression", async () => {
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

test("send and write of a connection send an engine message as it is", async () => {
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

test("the callback of send is called when the message has left", async () => {
  await using server = await startServer();
  const { peer, conn } = await joinedPeer(server);
  const left = new Promise<{ name: string }>((resolve) => {
    conn.send("raw", {}, resolve as never);
  });
  expect((await left).name).toBe("websocket");
  expect(await peer.next()).toBe("4raw");
  peer.close();
});

test("close of a connection: what is queued leaves first, then forced close", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const left = event(socket, "disconnect");
  socket.emit("last");
  conn.close();
  expect(await peer.next()).toBe('42["last"]');
  expect((await left)[0]).toBe("forced close");
  expect(await peer.closed).toBe(1005);
});

test("close of a connection that polls: the next poll has what is queued, then the close", async () => {
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

test("writeBuffer has what a peer on polling has not fetched", async () => {
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

test("flush and drain of connection and engine, when something leaves", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const order: string[] = [];
  for (const name of ["flush", "drain"]) conn.on(name, () => void order.push(`conn ${name}`));
  server.io.engine.on("flush", () => void order.push("engine flush"));
  server.io.engine.on("drain", () => void order.push("engine drain"));
  const drained = event(server.io.engine, "drain");
  socket.emit("x");
  await peer.next();
  await drained;
  expect(order.filter((each) => each.endsWith("flush"))).toEqual(["conn flush", "engine flush"]);
  expect(order.slice(-2)).toEqual(["conn drain", "engine drain"]);
  peer.close();
});

test("a refused WebSocket handshake: 400, the bare message, the connection closed", async () => {
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

test("handleRequest and handleUpgrade take requests whatever their path", async () => {
  await using server = await startServer();
  const joined = server.joined();
  server.http.on("request", (request, response) => {
    if (request.url?.startsWith("/elsewhere"))
      server.io.engine.handleRequest(request as never, response);
  });
  const { text } = await ask(server.port, "/elsewhere?EIO=4&transport=polling");
  expect(text).toMatch(/^0\{"sid":/);
  const { sid } = JSON.parse(text.slice(1)) as { sid: string };
  await new PollingPeer(server.port, sid).post("40");
  expect((await joined).handshake.url).toBe("/elsewhere?EIO=4&transport=polling");
});

test("ping timeout over polling and WebSocket has no description", async () => {
  await using server = await startServer({ pingInterval: 50, pingTimeout: 30 });
  for (const open of [joinedPeer, pollingPeer]) {
    const { peer, socket } = await open(server);
    const [reason, description] = await event(socket, "disconnect");
    expect([reason, description]).toEqual(["ping timeout", undefined]);
    if (peer instanceof WirePeer) peer.close();
  }
});

test("transport error has an Error: overlapping polls, and what it says", async () => {
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

test("upgraded is whether the connection has moved: not for one that began over WebSocket", async () => {
  await using server = await startServer();
  const { peer, conn } = await joinedPeer(server);
  expect([conn.transport.name, conn.upgraded, conn.upgrading]).toEqual(["websocket", false, false]);
  peer.close();
});

test("close of a connection over WebSocket with nothing queued is over when it returns", async () => {
  await using server = await startServer();
  const { peer, socket, conn } = await joinedPeer(server);
  const told = [...["disconnecting", "disconnect"].map((name) => record(socket, name))];
  conn.close();
  expect(conn.readyState).toBe("closed");
  expect(told.map(([args]) => args?.[0])).toEqual(["forced close", "forced close"]);
  expect(socket.connected).toBe(false);
  expect(await peer.closed).toBe(1005);
});
