// `io.bind(engine)`: a server over an engine that is not its own. Under CONTROL=socket.io both are the real ones.

import { EventEmitter } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as realEngine from "engine.io";
import type { Server } from "socket.io";
import { type Socket as ClientSocket, io as openClient } from "socket.io-client";
import { afterEach, describe, expect, test } from "vitest";
import { engineModule } from "../test/running-engine.ts";
import {
  type ClientOptions,
  event,
  isControl,
  listen,
  type Options,
  record,
  type ServerSocket,
  ServerUnderTest,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

type Engine = InstanceType<typeof realEngine.Server>;

/** A server bound to an engine that is attached to an HTTP server. */
class Bound implements AsyncDisposable {
  readonly io: Server;
  readonly engine: Engine;
  readonly http: HttpServer;
  readonly clients: ClientSocket[] = [];

  constructor(io: Server, engine: Engine, http: HttpServer) {
    this.io = io;
    this.engine = engine;
    this.http = http;
  }

  client(nsp: string, options: ClientOptions): ClientSocket {
    const { port } = this.http.address() as AddressInfo;
    const client = openClient(`http://127.0.0.1:${port}${nsp}`, {
      ...{ forceNew: true, reconnection: false, path: "/engine.io/" },
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  async pair(
    options: ClientOptions,
    nsp = "/",
  ): Promise<{ client: ClientSocket; socket: ServerSocket }> {
    const joined = event(this.io.of(nsp), "connection");
    const client = this.client(nsp, options);
    const connected = event(client, "connect");
    const [socket] = (await joined) as [ServerSocket];
    await connected;
    return { client, socket };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client.disconnect();
    await this.io.close();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** Resolves when the connection is on a WebSocket. */
async function upgraded({ conn }: ServerSocket): Promise<void> {
  if (conn.transport.name !== "websocket") await event(conn, "upgrade");
}

type Make = (options: object) => Engine;

async function start(
  make: Make,
  options: Options = {},
  engineOptions: object = {},
): Promise<Bound> {
  const http = createServer();
  const engine = make(engineOptions);
  engine.attach(http);
  const io = new ServerUnderTest(undefined, options);
  io.bind(engine);
  await listen(http);
  return new Bound(io, engine, http);
}

const engines: readonly [string, Make][] = [
  ["engine.io", (options) => new realEngine.Server(options)],
  ["an engine of our own", (options) => new engineModule.Server(options)],
];

const modes: readonly [string, ClientOptions][] = [
  ["polling", { transports: ["polling"] }],
  ["websocket", { transports: ["websocket"] }],
  ["upgrade", {}],
];

const rows = engines.flatMap(([name, make]) =>
  modes.map(([mode, options]) => [name, mode, make, options] as const),
);

describe.each(rows)("%s, %s", (_, mode, make, options) => {
  test("EG60 events, bytes and acknowledgements both ways", async () => {
    await using bound = await start(make);
    const { client, socket } = await bound.pair(options);
    if (mode === "upgrade") await upgraded(socket);
    socket.on("sum", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
    socket.on("bytes", (bytes: Buffer, answer: (back: object) => void) =>
      answer({ bytes, isBuffer: Buffer.isBuffer(bytes) }),
    );
    client.on("question", (x: string, answer: (back: string) => void) => answer(`${x}!`));
    expect(await client.emitWithAck("sum", 1, 2)).toBe(3);
    expect(await client.emitWithAck("bytes", Buffer.from([1, 2]))).toEqual({
      bytes: Buffer.from([1, 2]),
      isBuffer: true,
    });
    expect(await socket.timeout(5000).emitWithAck("question", "really")).toBe("really!");
    const heard = event(client, "mixed");
    socket.emit("mixed", { a: [Buffer.from("x"), "y", { z: null }] });
    expect(await heard).toEqual([{ a: [Buffer.from("x"), "y", { z: null }] }]);
  });

  test("EG60 rooms and namespaces", async () => {
    await using bound = await start(make);
    const [one, two] = [await bound.pair(options), await bound.pair(options)];
    await one.socket.join("a");
    const got = [event(one.client, "x"), record(two.client, "x")] as const;
    bound.io.to("a").emit("x", Buffer.from([7]), "text");
    expect(await got[0]).toEqual([Buffer.from([7]), "text"]);
    const all = [event(one.client, "all"), event(two.client, "all")];
    bound.io.emit("all", 1);
    expect(await Promise.all(all)).toEqual([[1], [1]]);
    expect(got[1]).toEqual([]);
    const inside = await bound.pair(options, "/inside");
    inside.client.emit("hello", 1);
    expect(await event(inside.socket, "hello")).toEqual([1]);
    expect((await bound.io.fetchSockets()).length).toBe(2);
  });

  test("EG61 conn, engine and handshake", async () => {
    await using bound = await start(make);
    const { client, socket } = await bound.pair({
      ...options,
      query: { a: "b" },
      auth: { token: 1 },
    });
    const { id } = socket.conn as unknown as { id: string };
    expect(id).toBe(client.io.engine.id);
    expect((bound.engine as unknown as { clients: Record<string, unknown> }).clients[id]).toBe(
      socket.conn,
    );
    expect(socket.client.conn).toBe(socket.conn);
    expect(bound.io.engine).toBe(bound.engine);
    expect(socket.request).toBe(socket.conn.request);
    expect(socket.handshake).toMatchObject({
      ...{ auth: { token: 1 }, secure: false, xdomain: false },
      query: { EIO: "4", a: "b" },
      headers: { host: expect.stringContaining("127.0.0.1") as string },
    });
    expect(socket.handshake.address).toMatch(/127\.0\.0\.1$/);
    expect(socket.handshake.url).toContain("/engine.io/?");
    expect(socket.id).not.toBe(id);
  });

  test("EG62 the reasons of an end", async () => {
    await using bound = await start(make);
    const reasons: unknown[] = [];
    const ends: ((one: { client: ClientSocket; socket: ServerSocket }) => void)[] = [
      ({ client }) => client.disconnect(),
      ({ client }) => client.io.engine.close(),
      ({ socket }) => socket.disconnect(),
      ({ socket }) => socket.disconnect(true),
      ({ socket }) => socket.conn.close(true),
      ({ client }) =>
        (client.io.engine as unknown as { write(data: string): void }).write("garbage"),
    ];
    for (const act of ends) {
      const one = await bound.pair(options);
      if (mode === "upgrade") await upgraded(one.socket);
      const ended = event(one.socket, "disconnect");
      act(one);
      reasons.push((await ended)[0]);
    }
    expect(reasons).toEqual([
      "client namespace disconnect",
      "transport close",
      "server namespace disconnect",
      "server namespace disconnect",
      "forced close",
      "forced close",
    ]);
  });

  test("EG64 io.close() closes the engine", async () => {
    await using bound = await start(make);
    const { client, socket } = await bound.pair(options);
    const [ended, left] = [event(socket, "disconnect"), event(client, "disconnect")];
    await bound.io.close();
    expect((await ended)[0]).toBe("server shutting down");
    expect((await left)[0]).toMatch(/^transport (close|error)$/);
    expect(bound.engine.clientsCount).toBe(0);
  });
});

test.each(engines)("EG62 %s: a peer that answers no ping", async (_, make) => {
  await using bound = await start(make, {}, { pingInterval: 100, pingTimeout: 100 });
  const joined = event(bound.io, "connection");
  const { port } = bound.http.address() as AddressInfo;
  const peer = await WirePeer.open(port, "/engine.io/?EIO=4&transport=websocket");
  peer.send("40");
  const [socket] = (await joined) as [ServerSocket];
  expect((await event(socket, "disconnect"))[0]).toBe("ping timeout");
  peer.close();
});

/** A socket of an engine that is nobody's. */
class BareSocket extends EventEmitter {
  readonly id = "bare";
  readyState = "open";
  readonly transport = { name: "webtransport", writable: true };
  readonly written: unknown[] = [];
  protocol: number | undefined = 4;
  request: unknown = null;

  write(data: unknown): void {
    this.written.push(data);
  }

  close(discard?: boolean): void {
    this.readyState = "closed";
    this.emit("close", discard === true ? "forced close" : "forced close");
  }
}

let io: Server | undefined;

afterEach(async () => {
  await io?.close();
  io = undefined;
});

/** A bare socket that has joined `/`, from both sides. */
async function joinedBare(): Promise<{ bare: BareSocket; socket: ServerSocket }> {
  const engine = Object.assign(new EventEmitter(), { close: () => {} });
  io = new ServerUnderTest();
  io.bind(engine as unknown as Engine);
  const joined = event(io, "connection");
  const bare = new BareSocket();
  engine.emit("connection", bare);
  bare.emit("data", "0");
  const [socket] = (await joined) as [ServerSocket];
  return { bare, socket };
}

test("EG61 a socket without a request, as over WebTransport", async () => {
  const { bare, socket } = await joinedBare();
  expect(bare.written).toEqual([`0{"sid":"${socket.id}"}`]);
  expect(socket.request ?? null).toBeNull();
  expect(socket.handshake).toMatchObject({
    headers: {},
    query: {},
    secure: true,
    xdomain: false,
    auth: {},
  });
  expect(socket.conn).toBe(bare);
});

test.each<[string, unknown]>([
  ["a Buffer", Buffer.from([1, 2])],
  ["a Uint8Array", new Uint8Array([1, 2])],
  ["an ArrayBuffer", new Uint8Array([1, 2]).buffer],
])("EG60 an engine may give bytes as %s", async (_, data) => {
  const { bare, socket } = await joinedBare();
  const heard = event(socket, "x");
  bare.emit("data", '51-["x",{"_placeholder":true,"num":0}]');
  bare.emit("data", data);
  const [bytes] = (await heard) as [Uint8Array];
  expect([...new Uint8Array(bytes)]).toEqual([1, 2]);
});

test("EG63 a volatile event is dropped when the transport is not writable", async () => {
  const { bare, socket } = await joinedBare();
  bare.written.length = 0;
  bare.transport.writable = false;
  socket.volatile.emit("lost");
  socket.nsp.volatile.emit("lost");
  socket.emit("kept");
  bare.transport.writable = true;
  socket.volatile.emit("taken");
  expect(bare.written).toEqual(['2["kept"]', '2["taken"]']);
});

test("EG62 an error of the socket reaches the listeners of error, and ends it", async () => {
  const { bare, socket } = await joinedBare();
  const [errors, ended] = [record(socket, "error"), event(socket, "disconnect")];
  const error = new Error("engine");
  bare.emit("error", error);
  expect((await ended)[0]).toBe("forced close");
  expect(errors).toEqual([[error]]);
});

test("EG60 a socket of an engine for clients of Socket.IO 2", async () => {
  const engine = Object.assign(new EventEmitter(), { close: () => {} });
  io = new ServerUnderTest();
  io.bind(engine as unknown as Engine);
  const joined = event(io, "connection");
  const bare = new BareSocket();
  bare.protocol = 3;
  engine.emit("connection", bare);
  const [socket] = (await joined) as [ServerSocket];
  expect(socket.id).toBe("bare");
  expect(bare.written).toEqual(["0"]);
  expect(isControl || socket.connected).toBe(true);
});

test("EG60 by their types, too, engines can be bound", async () => {
  const { Server: Ours } = await import("./index.ts");
  const { Server: OwnEngine } = await import("./engine/index.ts");
  const server = new Ours();
  expect(server.bind(new realEngine.Server())).toBe(server);
  expect(server.bind(new OwnEngine())).toBe(server);
  await server.close();
});
