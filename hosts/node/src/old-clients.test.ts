// Clients of earlier days against the server: Socket.IO 2.5 (revision 3 of Engine.IO), 3.1 and 4.0.
// With CONTROL=socket.io in the environment the same runs against Socket.IO 4.8.

import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { event, type RunningServer, record, startServer } from "../test/running-server.ts";

/** What the clients have in common, from 2 to 4. */
interface OldSocket {
  readonly id: string;
  readonly connected: boolean;
  readonly io: {
    readonly engine: {
      readonly transport: { readonly name: string };
      on(event: string, listener: () => void): void;
      once(event: string, listener: () => void): void;
      close(): void;
    };
    socket(nsp: string, options?: object): OldSocket;
  };
  on(event: string, listener: (...args: never[]) => void): this;
  once(event: string, listener: (...args: never[]) => void): this;
  emit(event: string, ...args: unknown[]): this;
  connect(): this;
  disconnect(): this;
}

type Open = (url: string, options: object) => OldSocket;

const require = createRequire(import.meta.url);

const CLIENTS: readonly { client: string; revision: 3 | 4; open: Open }[] = [
  { client: "2.5", revision: 3, open: require("socket.io-client-2") as Open },
  { client: "3.1", revision: 4, open: require("socket.io-client-3") as Open },
  { client: "4.0", revision: 4, open: require("socket.io-client-4.0") as Open },
];

const TRANSPORTS: readonly [string, readonly string[], object][] = [
  ["polling", ["polling"], {}],
  ["websocket", ["websocket"], {}],
  ["upgrade", ["polling", "websocket"], {}],
  ["polling with base64", ["polling"], { forceBase64: true }],
  ["websocket with base64", ["websocket"], { forceBase64: true }],
];

const CELLS = CLIENTS.flatMap((kind) =>
  TRANSPORTS.map(([transport, transports, extra]) => ({
    ...kind,
    transport,
    options: {
      transports,
      ...extra,
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 30,
    },
    isUpgrade: transports.length === 2,
  })),
);

type Cell = (typeof CELLS)[number];
type Answer = (...args: unknown[]) => void;

async function oldServer(options: object = {}): Promise<RunningServer> {
  const server = await startServer({ allowEIO3: true, ...options });
  server.io.on("connection", (socket) => {
    socket.on("echo", (...args: unknown[]) => socket.emit("echo", ...args));
    socket.on("ask", (...args: unknown[]) => (args.pop() as Answer)("got", ...args));
  });
  return server;
}

interface Both {
  readonly client: OldSocket;
  readonly socket: Awaited<ReturnType<RunningServer["joined"]>>;
}

async function connect(server: RunningServer, { isUpgrade, open, options }: Cell): Promise<Both> {
  const joined = server.joined();
  const client = open(server.url, options);
  await event(client, "connect");
  const { engine } = client.io;
  if (isUpgrade && engine.transport.name !== "websocket") await event(engine, "upgrade");
  return { client, socket: await joined };
}

const TEXT: readonly unknown[] = [
  "",
  'h\u00e9llo \u20ac \u{1f600} \u2028 \\n \n "',
  { a: [1, 2.5, null, true, { "": "b" }] },
  "x".repeat(20_000),
];

const BYTES = Buffer.from([0, 1, 2, 127, 128, 254, 255]);

/** Any holder of bytes as a Buffer: clients give out what their platform has. */
function bytes(value: unknown): Buffer {
  return Buffer.from(value as ArrayBuffer);
}

test.each(CELLS)(
  "LE1 $client over $transport: events and acknowledgements, text and bytes, both ways",
  async (cell) => {
    await using server = await oldServer();
    const { client, socket } = await connect(server, cell);
    client.emit("echo", ...TEXT);
    expect(await event(client, "echo")).toEqual(TEXT);
    client.emit("echo", BYTES, { deep: [BYTES, "and text"] }, Buffer.alloc(0));
    const [first, { deep }, empty] = await event(client, "echo");
    expect([bytes(first), bytes(deep[0]), deep[1], bytes(empty)]).toEqual([
      BYTES,
      BYTES,
      "and text",
      Buffer.alloc(0),
    ]);
    const answer = await new Promise<unknown[]>((resolve) =>
      client.emit("ask", 1, BYTES, (...args: unknown[]) => resolve(args)),
    );
    expect([answer[0], answer[1], bytes(answer[2])]).toEqual(["got", 1, BYTES]);
    client.on("question", (...args: unknown[]) => (args.pop() as Answer)(...args));
    expect(await socket.timeout(5000).emitWithAck("question", "a")).toBe("a");
    expect(await socket.timeout(5000).emitWithAck("question", BYTES)).toEqual(BYTES);
    expect(await server.io.timeout(5000).emitWithAck("question", 7)).toEqual([7]);
    // A burst, text and bytes in turn, keeps its order.
    const heard = record(client, "burst");
    for (let at = 0; at < 50; at++) socket.emit("burst", at % 2 === 0 ? at : Buffer.from([at]));
    await socket.timeout(5000).emitWithAck("question", "done");
    expect(heard.map(([each]) => (typeof each === "number" ? each : bytes(each)[0]))).toEqual(
      Array.from({ length: 50 }, (_, at) => at),
    );
    client.disconnect();
  },
);

test.each(CELLS)(
  "LE2 $client over $transport: ids, rooms, broadcasts and the ways of leaving",
  async (cell) => {
    await using server = await oldServer();
    const { client, socket } = await connect(server, cell);
    const other = await connect(server, cell);
    expect(client.id).toBe(socket.id);
    const heard = [record(client, "x"), record(other.client, "x")];
    void socket.join("room");
    server.io.to("room").emit("x", 1, BYTES);
    server.io.except("room").emit("x", 2);
    other.socket.broadcast.emit("x", 3);
    server.io.emit("x", 4);
    for (const { client: each, socket: theirs } of [{ client, socket }, other]) {
      each.on("fence", (answer: Answer) => answer());
      await theirs.timeout(5000).emitWithAck("fence");
    }
    expect(heard.map((all) => all.map(([number]) => number))).toEqual([
      [1, 3, 4],
      [2, 4],
    ]);
    const left = event(client, "disconnect");
    const leaving = event(socket, "disconnect");
    socket.disconnect();
    expect([(await left)[0], (await leaving)[0]]).toEqual([
      "io server disconnect",
      "server namespace disconnect",
    ]);
    const going = event(other.socket, "disconnect");
    other.client.disconnect();
    expect((await going)[0]).toMatch(/^client namespace disconnect|^transport close/);
    client.disconnect();
  },
);

/** A namespace asked for on a connection of its own. */
function openNamespace({ open, options, revision }: Cell, url: string, nsp: string): OldSocket {
  // Clients of Socket.IO 2 have a query for each namespace; later ones have `auth`.
  const words = { token: "a b&c", nested: "\u00e9" };
  return open(url + nsp, { ...options, ...(revision === 3 ? { query: words } : { auth: words }) });
}

test.each(CELLS)(
  "LE3 $client over $transport: namespaces with credentials, and refusals",
  async (cell) => {
    await using server = await oldServer();
    const { revision } = cell;
    server.io.of("/admin").on("connection", (socket) => {
      socket.emit("auth", socket.handshake.auth, socket.id);
    });
    server.io.of("/closed").use((_socket, next) => next(new Error("no")));
    server.io
      .of("/detailed")
      .use((_socket, next) => next(Object.assign(new Error("no"), { data: { code: 7 } })));
    server.io.of(/^\/dynamic-\d+$/);
    const admin = openNamespace(cell, server.url, "/admin");
    const told = event(admin, "auth");
    await event(admin, "connect");
    const [auth, id] = await told;
    expect(auth).toEqual({ token: "a b&c", nested: "\u00e9" });
    expect(admin.id).toBe(id);
    if (revision === 3) expect(id).toMatch(/^\/admin#[\w-]{20}$/);
    admin.disconnect();

    const dynamic = openNamespace(cell, server.url, "/dynamic-1");
    await event(dynamic, "connect");
    dynamic.disconnect();

    const rows: readonly [string, unknown, unknown][] = [
      ["/closed", "no", "no"],
      ["/detailed", { code: 7 }, "no"],
      ["/nowhere", { message: "Invalid namespace" }, "Invalid namespace"],
    ];
    for (const [nsp, old, later] of rows) {
      const refused = openNamespace(cell, server.url, nsp);
      const [error] = await event(refused, revision === 3 ? "error" : "connect_error");
      expect(revision === 3 ? error : error.message, nsp).toEqual(revision === 3 ? old : later);
      expect(refused.connected).toBe(false);
      refused.disconnect();
    }
  },
);

test.each(CELLS)(
  "LE4 $client over $transport: comes back after its connection broke",
  async (cell) => {
    await using server = await oldServer();
    const { client, socket } = await connect(server, cell);
    const back = server.joined();
    const gone = event(socket, "disconnect");
    const connected = event(client, "connect");
    client.io.engine.close();
    await gone;
    const again = await back;
    await connected;
    expect(again.id).not.toBe(socket.id);
    expect(client.id).toBe(again.id);
    client.emit("echo", "again");
    expect(await event(client, "echo")).toEqual(["again"]);
    client.disconnect();
  },
);

test.each(CELLS)(
  "LE5 $client over $transport: lives for longer than the heartbeat allows a silent peer",
  async (cell) => {
    // A silent peer is given up after the two together; the machine may stand still for most of the second.
    await using server = await oldServer({ pingInterval: 60, pingTimeout: 200 });
    const { client, socket } = await connect(server, cell);
    const reasons = record(socket, "disconnect");
    const { engine } = client.io;
    const started = performance.now();
    while (performance.now() - started < 600) {
      await event(engine, "heartbeat");
    }
    client.emit("echo", "alive");
    expect(await event(client, "echo")).toEqual(["alive"]);
    expect(reasons).toEqual([]);
    client.disconnect();
  },
);
