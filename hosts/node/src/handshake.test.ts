// Who gets in: allowRequest, ids of the application's own, headers on answers, the session cookie.

import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { event, isControl, type Options, record, startServer } from "../test/running-server.ts";
import { ask, exchangeBytes, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

type Decide = (error: string | null | undefined, isAllowed: boolean) => void;

function allowing(allowRequest: (request: IncomingMessage, decide: Decide) => void): Options {
  return { allowRequest };
}

function upgradeRequest(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "\r\n",
  ].join("\r\n");
}

test("NH23 allowRequest is asked for handshakes of either transport, and for nothing else", async () => {
  const urls: (string | undefined)[] = [];
  await using server = await startServer(
    allowing((request, decide) => {
      urls.push(request.url);
      decide(null, true);
    }),
  );
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  await peer.poll();
  (await WirePeer.open(server.port)).close();
  expect(urls).toEqual([POLLING, WEBSOCKET]);
});

test("NH23 allowRequest may decide later", async () => {
  await using server = await startServer(
    allowing((_request, decide) => setImmediate(() => decide(undefined, true))),
  );
  const { client } = await server.pair();
  expect(client.connected).toBe(true);
});

test.each([
  [null, "Forbidden"],
  ["not today", "not today"],
])("NH24 a refusal (%j) is 403 over polling, with code 4", async (text, message) => {
  await using server = await startServer(allowing((_request, decide) => decide(text, false)));
  const refused = record(server.io.engine, "connection_error");
  const answer = await ask(server.port, POLLING);
  expect(answer.status).toBe(403);
  expect(answer.headers["content-type"]).toBe("application/json");
  expect(JSON.parse(answer.text)).toEqual({ code: 4, message });
  const context = text === null ? expect.anything() : { message: text };
  expect(refused).toEqual([[expect.objectContaining({ code: 4, message: "Forbidden", context })]]);
});

test("NH24 a refusal is a bare 400 for a WebSocket, with the text as body", async () => {
  await using server = await startServer(
    allowing((_request, decide) => decide("not today", false)),
  );
  const answer = await exchangeBytes(server.port, upgradeRequest(WEBSOCKET)).answer;
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toMatch(/\r\n\r\nnot today$/);
});

test.skipIf(isControl)("NH25 a second decision is ignored", async () => {
  await using server = await startServer(
    allowing((_request, decide) => {
      decide(null, true);
      decide("too late", false);
      decide(null, true);
    }),
  );
  expect((await ask(server.port, POLLING)).status).toBe(200);
  expect(server.io.engine.clientsCount).toBe(1);
});

test("NH26 connection_error tells the request, code, message and context", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error") as [Record<string, unknown>][];
  await ask(server.port, "/socket.io/?EIO=4&transport=carrier-pigeon");
  await ask(server.port, `${POLLING}&sid=nobody`);
  await ask(server.port, POLLING, { method: "POST", body: "" });
  await ask(server.port, "/socket.io/?EIO=3&transport=polling");
  await exchangeBytes(server.port, upgradeRequest(`${WEBSOCKET}&sid=nobody`)).answer;
  expect(refused.map(([each]) => [each["code"], each["message"], each["context"]])).toEqual([
    [0, "Transport unknown", { transport: "carrier-pigeon" }],
    [1, "Session ID unknown", { sid: "nobody" }],
    [2, "Bad handshake method", { method: "POST" }],
    [5, "Unsupported protocol version", { protocol: 3 }],
    [1, "Session ID unknown", { sid: "nobody" }],
  ]);
  const [first] = refused as [[{ req: IncomingMessage }]];
  expect(first[0].req.url).toContain("carrier-pigeon");
});

test("NH27 generateId makes the session ids", async () => {
  await using server = await startServer();
  const seen: (string | undefined)[] = [];
  server.io.engine.generateId = (request: IncomingMessage) => {
    seen.push(request.url);
    return `mine-${seen.length}`;
  };
  expect((await PollingPeer.open(server.port)).sid).toBe("mine-1");
  const { client, socket } = await server.pair();
  expect(client.io.engine.id).toBe("mine-2");
  expect((socket.conn as unknown as { id: string }).id).toBe("mine-2");
  expect(socket.id).not.toBe("mine-2");
  expect(seen).toHaveLength(2);
});

test("NH27 generateId may be async; a rejection refuses with code 3", async () => {
  await using server = await startServer();
  const refused = record(server.io.engine, "connection_error") as [Record<string, unknown>][];
  const { engine } = server.io as { engine: { generateId: unknown } };
  engine.generateId = () => Promise.resolve("later");
  expect((await PollingPeer.open(server.port)).sid).toBe("later");
  engine.generateId = () => Promise.reject(new Error("no ids left"));
  const answer = await ask(server.port, POLLING);
  expect(answer).toMatchObject({ status: 400, text: '{"code":3,"message":"Bad request"}' });
  expect(await exchangeBytes(server.port, upgradeRequest(WEBSOCKET)).answer).toMatch(
    /Bad request$/,
  );
  expect(refused.map(([{ context }]) => context)).toEqual([
    { name: "ID_GENERATION_ERROR", error: expect.objectContaining({ message: "no ids left" }) },
    { name: "ID_GENERATION_ERROR", error: expect.objectContaining({ message: "no ids left" }) },
  ]);
});

test("NH28 initial_headers is raised for the first answer, headers for each", async () => {
  await using server = await startServer();
  const { engine } = server.io;
  const first: (string | undefined)[] = [];
  engine.on("initial_headers", (headers: Record<string, string>, request: IncomingMessage) => {
    first.push(request.url);
    headers["x-first"] = "1";
  });
  engine.on("headers", (headers: Record<string, string>) => {
    headers["x-each"] = "2";
  });
  const handshake = await ask(server.port, POLLING);
  expect(handshake.headers).toMatchObject({ "x-first": "1", "x-each": "2" });
  const { sid } = JSON.parse(handshake.text.slice(1)) as { sid: string };
  const post = await new PollingPeer(server.port, sid).post("40");
  expect(post.headers).toMatchObject({ "x-each": "2" });
  expect(post.headers["x-first"]).toBeUndefined();
  const accepted = new WirePeer(server.port);
  const [upgrade] = await event(accepted.ws, "upgrade");
  expect((upgrade as IncomingMessage).headers).toMatchObject({ "x-first": "1", "x-each": "2" });
  expect(first).toEqual([POLLING, WEBSOCKET]);
  accepted.close();
});

test("NH29 the cookie with the session id comes with the first polling answer only", async () => {
  await using server = await startServer({ cookie: true });
  const handshake = await ask(server.port, POLLING);
  const { sid } = JSON.parse(handshake.text.slice(1)) as { sid: string };
  expect(handshake.headers["set-cookie"]).toEqual([`io=${sid}; Path=/; HttpOnly; SameSite=Lax`]);
  const post = await new PollingPeer(server.port, sid).post("40");
  expect(post.headers["set-cookie"]).toBeUndefined();
  const accepted = new WirePeer(server.port);
  const [upgrade] = await event(accepted.ws, "upgrade");
  expect((upgrade as IncomingMessage).headers["set-cookie"]).toBeUndefined();
  accepted.close();
});

test("NH29 the attributes of the cookie can be chosen", async () => {
  await using server = await startServer({
    cookie: {
      name: "lb",
      path: "/chat",
      httpOnly: false,
      sameSite: "strict",
      secure: true,
      maxAge: 60,
    },
  });
  const [cookie] = (await ask(server.port, POLLING)).headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/^lb=[\w-]{20}; Max-Age=60; Path=\/chat; Secure; SameSite=Strict$/);
});

test("NH29 without the option there is no cookie", async () => {
  await using server = await startServer();
  expect((await ask(server.port, POLLING)).headers["set-cookie"]).toBeUndefined();
});
