// The race of the transports in Node, against Socket.IO's own server: who wins, and that nobody is left over there.

import { type AddressInfo, connect, createServer, type Socket as NetSocket } from "node:net";
import type { Server } from "socket.io";
import { expect, onTestFinished, test, vi } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import { headStartMs } from "../engine/head-start.ts";
import type { Socket } from "./index.ts";
import { createNodeIo, nodeEngines } from "./node-platform.ts";

/** What becomes of a connection, by its first bytes. */
interface Way {
  /** Until then nothing goes on. */
  readonly until?: Promise<unknown> | undefined;
  /** What the client sends after the first bytes is swallowed. */
  readonly isOneWay?: boolean;
}

/** A way to the server that can hold connections back, or swallow what they carry. */
async function proxyTo(port: number, wayFor: (head: string) => Way): Promise<string> {
  const open = new Set<NetSocket>();
  const track = (socket: NetSocket): void => {
    open.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
  };
  // Below HTTP: what an upgrade is, its first bytes tell.
  const proxy = createServer((client) => {
    track(client);
    client.once("data", async (head) => {
      client.pause();
      const { isOneWay, until } = wayFor(head.toString("latin1"));
      await until;
      const server = connect(port, "127.0.0.1");
      track(server);
      server.write(head);
      server.pipe(client);
      if (isOneWay) client.resume();
      else client.pipe(server);
      client.on("close", () => server.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

const isUpgrade = (head: string): boolean => /^upgrade: *websocket/im.test(head);

/** A client of its own, that has met no host yet. */
function freshClient(): { connected(url: string, options?: object): Socket } {
  const io = createNodeIo(nodeEngines());
  return {
    connected(url, options) {
      const socket = io(url, { forceNew: true, reconnection: false, ...options });
      onTestFinished(() => void socket.disconnect());
      return socket;
    },
  };
}

const { connected } = freshClient();

/** By which transport each session at the server has begun, in order. */
function beginnings(server: Server): string[] {
  const names: string[] = [];
  server.engine.on("connection", ({ transport }: { transport: { name: string } }) => {
    names.push(transport.name);
  });
  return names;
}

/** Waits until there is one session at the server; on a slow machine polling may have set off, and is being closed. */
async function isAlone(server: TestServer): Promise<void> {
  await vi.waitUntil(() => server.io.engine.clientsCount === 1, { timeout: 5000 });
}

test("by default a WebSocket carries the session from the start, and there is one session", async () => {
  await using server = await startServer();
  const socket = connected(server.url);
  await next(socket, "connect");
  expect(socket.io.engine.transport?.name).toBe("websocket");
  await isAlone(server);
});

test.each([["polling"], ["websocket"]] as const)(
  "a server with %s alone is reached",
  async (name) => {
    await using server = await startServer({ transports: [name] });
    const socket = connected(server.url);
    await next(socket, "connect");
    expect(socket.io.engine.transport?.name).toBe(name);
    await isAlone(server);
  },
);

test("where WebSockets are swallowed polling is taken, and goes first and alone from then on", async () => {
  await using server = await startServer();
  let swallowed = 0;
  const url = await proxyTo(server.port, (head) => {
    if (!isUpgrade(head)) return {};
    swallowed++;
    return { until: new Promise(() => {}) };
  });
  const began = performance.now();
  const first = connected(url);
  await next(first, "connect");
  // The server is near, and the WebSocket had its head start; timers may be a little early.
  expect(performance.now() - began).toBeGreaterThan(headStartMs(0) - 5);
  expect(first.io.engine.transport?.name).toBe("polling");
  first.disconnect();

  const before = swallowed;
  const [peer] = await Promise.all([
    next(server.io, "connection"),
    next(connected(url), "connect"),
  ]);
  expect(peer[0].handshake.query.transport).toBe("polling");
  // Whether it is the upgrade that has set off by now or nothing, no WebSocket was ahead of polling.
  expect(swallowed - before).toBeLessThan(2);
  await isAlone(server);
});

test("a WebSocket on which nothing of the client arrives is given up: polling is taken, and goes first from then on", async () => {
  await using server = await startServer();
  const begun = beginnings(server.io);
  const url = await proxyTo(server.port, (head) => ({ isOneWay: isUpgrade(head) }));
  const client = freshClient();
  const socket = client.connected(url);
  const lost: string[] = [];
  socket.on("disconnect", (reason) => lost.push(reason));
  socket.on("connect_error", ({ message }) => lost.push(message));
  await next(socket, "connect");
  expect(socket.io.engine.transport?.name).toBe("polling");
  expect(begun).toEqual(["websocket", "polling"]);
  expect(lost).toEqual([]);
  socket.disconnect();

  const again = client.connected(url);
  await next(again, "connect");
  expect(begun.slice(2)).toEqual(["polling"]);
}, 20_000);

test("polling that the application has asked for once says nothing of WebSockets", async () => {
  await using server = await startServer();
  const begun = beginnings(server.io);
  const client = freshClient();
  const polling = client.connected(server.url, { transports: ["polling"] });
  await next(polling, "connect");
  polling.disconnect();
  await next(client.connected(server.url), "connect");
  expect(begun).toEqual(["polling", "websocket"]);
});

test("a session by polling that has lost is closed at the server", async () => {
  await using server = await startServer();
  const sessions: { transport: { name: string } }[] = [];
  const closed: string[] = [];
  server.io.engine.on("connection", (session) => {
    sessions.push(session);
    const { name } = session.transport;
    session.on("close", () => closed.push(name));
  });
  // The WebSocket comes through when polling has a session already, the answer to which is held back until then.
  const polled = new Promise<void>((resolve) => {
    server.io.engine.on("connection", () => resolve());
  });
  let letAnswer: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letAnswer = resolve;
  });
  server.io.engine.use(
    (request: { url: string }, response: { end(...args: unknown[]): unknown }, go: () => void) => {
      const isPolling = /transport=polling/.test(request.url);
      if (isPolling && !/sid=/.test(request.url)) {
        const end = response.end.bind(response);
        response.end = (...args) => {
          void held.then(() => end(...args));
          return response;
        };
      }
      go();
    },
  );
  const url = await proxyTo(server.port, (head) => (isUpgrade(head) ? { until: polled } : {}));
  const socket = connected(url);
  await next(socket, "connect");
  expect(socket.io.engine.transport?.name).toBe("websocket");
  expect(sessions.map(({ transport }) => transport.name).sort()).toEqual(["polling", "websocket"]);
  letAnswer();
  await isAlone(server);
  expect(closed).toEqual(["polling"]);
  expect(socket.connected).toBe(true);
});
