// The engine as a module: what it exports, and how it gets its requests.

import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  engineModule,
  POLLING,
  RunningEngine,
  startEngine,
  WEBSOCKET,
} from "../../test/running-engine.ts";
import { event, isControl, listen } from "../../test/running-server.ts";
import { ask, WirePeer } from "../../test/wire.ts";

const UPGRADE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

test("EG1 the names of engine.io", () => {
  const {
    Server,
    Socket,
    Transport,
    attach,
    listen: listenOn,
    parser,
    protocol,
    transports,
  } = engineModule;
  for (const one of [Server, Socket, Transport, attach, listenOn])
    expect(one).toBeTypeOf("function");
  expect(protocol).toBe(4);
  expect(Object.keys(transports)).toEqual(expect.arrayContaining(["polling", "websocket"]));
  expect(transports.websocket.upgradesTo).toEqual([]);
  expect(transports.polling.upgradesTo).toContain("websocket");
  expect(Server.errors).toEqual({
    UNKNOWN_TRANSPORT: 0,
    UNKNOWN_SID: 1,
    BAD_HANDSHAKE_METHOD: 2,
    BAD_REQUEST: 3,
    FORBIDDEN: 4,
    UNSUPPORTED_PROTOCOL_VERSION: 5,
  });
  expect(Server.errorMessages).toEqual({
    0: "Transport unknown",
    1: "Session ID unknown",
    2: "Bad handshake method",
    3: "Bad request",
    4: "Forbidden",
    5: "Unsupported protocol version",
  });
  expect(parser.decodePacket("4a")).toEqual({ type: "message", data: "a" });
});

test("EG2 new Server() has options with defaults, and no connections", () => {
  const engine = new engineModule.Server();
  expect(engine.opts).toMatchObject({
    pingInterval: 25_000,
    pingTimeout: 20_000,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: 1_000_000,
    transports: ["polling", "websocket"],
    allowUpgrades: true,
    httpCompression: { threshold: 1024 },
    allowEIO3: false,
  });
  expect(engine.clientsCount).toBe(0);
  expect((engine as unknown as { clients: object }).clients).toEqual({});
  expect(engine.upgrades("polling")).toEqual(["websocket", ...(isControl ? ["webtransport"] : [])]);
  expect(engine.upgrades("websocket")).toEqual([]);
  expect(engine.generateId({} as IncomingMessage)).toMatch(/^[\w-]{20}$/);
  expect(engine.close()).toBe(engine);
  expect(engine.close()).toBe(engine);
});

test("EG2 no upgrades with allowUpgrades: false", () => {
  const engine = new engineModule.Server({ allowUpgrades: false });
  expect(engine.upgrades("polling")).toEqual([]);
});

test("EG3 listen() makes an HTTP server that answers 501 to everything else", async () => {
  const engine = await new Promise<InstanceType<typeof engineModule.Server>>((resolve) => {
    const made = engineModule.listen(0, {}, () => resolve(made));
  });
  const http = engine.httpServer as ReturnType<typeof createServer>;
  await using running = new RunningEngine(engine, http);
  expect(engine).toBeInstanceOf(engineModule.Server);
  const answer = await running.ask("/");
  expect([answer.status, answer.text]).toEqual([501, "Not Implemented"]);
  expect((await running.ask(POLLING)).status).toBe(200);
});

test("EG3 listen() takes a callback in place of the options", async () => {
  const engine = await new Promise<InstanceType<typeof engineModule.Server>>((resolve) => {
    const made = engineModule.listen(0, (() => resolve(made)) as never);
  });
  await using running = new RunningEngine(engine, engine.httpServer as never);
  expect((await running.ask(POLLING)).status).toBe(200);
});

test("EG4 attach() takes what is under its path, and leaves the rest to who listened before", async () => {
  await using running = await startEngine();
  expect(running.engine).toBeInstanceOf(engineModule.Server);
  const status = async (path: string): Promise<number> => (await running.ask(path)).status;
  expect(await status(POLLING)).toBe(200);
  expect(await status("/engine.io/anything?EIO=4&transport=polling")).toBe(200);
  expect(await status("/engine.io/")).toBe(400);
  expect(await status("/engine.io?EIO=4&transport=polling")).toBe(418);
  expect(await status("/engine.iox/?EIO=4&transport=polling")).toBe(418);
  expect(await status("/")).toBe(418);
});

test.each([["/mine"], ["/mine/"]])("EG4 at the path %s", async (path) => {
  await using running = await startEngine({ path });
  const [ours, other] = [
    await running.ask("/mine/?EIO=4&transport=polling"),
    await running.ask(POLLING),
  ];
  expect([ours.status, other.status]).toEqual([200, 418]);
});

test("EG4 without a slash at the end", async () => {
  await using running = await startEngine({ addTrailingSlash: false });
  expect((await running.ask("/engine.io?EIO=4&transport=polling")).status).toBe(200);
});

test("EG4 the path given to the constructor is not asked", async () => {
  const http = createServer((_request, response) => response.writeHead(418).end());
  const engine = new engineModule.Server({ path: "/mine" } as object);
  engine.attach(http);
  await listen(http);
  await using running = new RunningEngine(engine, http);
  expect((await running.ask(POLLING)).status).toBe(200);
  expect((await running.ask("/mine/?EIO=4&transport=polling")).status).toBe(418);
});

test("EG5 an upgrade for another path is ended after destroyUpgradeTimeout", async () => {
  await using running = await startEngine({ destroyUpgradeTimeout: 30 });
  await expect(running.ask("/other", { headers: UPGRADE })).rejects.toThrow("socket hang up");
});

test("EG5 it is left alone with destroyUpgrade: false, or when somebody has answered", async () => {
  for (const options of [{ destroyUpgrade: false }, { destroyUpgradeTimeout: 20 }]) {
    await using running = await startEngine(options);
    running.http.on("upgrade", (request, socket) => {
      if (request.url === "/other")
        socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
    });
    const { status, text } = await running.ask("/other", { headers: UPGRADE });
    expect([status, text]).toEqual([404, "no"]);
  }
});

test("EG5 a server without WebSockets leaves upgrades to the listeners of requests", async () => {
  await using running = await startEngine({ transports: ["polling"] });
  expect((await running.ask("/other", { headers: UPGRADE })).status).toBe(418);
  const answer = await running.ask(WEBSOCKET, { headers: UPGRADE });
  expect([answer.status, answer.text]).toEqual([400, '{"code":0,"message":"Transport unknown"}']);
});

test("EG6 several engines share an HTTP server", async () => {
  const http = createServer((_request, response) => response.writeHead(418).end());
  const [one, two] = [
    engineModule.attach(http, { path: "/one", destroyUpgrade: false }),
    engineModule.attach(http, { path: "/two", destroyUpgrade: false }),
  ];
  await listen(http);
  await using running = new RunningEngine(one, http);
  for (const [engine, path] of [
    [one, "/one"],
    [two, "/two"],
  ] as const) {
    const connected = event(engine, "connection");
    await WirePeer.open(running.port, `${path}/?EIO=4&transport=websocket`).then((peer) =>
      peer.close(),
    );
    expect((await connected)[0]).toBeInstanceOf(engineModule.Socket);
    expect((await running.ask(`${path}/?EIO=4&transport=polling`)).status).toBe(200);
  }
  expect((await running.ask("/")).status).toBe(418);
  two.close();
});

test("EG7 handleRequest and handleUpgrade take what the application routes", async () => {
  const engine = new engineModule.Server();
  const http = createServer((request, response) => {
    if (request.url?.startsWith("/any/path")) engine.handleRequest(request, response);
    else response.writeHead(418).end();
  });
  http.on("upgrade", (request, socket, head) => engine.handleUpgrade(request, socket, head));
  await listen(http);
  await using running = new RunningEngine(engine, http);
  const { status, text } = await running.ask("/any/path?EIO=4&transport=polling");
  expect([status, text.slice(0, 8)]).toEqual([200, '0{"sid":']);
  const { conn, peer } = await running.overWebSocket("/somewhere?EIO=4&transport=websocket");
  peer.send("4hello");
  conn.send("back");
  expect(await event(conn, "data").then(([data]) => data)).toBe("hello");
  expect(await peer.next()).toBe("4back");
});

test("EG8 when the HTTP server closes, the connections end; when it listens again, they may come back", async () => {
  const http = createServer();
  const engine = engineModule.attach(http, {});
  const port = await listen(http);
  const running = new RunningEngine(engine, http);
  const { conn, peer } = await running.overWebSocket();
  const closed = event(conn, "close");
  const end = new Promise((resolve) => http.close(resolve));
  peer.close();
  // Whichever is noticed first.
  expect(["transport close", "forced close"]).toContain((await closed)[0]);
  await end;
  expect(engine.clientsCount).toBe(0);
  await listen(http, port);
  const again = await running.overWebSocket();
  expect(again.conn.readyState).toBe("open");
  again.peer.close();
  await running[Symbol.asyncDispose]();
});

test("EG9 an HTTP request that hangs does not keep close() from ending the others", async () => {
  await using running = await startEngine();
  const { conn, peer } = await running.overPolling();
  const { answer } = await peer.heldPoll();
  const closed = event(conn, "close");
  running.engine.close();
  expect(await closed).toEqual(["forced close", undefined].slice(0, (await closed).length));
  expect((await answer).text).toBe("1");
  expect((await running.ask(peer.path)).text).toBe('{"code":1,"message":"Session ID unknown"}');
});

test("EG9 after close() a WebSocket handshake is refused, and polling goes on", async () => {
  await using running = await startEngine();
  running.engine.close();
  const { port } = running.http.address() as AddressInfo;
  const status = await new Promise<number>((resolve, reject) => {
    const request = get({ port, path: WEBSOCKET, headers: UPGRADE, agent: false });
    request.on("response", (response) => resolve(response.statusCode ?? 0));
    request.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on("error", reject);
  });
  expect(status).toBe(503);
  expect((await ask(port, POLLING)).status).toBe(200);
});
