// WebTransport against the real server, whose sessions are made in memory: there is no HTTP/3 to be had in Node.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import { WebTransport } from "../webtransport.ts";
import { io } from "./index.ts";

const NEW = { forceNew: true, reconnectionDelay: 5 };
const ALL = { transports: ["polling", "websocket", "webtransport"] } as const;

/** What the page's constructor was called with, newest last. */
let calls: { url: string; options: object | undefined }[] = [];
let server: TestServer;

/** The two ends of a session with one stream, joined without a network. */
function sessionPair() {
  const toServer = new TransformStream<Uint8Array, Uint8Array>();
  const toClient = new TransformStream<Uint8Array, Uint8Array>();
  let close = (): void => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const end = (): void => {
    close();
    toServer.writable.abort().catch(() => {});
    toClient.writable.abort().catch(() => {});
  };
  const incoming = new TransformStream();
  const client = {
    ready: Promise.resolve(),
    closed,
    close: end,
    async createBidirectionalStream() {
      const writer = incoming.writable.getWriter();
      writer.write({ readable: toServer.readable, writable: toClient.writable }).catch(() => {});
      return { readable: toClient.readable, writable: toServer.writable };
    },
  };
  return {
    client,
    server: { closed, close: end, incomingBidirectionalStreams: incoming.readable },
  };
}

beforeEach(async () => {
  calls = [];
  server = await startServer(ALL as never);
  vi.stubGlobal(
    "WebTransport",
    class {
      constructor(url: string, options?: object) {
        calls.push({ url, options });
        const pair = sessionPair();
        const engine = server.io.engine as unknown as {
          onWebTransportSession(session: object): Promise<void>;
        };
        void engine.onWebTransportSession(pair.server);
        // biome-ignore lint/correctness/noConstructorReturn: the platform's class, of which only the session matters.
        return pair.client;
      }
    },
  );
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server[Symbol.asyncDispose]();
});

test("CL27 a session from its handshake to its end; its address is encrypted, its options are handed on", async () => {
  server.io.on("connection", (socket) => {
    socket.on("echo", (value, answer) => answer(value));
  });
  const options = { serverCertificateHashes: [] };
  const client = io(server.url, {
    ...NEW,
    transports: [WebTransport],
    transportOptions: { webtransport: options },
  });
  const [socket] = await next(server.io, "connection");
  expect(socket.conn.transport.name).toBe("webtransport");
  expect(calls[0]?.url).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\/socket\.io\/\?.*transport=webtransport/,
  );
  expect(calls[0]?.options).toEqual(options);
  for (const text of ["", "x", "y".repeat(118), "z".repeat(119), "é".repeat(70_000)]) {
    expect(await client.timeout(5000).emitWithAck("echo", text)).toBe(text);
  }
  for (const size of [1, 125, 126, 65_535, 65_536]) {
    const back = await client.timeout(5000).emitWithAck("echo", Buffer.alloc(size, 7));
    expect(Buffer.from(back)).toEqual(Buffer.alloc(size, 7));
  }
  const gone = next(socket, "disconnect");
  client.disconnect();
  // What is on its way when a session ends may be lost.
  expect(["client namespace disconnect", "transport close"]).toContain((await gone)[0]);
});

test("CL27 a session moves from polling to it, and WebSocket lets it go first", async () => {
  const client = io(server.url, { ...NEW, transports: ["polling", "websocket", WebTransport] });
  const [transport] = await next(client.io.engine, "upgrade");
  expect(transport.name).toBe("webtransport");
  expect(calls[0]?.url).toContain(`sid=${client.io.engine.id}`);
  const [socket] = [...server.io.of("/").sockets.values()];
  const echoed = next(client, "back");
  socket?.on("there", (value) => socket.emit("back", value));
  client.emit("there", 1);
  expect((await echoed)[0]).toBe(1);
  expect(socket?.conn.transport.name).toBe("webtransport");
  client.disconnect();
});

test("CL27 where there is none, the next transport is taken", async () => {
  vi.stubGlobal("WebTransport", undefined);
  const client = io(server.url, {
    ...NEW,
    transports: [WebTransport, "websocket"],
    tryAllTransports: true,
  });
  await next(client, "connect");
  expect(client.io.engine.transport.name).toBe("websocket");
  client.disconnect();

  const alone = io(server.url, { ...NEW, reconnection: false, transports: [WebTransport] });
  const [error] = await next(alone, "connect_error");
  expect(error).toMatchObject({ message: "webtransport error", transport: "webtransport" });
});

test("CL27 a session that the server ends is lost", async () => {
  const client = io(server.url, { ...NEW, reconnection: false, transports: [WebTransport] });
  const [socket] = await next(server.io, "connection");
  await next(client, "connect");
  const lost = next(client, "disconnect");
  socket.conn.transport.session.close();
  expect((await lost)[0]).toBe("transport close");
});
