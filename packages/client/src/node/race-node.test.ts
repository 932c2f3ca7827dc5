// The race of the transports in Node, against Socket.IO's own server: who wins, and that nobody is left over there.

import { createServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect, type Socket as NetSocket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

/** A way to the server on which requests can be held back for as long as the test likes. */
async function proxyTo(
  port: number,
  hold: (head: string) => Promise<unknown> | undefined,
): Promise<string> {
  const proxy: HttpServer = createServer();
  const open = new Set<NetSocket>();
  const track = (socket: NetSocket): void => {
    open.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
  };
  // Below HTTP: what an upgrade is, its first bytes tell.
  proxy.removeAllListeners("connection").on("connection", (client: NetSocket) => {
    track(client);
    client.once("data", async (head) => {
      client.pause();
      await hold(head.toString("latin1"));
      const server = connect(port, "127.0.0.1");
      track(server);
      server.write(head);
      client.pipe(server).pipe(client);
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

function connected(url: string): ReturnType<typeof io> {
  const socket = io(url, { forceNew: true, reconnection: false });
  onTestFinished(() => void socket.disconnect());
  return socket;
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
    if (!isUpgrade(head)) return undefined;
    swallowed++;
    return new Promise(() => {});
  });
  const began = performance.now();
  const first = connected(url);
  await next(first, "connect");
  const passedMs = performance.now() - began;
  expect(passedMs).toBeGreaterThan(95);
  expect(passedMs).toBeLessThan(900);
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
  const url = await proxyTo(server.port, (head) => (isUpgrade(head) ? polled : undefined));
  const socket = connected(url);
  await next(socket, "connect");
  expect(socket.io.engine.transport?.name).toBe("websocket");
  expect(sessions.map(({ transport }) => transport.name).sort()).toEqual(["polling", "websocket"]);
  letAnswer();
  await isAlone(server);
  expect(closed).toEqual(["polling"]);
  expect(socket.connected).toBe(true);
});
