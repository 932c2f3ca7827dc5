// Namespaces: several on one connection, refusals, credentials, dynamic names.
import { expect } from "vitest";
import { type Bench, type Scenario, settle } from "../bench.ts";

async function twoOnOneConnection(bench: Bench): Promise<void> {
  const server = await bench.server();
  server.record("/chat");
  const main = await bench.connect(server);
  const chatClient = bench.alongside(main.client, "/chat");
  await chatClient.inbox.take("connect");
  const chat = { client: chatClient, peer: await server.nextPeer("/chat") };

  expect(chat.client.socket.io).toBe(main.client.socket.io);
  expect(server.io.engine.clientsCount).toBe(1);
  expect(chat.peer.socket.id).not.toBe(main.peer.socket.id);
  expect(chat.client.socket.id).toBe(chat.peer.socket.id);
  expect(main.client.socket.id).toBe(main.peer.socket.id);

  server.io.of("/chat").emit("event", "chat");
  server.io.emit("event", "main");
  main.client.socket.emit("event", "to main");
  chat.client.socket.emit("event", "to chat");
  expect(await main.peer.inbox.take("event")).toEqual(["to main"]);
  expect(await chat.peer.inbox.take("event")).toEqual(["to chat"]);
  await settle(main);
  await settle(chat);
  expect(main.client.inbox.kept("event")).toEqual([["main"]]);
  expect(chat.client.inbox.kept("event")).toEqual([["chat"]]);

  chat.client.socket.disconnect();
  expect((await chat.peer.inbox.take("disconnect"))[0]).toBe("client namespace disconnect");
  await settle(main);
  expect(main.client.socket.connected).toBe(true);
}

async function acksPerNamespace(bench: Bench): Promise<void> {
  const server = await bench.server();
  server.io
    .of("/chat")
    .on("connection", (socket) => socket.on("where", (reply) => reply("chat", Buffer.from([1]))));
  server.io.on("connection", (socket) => socket.on("where", (reply) => reply("main")));
  const main = await bench.connect(server);
  const chat = bench.alongside(main.client, "/chat");
  expect(
    await Promise.all([chat.socket.emitWithAck("where"), main.client.socket.emitWithAck("where")]),
  ).toEqual(["chat", "main"]);
}

async function refusal(bench: Bench): Promise<void> {
  const server = await bench.server();
  server.io.of("/admin").use((_socket, next) => {
    next(Object.assign(new Error("not you"), { data: { code: 7, wanted: ["admin"] } }));
  });
  const main = await bench.connect(server);
  const admin = bench.alongside(main.client, "/admin");
  const [error] = (await admin.inbox.take("connect_error")) as [Error & { data: unknown }];
  expect(error).toBeInstanceOf(Error);
  expect([error.message, error.data]).toEqual(["not you", { code: 7, wanted: ["admin"] }]);
  expect([admin.socket.connected, admin.socket.active, admin.socket.id]).toEqual([
    false,
    false,
    undefined,
  ]);
  await settle(main);
  expect(server.io.of("/admin").sockets.size).toBe(0);
}

async function middlewareOrder(bench: Bench): Promise<void> {
  const server = await bench.server();
  const order: unknown[] = [];
  server.io.use((socket, next) => {
    order.push("first", socket.connected);
    socket.data.user = "ada";
    setImmediate(next);
  });
  server.io.use((socket, next) => {
    order.push("second", socket.data.user);
    next();
  });
  server.io.on("connection", (socket) => order.push("connection", socket.connected));
  await bench.connect(server);
  expect(order).toEqual(["first", false, "second", "ada", "connection", true]);
}

async function unknownNamespace(bench: Bench): Promise<void> {
  const { client } = await bench.couple();
  const nowhere = bench.alongside(client, "/nowhere");
  const [error] = await nowhere.inbox.take("connect_error");
  expect((error as Error).message).toBe("Invalid namespace");
  expect(client.socket.connected).toBe(true);
}

async function dynamicNamespace(bench: Bench): Promise<void> {
  const server = await bench.server();
  server.record(/^\/tenant-\d+$/);
  const main = await bench.connect(server);
  const one = bench.alongside(main.client, "/tenant-1");
  const two = bench.alongside(main.client, "/tenant-2");
  const other = bench.alongside(main.client, "/tenant-x");
  await one.inbox.take("connect");
  await two.inbox.take("connect");
  expect(((await other.inbox.take("connect_error"))[0] as Error).message).toBe("Invalid namespace");
  const peer = await server.nextPeer("/tenant-1");
  peer.socket.nsp.emit("event", "only one");
  await settle({ client: one, peer });
  await settle({ client: two, peer: await server.nextPeer("/tenant-2") });
  expect(one.inbox.kept("event")).toEqual([["only one"]]);
  expect(two.inbox.kept("event")).toEqual([]);
}

async function handshake(bench: Bench): Promise<void> {
  const server = await bench.server();
  const { client, peer } = await bench.connect(server, {
    options: {
      auth: { token: "abc" },
      query: { room: "x", odd: "a=b&c d" },
      extraHeaders: { "x-user": "ada" },
    },
  });
  const { auth, query, headers, address, xdomain, secure, url, issued, time } =
    peer.socket.handshake;
  expect(auth).toEqual({ token: "abc" });
  expect(query).toMatchObject({ EIO: "4", room: "x", odd: "a=b&c d" });
  expect(headers["x-user"]).toBe("ada");
  expect([address.endsWith("127.0.0.1"), xdomain, secure, url.startsWith("/socket.io/?")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([typeof issued, typeof time]).toEqual(["number", "string"]);

  expect(client.socket.io.socket("/")).toBe(client.socket);
  let asked = 0;
  const computed = await bench.connect(server, {
    options: { auth: (give: (data: object) => void) => give({ attempt: ++asked }) },
  });
  expect(computed.peer.socket.handshake.auth).toEqual({ attempt: 1 });
  computed.client.socket.disconnect().connect();
  await computed.client.inbox.take("connect");
  expect((await server.nextPeer()).socket.handshake.auth).toEqual({ attempt: 2 });
}

async function ownPath(bench: Bench): Promise<void> {
  const server = await bench.server({ path: "/my-own-path" });
  const { client, peer } = await bench.connect(server, { options: { path: "/my-own-path/" } });
  client.socket.emit("event");
  await peer.inbox.take("event");
}

/** The scenarios of the column "namespaces". */
export const namespaces: readonly Scenario[] = [
  {
    feature: "namespaces",
    title: "two on one connection are apart, and one may leave alone",
    run: twoOnOneConnection,
  },
  { feature: "namespaces", title: "acknowledgements find their namespace", run: acksPerNamespace },
  {
    feature: "namespaces",
    title: "a middleware refuses with data; the connection stays",
    run: refusal,
  },
  {
    feature: "namespaces",
    title: "middlewares run in order before the connection",
    run: middlewareOrder,
  },
  {
    feature: "namespaces",
    title: "an unknown one is refused; the connection stays",
    run: unknownNamespace,
  },
  {
    feature: "namespaces",
    title: "dynamic ones are made by a regular expression",
    run: dynamicNamespace,
  },
  { feature: "namespaces", title: "the handshake: auth, query, headers, address", run: handshake },
  { feature: "namespaces", title: "a path of one's own", run: ownPath },
];
