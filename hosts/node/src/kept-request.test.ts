// The first request is let go when nobody has read it, and made again when somebody reads it after all.

import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { event, isControl, type Options, startServer } from "../test/running-server.ts";
import { exchangeBytes } from "../test/wire.ts";

const HEADERS = { "x-one": "1", cookie: "a=b; c=d", "user-agent": "tests" };

/** The request that Node made and the one that the socket shows after its connection listeners. */
async function requests(
  options: Options,
  prepare: (server: Awaited<ReturnType<typeof startServer>>, seen: IncomingMessage[]) => void,
): Promise<{ made: IncomingMessage; shown: IncomingMessage; handshake: Record<string, unknown> }> {
  await using server = await startServer(options);
  const seen: IncomingMessage[] = [];
  prepare(server, seen);
  // Not with a listener: those are given the request to keep.
  const { emit } = server.http;
  server.http.emit = function (name: string, ...args: unknown[]) {
    if (name === "upgrade") seen.push(args[0] as IncomingMessage);
    return Reflect.apply(emit, this, [name, ...args]) as boolean;
  };
  const { client, socket } = await server.pair("", { extraHeaders: HEADERS, query: { q: "1" } });
  // By the time that an event arrives, the connection listeners have run.
  const heard = event(socket, "later");
  client.emit("later");
  await heard;
  return {
    made: seen[0] as IncomingMessage,
    shown: socket.request as IncomingMessage,
    handshake: socket.handshake as unknown as Record<string, unknown>,
  };
}

test("NH60 socket.request read for the first time after the connection listeners has the same content", async () => {
  const { made, shown, handshake } = await requests({}, () => {});
  const { method, url, httpVersion, headers, rawHeaders, socket } = made;
  expect(shown).toMatchObject({ method, url, httpVersion, headers, rawHeaders });
  expect(shown.socket).toBe(socket);
  expect((shown as unknown as { _query: unknown })._query).toMatchObject({ q: "1" });
  expect(handshake).toMatchObject({ headers: { ...headers, ...HEADERS }, url, secure: false });
  expect(shown === made).toBe(isControl);
});

test("NH60 the same object is shown every time", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = event(socket, "later");
  client.emit("later");
  await heard;
  const request = socket.request as IncomingMessage & { session?: string };
  request.session = "mine";
  expect((socket.request as typeof request).session).toBe("mine");
  expect(socket.client.request).toBe(request);
  expect(socket.conn.request).toBe(request);
});

test.each<[string, Options, (server: Awaited<ReturnType<typeof startServer>>) => void]>([
  [
    "by a connection listener",
    {},
    ({ io }) => io.on("connection", (socket) => void socket.request.url),
  ],
  [
    "by middleware",
    {},
    ({ io }) =>
      io.use((socket, next) => {
        Object.assign(socket.request, { user: "me" });
        next();
      }),
  ],
  [
    "by engine middleware",
    {},
    ({ io }) =>
      io.engine.use((_request: IncomingMessage, _response: ServerResponse, next: () => void) =>
        next(),
      ),
  ],
  ["by allowRequest", { allowRequest: (_request, decide) => decide(null, true) }, () => {}],
  ["by a listener of headers", {}, ({ io }) => io.engine.on("headers", () => {})],
  [
    "by a listener of the HTTP server that marks it",
    {},
    ({ http }) =>
      http.prependListener("upgrade", (request: IncomingMessage) =>
        Object.assign(request, { user: "me" }),
      ),
  ],
  [
    "by a listener of the HTTP server that may mark it later",
    {},
    ({ http }) => http.on("upgrade", () => {}),
  ],
  [
    "by a listener of the HTTP server that marks it with a symbol",
    {},
    ({ http }) =>
      http.on("upgrade", (request: IncomingMessage) =>
        Object.assign(request, { [Symbol("user")]: "me" }),
      ),
  ],
  ["because keepRequest says so", { keepRequest: true }, () => {}],
])(
  "NH61 a request that was read %s stays the one that Node made",
  async (_how, options, prepare) => {
    const { made, shown } = await requests(options, prepare);
    expect(shown).toBe(made);
  },
);

test("NH61 what is added to it after the connection listeners have run stands in socket.request", async () => {
  await using server = await startServer();
  let add = (): void => {};
  server.http.on("upgrade", (request: IncomingMessage) => {
    add = () => Object.assign(request, { user: "me" });
  });
  const { client, socket } = await server.pair();
  const heard = event(socket, "later");
  client.emit("later");
  await heard;
  add();
  expect(socket.request).toMatchObject({ user: "me" });
});

test("NH60 over polling, and headers that the peer repeats are joined as Node joins them", async () => {
  await using server = await startServer();
  const made: IncomingMessage[] = [];
  server.http.on("request", (request: IncomingMessage) => made.push(request));
  const joined = server.joined();
  const handshake = [
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1",
    "Host: 127.0.0.1",
    "Connection: close",
    "X-Many: 1",
    "x-many: 2",
    "Cookie: a=b",
    "Cookie: c=d",
    "User-Agent: one",
    "User-Agent: two",
    "Set-Cookie: e=f",
    "Set-Cookie: g=h",
    "\r\n",
  ].join("\r\n");
  const first = exchangeBytes(server.port, handshake);
  const answer = await first.answer;
  const sid = /"sid":"([^"]+)"/.exec(answer)?.[1] ?? "";
  const post = [
    `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Content-Length: 2",
    "\r\n40",
  ].join("\r\n");
  exchangeBytes(server.port, post);
  const socket = await joined;
  // The listener above has run by the end of this turn; then nobody has read the request yet.
  await new Promise(setImmediate);
  expect(socket.handshake.headers).toEqual(made[0]?.headers);
  expect((socket.request as IncomingMessage).headers).toEqual(made[0]?.headers);
  expect((socket.request as IncomingMessage).method).toBe("GET");
});
