// The smallest client against the real server, and its reasons beside those of Socket.IO's own client.

import { io as theirs } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import * as inBrowsers from "../mini/index.ts";
import type { MiniSocket } from "../mini/public-types.ts";
import * as inNode from "./mini.ts";

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const FAST = { reconnectionDelay: 10, randomizationFactor: 0 };

describe.each([
  ["in browsers", inBrowsers],
  ["in Node", inNode],
])("%s", (where, { connect }) => {
  test("connects, over WebSocket from the start", async () => {
    await using server = await startServer();
    const client = connect(server.url, { ...FAST, auth: { token: "t" }, query: { a: "b" } });
    const [socket] = await next(server.io, "connection");
    await next(client, "connect");
    expect(socket.conn.transport.name).toBe("websocket");
    expect(socket.handshake).toMatchObject({ auth: { token: "t" }, query: { a: "b", EIO: "4" } });
    expect(client.id).toBe(socket.id);
    client.disconnect();
    expect(await next(socket, "disconnect")).toContain("client namespace disconnect");
  });

  test("events and acknowledgements, with binary in both directions", async () => {
    await using server = await startServer();
    server.io.on("connection", (socket) => {
      socket.on("echo", (value, answer) => answer(value));
      socket.on("ask", (done) => socket.emit("question", (answer: unknown) => done(answer)));
    });
    const client = connect(server.url, FAST);
    client.on("question", (answer: (value: string) => void) => answer("42"));
    const sent = { text: "é€", list: [1, null], bytes: Buffer.from([1, 2, 3]) };
    const back = await client.timeout(5000).emitWithAck("echo", sent);
    expect(back.bytes).toBeInstanceOf(where === "in Node" ? Buffer : ArrayBuffer);
    expect({ ...back, bytes: Buffer.from(back.bytes) }).toEqual(sent);
    expect(await client.emitWithAck("ask")).toBe("42");
    client.disconnect();
  });

  test("broadcasts to rooms, in a namespace", async () => {
    await using server = await startServer();
    server.io.of("/chat").on("connection", (socket) => {
      socket.on("join", (room, done) => done(socket.join(room)));
      socket.on("say", (room, text) => void socket.to(room).emit("said", text));
    });
    const clients = [1, 2, 3].map(() => connect(`${server.url}/chat`, FAST)) as MiniSocket[];
    const [first, second, third] = clients as [MiniSocket, MiniSocket, MiniSocket];
    await Promise.all([first.emitWithAck("join", "a"), second.emitWithAck("join", "a")]);
    third.on("said", () => expect.unreachable());
    const said = next(second, "said");
    first.emit("say", "a", "hello");
    expect(await said).toEqual(["hello"]);
    for (const client of clients) client.disconnect();
  });

  test("reconnects, with the state of the connection before", async () => {
    await using server = await startServer({ connectionStateRecovery: {} });
    const client = connect(server.url, FAST);
    const [socket] = await next(server.io, "connection");
    socket.emit("offset");
    await next(client, "offset");
    const { id } = client;
    const missed = next(client, "missed");
    const again = next(client, "connect");
    socket.conn.close();
    server.io.emit("missed", 1);
    client.emit("kept");
    expect((await missed)[0]).toBe(1);
    await again;
    expect([client.recovered, client.id]).toEqual([true, id]);
    client.disconnect();
  });

  test("nobody there: connect_error, until it gives up", async () => {
    const client = connect("http://127.0.0.1:9", { ...FAST, reconnectionAttempts: 2 });
    const errors: string[] = [];
    client.on("connect_error", ({ message }) => void errors.push(message));
    await new Promise<void>((resolve) => {
      client.onStatus(({ state }) => {
        if (state === "closed") resolve();
      });
    });
    expect(errors).toEqual(Array(3).fill("websocket error"));
    client.disconnect();
  });
});

/** The part of both clients that the scripts use. */
interface Client {
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

type Script = (client: Client, server: TestServer) => Promise<void>;

/** What a client notifies of while the script runs. */
async function logOf(make: (url: string) => Client, script: Script): Promise<unknown[]> {
  await using server = await startServer({ pingInterval: 300, pingTimeout: 200 });
  server.io.of("/refused").use((_socket, done) => {
    done(Object.assign(new Error("no"), { data: { code: 7 } }));
  });
  const client = make(server.url);
  const log: unknown[] = [];
  client.on("connect", () => log.push("connect"));
  client.on("disconnect", (reason: string, details?: { description?: unknown }) =>
    log.push(["disconnect", reason, details instanceof Error, typeof details?.description]),
  );
  client.on("connect_error", ({ message, data }: { message: string; data?: unknown }) =>
    log.push(["connect_error", message, data]),
  );
  try {
    await script(client, server);
    return log;
  } finally {
    client.disconnect();
  }
}

const untilAgain: Script = async (client) => {
  await next(client as never, "disconnect");
  await next(client as never, "connect");
};

const scripts: Readonly<Record<string, { path?: string; run: Script }>> = {
  "disconnected by the client, connected again": {
    async run(client) {
      await next(client as never, "connect");
      client.disconnect();
      const again = next(client as never, "connect");
      client.connect();
      await again;
    },
  },
  "disconnected by the server": {
    async run(client, { io }) {
      io.once("connection", (socket) => socket.disconnect());
      await next(client as never, "disconnect");
    },
  },
  "the server closes the connection": {
    async run(client, server) {
      await next(client as never, "connect");
      for (const { conn } of server.io.sockets.sockets.values()) conn.close();
      await untilAgain(client, server);
    },
  },
  "the network connection is cut": {
    async run(client, server) {
      await next(client as never, "connect");
      for (const { conn } of server.io.sockets.sockets.values()) {
        (conn.transport as unknown as { socket: WebSocket }).socket.terminate();
      }
      await untilAgain(client, server);
    },
  },
  "the server falls silent": {
    async run(client, server) {
      await next(client as never, "connect");
      for (const { conn } of server.io.sockets.sockets.values()) {
        (conn.transport as unknown as { send(): void }).send = () => {};
        // The client is to notice first, on a busy machine too.
        (conn as unknown as { resetPingTimeout(): void }).resetPingTimeout = () => {};
      }
      await untilAgain(client, server);
    },
  },
  "the server sends what is no packet": {
    async run(client, server) {
      await next(client as never, "connect");
      for (const { conn } of server.io.sockets.sockets.values()) {
        (conn.transport as unknown as { socket: WebSocket }).socket.send("4nonsense");
      }
      await untilAgain(client, server);
    },
  },
  "middleware refuses it": {
    path: "/refused",
    async run(client) {
      await next(client as never, "connect_error");
    },
  },
};

test.each(Object.entries(scripts))(
  "as with Socket.IO's client: %s",
  async (_, { path = "", run }) => {
    const options = { ...FAST, transports: ["websocket"], forceNew: true };
    const expected = await logOf((url) => theirs(url + path, options) as unknown as Client, run);
    expect(expected.length).toBeGreaterThan(0);
    expect(await logOf((url) => inNode.connect(url + path, FAST) as Client, run)).toEqual(expected);
  },
);
