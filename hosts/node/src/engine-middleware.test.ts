// Middleware in front of the engine, CORS among it, and requests that applications route themselves.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { event, listen, RunningServer, record, startServer } from "../test/running-server.ts";
import { ask, exchangeBytes, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

type Next = (error?: unknown) => void;

const HANDSHAKE = [
  `GET ${WEBSOCKET} HTTP/1.1`,
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

const PAGE = "https://page.example";

test("NH30 engine middleware runs in order for every request and for WebSocket handshakes", async () => {
  await using server = await startServer();
  const seen: string[] = [];
  server.io.engine.use((request: IncomingMessage, _response: ServerResponse, next: Next) => {
    seen.push(`1 ${request.method} ${request.url}`);
    setImmediate(next);
  });
  server.io.engine.use((_request: IncomingMessage, _response: ServerResponse, next: Next) => {
    seen.push("2");
    next();
  });
  const peer = await PollingPeer.open(server.port);
  expect((await peer.post("40")).text).toBe("ok");
  (await WirePeer.open(server.port)).close();
  expect(seen).toEqual([
    `1 GET ${POLLING}`,
    "2",
    `1 POST ${peer.path}`,
    "2",
    `1 GET ${WEBSOCKET}`,
    "2",
  ]);
});

test("NH30 headers that it sets stand in answers, and in the 101", async () => {
  await using server = await startServer();
  server.io.engine.use((_request: IncomingMessage, response: ServerResponse, next: Next) => {
    response.setHeader("x-powered-by", "tests");
    next();
  });
  expect((await ask(server.port, POLLING)).headers["x-powered-by"]).toBe("tests");
  const peer = new WirePeer(server.port);
  const [upgrade] = await event(peer.ws, "upgrade");
  expect((upgrade as IncomingMessage).headers["x-powered-by"]).toBe("tests");
  peer.close();
});

test("NH31 an error refuses with code 3, MIDDLEWARE_FAILURE", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error") as [Record<string, unknown>][];
  const error = new Error("no");
  server.io.engine.use((_request: IncomingMessage, _response: ServerResponse, next: Next) =>
    next(error),
  );
  expect(await ask(server.port, POLLING)).toMatchObject({
    status: 400,
    text: '{"code":3,"message":"Bad request"}',
  });
  expect(await exchangeBytes(server.port, HANDSHAKE).answer).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*Bad request$/,
  );
  expect(refused.map(([each]) => [each["code"], each["context"]])).toEqual([
    [3, expect.objectContaining({ name: "MIDDLEWARE_FAILURE" })],
    [3, expect.objectContaining({ name: "MIDDLEWARE_FAILURE" })],
  ]);
});

test("NH32 middleware may answer by itself", async () => {
  await using server = await startServer();
  server.io.engine.use((_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(401, { "x-why": "login" });
    response.end("log in first");
  });
  expect(await ask(server.port, POLLING)).toMatchObject({ status: 401, text: "log in first" });
  // A handshake that was ended has no answer: the connection is cut.
  expect(await exchangeBytes(server.port, HANDSHAKE).answer).toBe("");
  expect(server.io.engine.clientsCount).toBe(0);
});

test("NH33 cors answers preflights and puts its headers on polling answers", async () => {
  await using server = await startServer({
    cors: { origin: PAGE, credentials: true, methods: ["GET", "POST"] },
  });
  const preflight = await ask(server.port, POLLING, {
    method: "OPTIONS",
    headers: { origin: PAGE, "access-control-request-method": "POST" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    "access-control-allow-origin": PAGE,
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-credentials": "true",
  });
  const handshake = await ask(server.port, POLLING, { headers: { origin: PAGE } });
  expect(handshake.headers["access-control-allow-origin"]).toBe(PAGE);
  const { sid } = JSON.parse(handshake.text.slice(1)) as { sid: string };
  const post = await new PollingPeer(server.port, sid).post("40");
  expect(post.headers["access-control-allow-origin"]).toBe(PAGE);
});

test("NH33 cors may be a function of the request", async () => {
  await using server = await startServer({
    cors: (request, decide) =>
      decide(null, { origin: request.headers["x-tenant"] === "a" ? "https://a.example" : false }),
  });
  const allowed = await ask(server.port, POLLING, { headers: { "x-tenant": "a" } });
  expect(allowed.headers["access-control-allow-origin"]).toBe("https://a.example");
  const other = await ask(server.port, POLLING);
  expect(other.headers["access-control-allow-origin"]).toBeUndefined();
});

test("NH33 without cors there are no such headers, and a preflight is a bad handshake", async () => {
  await using server = await startServer();
  const handshake = await ask(server.port, POLLING, { headers: { origin: PAGE } });
  expect(handshake.headers["access-control-allow-origin"]).toBeUndefined();
  const preflight = await ask(server.port, POLLING, {
    method: "OPTIONS",
    headers: { origin: PAGE },
  });
  expect(preflight).toMatchObject({
    status: 400,
    text: '{"code":2,"message":"Bad handshake method"}',
  });
});

test("NH34 applications may route requests to handleRequest and handleUpgrade themselves", async () => {
  await using owner = await startServer({ serveClient: false });
  const { engine } = owner.io as unknown as {
    engine: {
      handleRequest(request: IncomingMessage, response: ServerResponse): void;
      handleUpgrade(request: IncomingMessage, socket: unknown, head: Buffer): void;
    };
  };
  const http = createServer((request, response) => {
    if (request.url?.startsWith("/own/")) engine.handleRequest(request, response);
    else response.writeHead(418).end();
  });
  http.on("upgrade", (request, socket, head) => engine.handleUpgrade(request, socket, head));
  await listen(http);
  await using front = new RunningServer(owner.io, http);
  const polling = front.client("", { path: "/own/", transports: ["polling"] });
  const webSocket = front.client("", { path: "/own/", transports: ["websocket"] });
  await Promise.all([event(polling, "connect"), event(webSocket, "connect")]);
  expect(owner.io.engine.clientsCount).toBe(2);
  polling.disconnect();
  webSocket.disconnect();
  http.close();
});
