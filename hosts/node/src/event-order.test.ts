// The order of events and the moment at which things happen: on joining, leaving, refusing, in middleware. Every test
// runs against Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  event,
  type RunningServer,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

test("SO5 joining: middleware, then connect and connection of the namespace, with CONNECT before", async () => {
  await using server = await startServer();
  const order: string[] = [];
  const nsp = server.io.of("/a");
  nsp.use((_socket, next) => {
    order.push("first");
    next();
  });
  nsp.use((socket, next) => {
    order.push(`second, in sockets: ${nsp.sockets.has(socket.id)}`);
    next();
  });
  nsp.on("connection", (socket) => void order.push(`connection ${[...socket.rooms].length}`));
  nsp.on("connect", () => void order.push("connect"));
  const { adapter } = nsp;
  adapter.on("create-room", () => order.push("create-room"));
  adapter.on("join-room", () => order.push("join-room"));
  const client = server.fast("/a");
  await event(client, "connect");
  expect(order).toEqual([
    "first",
    "second, in sockets: false",
    "create-room",
    "join-room",
    "connect",
    "connection 1",
  ]);
});

test("SO49 leaving: disconnecting, the adapter's events, disconnect, the connection's close", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const order: string[] = [];
  void socket.join("r");
  const { adapter } = socket.nsp;
  socket.on("disconnecting", (reason) => void order.push(`disconnecting ${reason}`));
  socket.on("disconnect", (reason) => void order.push(`disconnect ${reason}`));
  adapter.on("leave-room", (room) => order.push(room === "r" ? "leave r" : "leave own"));
  adapter.on("delete-room", (room) => order.push(room === "r" ? "delete r" : "delete own"));
  const closed = new Promise<void>((resolve) => {
    socket.conn.on("close", (reason) => {
      order.push(`close ${reason}`);
      resolve();
    });
  });
  client.io.engine.close();
  await closed;
  expect(order).toEqual([
    "disconnecting transport close",
    "leave own",
    "delete own",
    "leave r",
    "delete r",
    "disconnect transport close",
    "close transport close",
  ]);
});

test("SO49 all namespaces of a connection that ends leave, in the order in which they were joined", async () => {
  await using server = await startServer();
  const order: string[] = [];
  const nsps = ["/", "/b", "/a"];
  for (const name of nsps) {
    server.io.of(name).on("connection", (socket) => {
      socket.on("disconnecting", () => void order.push(`${name} disconnecting`));
      socket.on("disconnect", () => void order.push(`${name} disconnect`));
    });
  }
  const peer = await WirePeer.open(server.port);
  for (const name of nsps) await peer.join(name);
  const [conn] = [...server.io.sockets.sockets.values()].map((socket) => socket.conn);
  const closed = event(conn, "close");
  peer.close();
  await closed;
  expect(order).toEqual(nsps.flatMap((name) => [`${name} disconnecting`, `${name} disconnect`]));
});

test("SO25 listeners of one event are called in turn before those of the next", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const order: string[] = [];
  for (const name of ["a", "b"]) {
    socket.on(name, () => void order.push(`${name}1`));
    socket.on(name, () => void order.push(`${name}2`));
  }
  const last = event(socket, "b");
  client.emit("a");
  client.emit("b");
  await last;
  expect(order).toEqual(["a1", "a2", "b1", "b2"]);
});

test("SO53 events while middleware still decides end the connection", async () => {
  await using server = await startServer();
  server.io.use(() => {});
  const joined = record(server.io, "connection");
  const peer = await WirePeer.open(server.port);
  peer.send("40");
  peer.send('42["x"]');
  await peer.closed;
  expect(joined).toEqual([]);
});

test.each([
  ["an empty message", "", '44{"message":""}'],
  ["a message with quotes", 'a "b"', '44{"message":"a \\"b\\""}'],
])("SO10 a refusal with %s", async (_what, message, frame) => {
  await using server = await startServer();
  server.io.use((_socket, next) => next(new Error(message)));
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe(frame);
  peer.close();
});

test.each([
  ["null", null, '44{"message":"m","data":null}'],
  ["0", 0, '44{"message":"m","data":0}'],
  ["a list", [1], '44{"message":"m","data":[1]}'],
])("SO10 a refusal with %s as data", async (_what, data, frame) => {
  await using server = await startServer();
  server.io.use((_socket, next) => next(Object.assign(new Error("m"), { data })));
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe(frame);
  peer.close();
});

test("SO10 a disconnect event is not raised for a socket that was refused", async () => {
  await using server = await startServer();
  const told: unknown[] = [];
  server.io.use((socket, next) => {
    socket.on("disconnect", () => void told.push("disconnect"));
    socket.on("disconnecting", () => void told.push("disconnecting"));
    next(new Error("no"));
  });
  const raised = event(server.io.engine, "connection");
  const peer = await WirePeer.open(server.port);
  const [conn] = await raised;
  await peer.join();
  const closed = event(conn, "close");
  peer.close();
  await closed;
  expect(told).toEqual([]);
});

async function ends(
  server: RunningServer,
  end: (socket: ServerSocket, peer: WirePeer) => unknown,
): Promise<unknown[]> {
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  const left = event(socket, "disconnect");
  await end(socket, peer);
  const args = await left;
  peer.close();
  return args;
}

test("SO50 the second argument of disconnect is undefined unless there is more to say", async () => {
  await using server = await startServer();
  expect(await ends(server, (_, peer) => peer.send("41"))).toEqual([
    "client namespace disconnect",
    undefined,
  ]);
  expect(await ends(server, (socket) => void socket.disconnect())).toEqual([
    "server namespace disconnect",
    undefined,
  ]);
  expect((await ends(server, (_, peer) => peer.ws.close()))[1]).toBeUndefined();
  expect((await ends(server, (socket) => socket.conn.close()))[1]).toBeUndefined();
});

test("SO25 a listener that is added within an event is called from the next one on", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  socket.on("x", (value) => {
    heard.push(`outer ${value}`);
    if (value === 1) socket.on("x", (inner) => void heard.push(`inner ${inner}`));
  });
  const fence = event(socket, "fence");
  client.emit("x", 1);
  client.emit("x", 2);
  client.emit("fence");
  await fence;
  expect(heard).toEqual(["outer 1", "outer 2", "inner 2"]);
});

test("SO25 a listener that is removed within an event is still called for it", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  const second = (): void => void heard.push("second");
  socket.on("x", () => {
    heard.push("first");
    socket.off("x", second);
  });
  socket.on("x", second);
  const fence = event(socket, "fence");
  client.emit("x");
  client.emit("x");
  client.emit("fence");
  await fence;
  expect(heard).toEqual(["first", "second", "first"]);
});

test("SO22 socket middleware: the events of one socket, not of another; after onAny", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  const order: string[] = [];
  one.socket.onAny(() => void order.push("any"));
  one.socket.use(([name], next) => {
    order.push(`use ${name}`);
    next();
  });
  one.socket.on("x", () => void order.push("x"));
  const heard = [event(one.socket, "x"), event(two.socket, "x")];
  one.client.emit("x");
  two.client.emit("x");
  await Promise.all(heard);
  expect(order).toEqual(["any", "use x", "x"]);
});

test("SO22 socket middleware hears the acknowledgement's function as the last argument", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  socket.use(([name, ...args], next) => {
    const answer = args.at(-1) as (text: string) => void;
    if (name === "x") answer("from middleware");
    else next();
  });
  const heard = record(socket, "x");
  expect(await client.emitWithAck("x", 1)).toBe("from middleware");
  expect(heard).toEqual([]);
});

test("SO36 broadcasts reach sockets in the order in which they joined", async () => {
  await using server = await startServer();
  const order: string[] = [];
  for (const name of ["1", "2", "3"]) {
    const { socket } = await server.pair();
    socket.onAnyOutgoing(() => void order.push(name));
    void socket.join("r");
  }
  server.io.emit("x");
  server.io.to("r").emit("y");
  expect(order).toEqual(["1", "2", "3", "1", "2", "3"]);
});

test("SO49 one client may be in several namespaces; leaving one leaves the others", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const joined = [server.joined(), server.joined("/a")];
  const peer = await WirePeer.open(server.port);
  await peer.join();
  await peer.join("/a");
  const [main, inside] = (await Promise.all(joined)) as [ServerSocket, ServerSocket];
  const left = event(main, "disconnect");
  peer.send("41");
  await left;
  expect([main.connected, inside.connected]).toEqual([false, true]);
  inside.emit("x");
  expect(await peer.next()).toBe('42/a,["x"]');
  // And back again, as a new socket.
  const again = server.joined();
  expect(await peer.join()).toMatch(/^40\{/);
  expect((await again).id).not.toBe(main.id);
  peer.close();
});
