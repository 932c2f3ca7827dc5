// HTTP around the engine: CORS, cookies, encodings, odd queries, decisions about handshakes. Every test runs against
// Socket.IO too (CONTROL=socket.io).

import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { event, isControl, type Options, record, startServer } from "../test/running-server.ts";
import { ask, exchangeBytes, POLLING, PollingPeer, WEBSOCKET, WirePeer } from "../test/wire.ts";

type Headers = Readonly<Record<string, string>>;

const CORS: readonly [string, unknown, string | undefined][] = [
  ["*", { origin: "*" }, "*"],
  ["a text", { origin: "http://a" }, "http://a"],
  ["a list that has it", { origin: ["http://b", "http://a"] }, "http://a"],
  ["a list that has it not", { origin: ["http://b"] }, undefined],
  ["an expression", { origin: /a$/ }, "http://a"],
  ["true", { origin: true }, "http://a"],
  ["false", { origin: false }, undefined],
  [
    "a function",
    { origin: (_origin: string, done: (error: null, ok: boolean) => void) => done(null, true) },
    "http://a",
  ],
  ["nothing in it", {}, "*"],
  [
    "a function of the request",
    (_request: unknown, done: (error: null, options: object) => void) =>
      done(null, { origin: "http://z" }),
    "http://z",
  ],
];

test.each(CORS)(
  "NH33 cors with %s: polling, preflights, WebSocket, files, refusals",
  async (_what, cors, origin) => {
    await using server = await startServer({ cors } as Options);
    const headers = { origin: "http://a" };
    const preflight = { ...headers, "access-control-request-method": "POST" };
    const refused = "/socket.io/?EIO=4&transport=pigeon";
    const answers = [
      await ask(server.port, POLLING, { headers }),
      await ask(server.port, POLLING, { headers: preflight, method: "OPTIONS" }),
      await ask(server.port, refused, { headers }),
      await ask(server.port, "/socket.io/socket.io.js", { headers }),
    ];
    const peer = new WirePeer(server.port, WEBSOCKET, { headers });
    const [upgrade] = await event(peer.ws, "upgrade");
    answers.push(upgrade as (typeof answers)[number]);
    for (const answer of answers) {
      expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    }
    peer.close();
  },
);

test("NH33 cors: credentials, headers, methods and the age of preflights", async () => {
  await using server = await startServer({
    cors: {
      origin: "http://a",
      credentials: true,
      allowedHeaders: ["x-one"],
      exposedHeaders: ["x-two"],
      methods: ["GET", "POST"],
      maxAge: 7,
    },
  });
  const headers = { origin: "http://a", "access-control-request-method": "POST" };
  const preflight = await ask(server.port, POLLING, { method: "OPTIONS", headers });
  expect([preflight.status, preflight.text]).toEqual([204, ""]);
  expect(preflight.headers).toMatchObject({
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "x-one",
    "access-control-allow-methods": "GET,POST",
    "access-control-max-age": "7",
  });
  const { headers: found } = await ask(server.port, POLLING, { headers });
  expect(found["access-control-expose-headers"]).toBe("x-two");
});

test("NH33 cors: Vary: Origin stands wherever the answer depends on it, on files too", async () => {
  await using server = await startServer({ cors: { origin: ["http://a"] } });
  for (const path of [POLLING, "/socket.io/socket.io.js"]) {
    const { headers } = await ask(server.port, path, { headers: { origin: "http://a" } });
    expect(headers.vary?.toLowerCase().split(/,\s*/)).toContain("origin");
  }
});

const ENCODINGS: readonly [string, string | undefined, string | undefined][] = [
  ["gzip, deflate", "gzip", "gzip"],
  ["deflate, gzip", "deflate", "deflate"],
  ["gzip;q=0.5, deflate;q=0.9", "deflate", "deflate"],
  ["gzip;q=0, deflate", "deflate", "deflate"],
  ["gzip;q=0, *", "deflate", "br"],
  ["*", "gzip", "br"],
  ["br", undefined, "br"],
  ["GZIP", "gzip", "gzip"],
  ["identity", undefined, undefined],
  ["gzip;q=0", undefined, undefined],
  ["gzip;q=none", undefined, undefined],
];

test.each(ENCODINGS)(
  "NH35 accept-encoding: %s: polling %s, files %s",
  async (accepted, polled, served) => {
    await using server = await startServer();
    const headers = { "accept-encoding": accepted };
    const joined = server.joined();
    const peer = await PollingPeer.open(server.port);
    await peer.post("40");
    const socket = await joined;
    await peer.poll();
    socket.emit("x", "long ".repeat(400));
    const poll = await ask(server.port, peer.path, { headers });
    expect(poll.headers["content-encoding"]).toBe(polled);
    const file = await ask(server.port, "/socket.io/socket.io.js", { headers });
    // A bundle that was not built has no encoding.
    if (file.status === 200) expect(file.headers["content-encoding"]).toBe(served);
  },
);

test.each([
  ["no sid after its name", "&sid=", 200],
  ["EIO with a zero before it", "/socket.io/?EIO=04&transport=polling", 400],
  ["EIO in percent form", "/socket.io/?EIO=%34&transport=polling", 200],
  ["eio in small letters", "/socket.io/?eio=4&transport=polling", 400],
  ["a blank behind the transport", "/socket.io/?EIO=4&transport=polling%20", 400],
  ["two slashes", "/socket.io//?EIO=4&transport=polling", 200],
  ["semicolons", "/socket.io/?EIO=4;transport=polling", 400],
  ["broken percent form", `${POLLING}&%zz=1`, 200],
  ["no query at all", "/socket.io/", 400],
])("EN6 odd queries: %s", async (_what, path, status) => {
  await using server = await startServer();
  const whole = path.startsWith("/") ? path : POLLING + path;
  expect((await ask(server.port, whole)).status).toBe(status);
});

test.each([
  [undefined, true],
  ["text/plain", true],
  ["application/json", true],
  ["application/octet-stream; charset=x", true],
  ["application/octet-stream", false],
])("EN15 a POST with the content type %s: taken %s", async (type, isTaken) => {
  await using server = await startServer();
  const peer = await PollingPeer.open(server.port);
  const headers: Headers = type === undefined ? {} : { "content-type": type };
  const joined = record(server.io, "connection");
  const { status } = await ask(server.port, peer.path, { method: "POST", headers, body: "40" });
  expect(status).toBe(isTaken ? 200 : 400);
  await expect.poll(() => joined.length).toBe(isTaken ? 1 : 0);
});

type Decide = (error: unknown, isAllowed?: unknown) => void;

const DECISIONS: readonly [string, (decide: Decide) => void, number, string | undefined][] = [
  ["null, true", (decide) => decide(null, true), 200, undefined],
  ["a text, true", (decide) => decide("ignored", true), 200, undefined],
  ["null, 1", (decide) => decide(null, 1), 200, undefined],
  ["null, false", (decide) => decide(null, false), 403, "Forbidden"],
  ["nothing", (decide) => decide(undefined), 403, "Forbidden"],
  ["an empty text", (decide) => decide("", false), 403, "Forbidden"],
  ["a text, false", (decide) => decide("why", false), 403, "why"],
];

test.each(DECISIONS)("NH24 allowRequest decides %s", async (_what, act, status, message) => {
  await using server = await startServer({
    allowRequest: ((_request: unknown, decide: Decide) => act(decide)) as never,
  });
  const answer = await ask(server.port, POLLING);
  expect(answer.status).toBe(status);
  if (message !== undefined) expect(JSON.parse(answer.text)).toEqual({ code: 4, message });
});

// Socket.IO sends an empty object over polling, and fails with an uncaught error over WebSocket.
test.skipIf(isControl)(
  "NH24 allowRequest that decides with an Error refuses with its message",
  async () => {
    await using server = await startServer({
      allowRequest: ((_request: unknown, decide: Decide) =>
        decide(new Error("why"), false)) as never,
    });
    expect((await ask(server.port, POLLING)).text).toBe('{"code":4,"message":"why"}');
    const lines = [
      `GET ${WEBSOCKET} HTTP/1.1`,
      ...["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
      ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "\r\n"],
    ];
    expect(await exchangeBytes(server.port, lines.join("\r\n")).answer).toMatch(/\r\n\r\nwhy$/);
  },
);

test("NH28 a cookie that a listener of initial_headers assigns stands beside the session's", async () => {
  await using server = await startServer({ cookie: true });
  server.io.engine.on("initial_headers", (headers: Record<string, string>) => {
    headers["set-cookie"] = "uid=1234; SameSite=Strict";
  });
  const { headers } = await ask(server.port, POLLING);
  expect(headers["set-cookie"]).toEqual([
    expect.stringMatching(/^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/),
    "uid=1234; SameSite=Strict",
  ]);
});

const COOKIES: readonly [object, RegExp][] = [
  [{}, /^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/],
  [{ name: "a", httpOnly: false }, /^a=[\w-]{20}; Path=\/; SameSite=Lax$/],
  [{ sameSite: true }, /; SameSite=Strict$/],
  [{ sameSite: false }, /^io=[\w-]{20}; Path=\/; HttpOnly$/],
  [{ sameSite: "none", secure: true }, /; Secure; SameSite=None$/],
  [{ domain: "a.b", maxAge: 7 }, /; Max-Age=7; Domain=a\.b; /],
  [{ expires: new Date(0) }, /; Expires=Thu, 01 Jan 1970 00:00:00 GMT; /],
];

test.each(COOKIES)("NH29 cookie: %j", async (cookie, expected) => {
  await using server = await startServer({ cookie } as Options);
  expect((await ask(server.port, POLLING)).headers["set-cookie"]?.[0]).toMatch(expected);
});

test("NH30 engine middleware: a list of header values, over polling and in the 101", async () => {
  await using server = await startServer();
  server.io.engine.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    response.setHeader("x-list", ["1", "2"]);
    next();
  });
  const polled = (await ask(server.port, POLLING)).headers["x-list"];
  expect(polled).toBe("1, 2");
  const peer = new WirePeer(server.port);
  const [upgrade] = await event(peer.ws, "upgrade");
  // One header of two values, or two headers: the same for whoever reads it.
  expect(String((upgrade as IncomingMessage).headers["x-list"])).toMatch(/^1, ?2$/);
  peer.close();
});

// In Socket.IO an uncaught exception, and no answer.
test.skipIf(isControl)("NH81 engine middleware that throws refuses with code 3", async () => {
  await using server = await startServer();
  server.io.engine.use(() => {
    throw new Error("no");
  });
  const { status, text } = await ask(server.port, POLLING);
  expect([status, text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
});

test("SO1 of() takes anything as a name that is neither a function nor an expression", async () => {
  await using server = await startServer();
  for (const name of [5, undefined, null] as unknown as string[]) {
    expect(server.io.of(name).name).toBe(`/${name}`);
  }
  expect(server.io.of("/after").name).toBe("/after");
});

test("NH28 a request that is refused has no headers of listeners", async () => {
  await using server = await startServer();
  const told = record(server.io.engine, "headers");
  await ask(server.port, `${POLLING}&sid=nobody`);
  expect(told).toEqual([]);
});
