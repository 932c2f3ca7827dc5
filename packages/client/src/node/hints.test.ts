// What is said of a connection that could not be made, or was lost: each cause is brought about for real.

import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { HELP_PAGE } from "@sockeye/portable";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { Socket as EngineSocket } from "./engine-io.ts";
import { io } from "./index.ts";
import { io as leanIo } from "./websocket.ts";

const NEW = { forceNew: true, reconnection: false };

/** The ways to connect, each of which has to explain its failures. */
const WAYS = [
  ["polling", (url: string, more = {}) => io(url, { ...NEW, ...more, transports: ["polling"] })],
  [
    "websocket",
    (url: string, more = {}) => io(url, { ...NEW, ...more, transports: ["websocket"] }),
  ],
  ["both", (url: string, more = {}) => io(url, { ...NEW, ...more })],
  ["lean", (url: string, more = {}) => leanIo(url, { ...NEW, ...more })],
] as const;

type Connect = (typeof WAYS)[number][1];

/** Has a server listen at a free port until the test is over. */
async function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A port at which nothing listens. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** The error of the first attempt. */
async function errorOf(connect: Connect, url: string, more = {}) {
  const client = connect(url, more);
  const [error] = await next(client as never, "connect_error");
  client.disconnect();
  return error as Error & { code: string; hint: string; hintCode: string };
}

/** Has the code, and a text that ends as every hint does. */
function expectHint(found: { hint: string; hintCode: string }, code: string, words: RegExp): void {
  expect(found.hintCode).toBe(code);
  expect(found.hint).toMatch(words);
  expect(found.hint.endsWith(`(${code}, see ${HELP_PAGE}#${code.toLowerCase()})`)).toBe(true);
}

describe.each(WAYS)("HN3 by %s", (_, connect) => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = makeCertificates();
  });

  test("HN3 nothing listens", async () => {
    const port = await freePort();
    const error = await errorOf(connect, `http://127.0.0.1:${port}`);
    expect(error.code).toBe("ERR_TRANSPORT");
    expectHint(
      error,
      "HINT_REFUSED",
      new RegExp(`nothing listens at 127.0.0.1:${port} .ECONNREFUSED.`),
    );
  });

  test("HN3 the host is unknown", async () => {
    // A name that is kept free for that (RFC 6761).
    const error = await errorOf(connect, "http://no-such-host.invalid");
    expectHint(
      error,
      "HINT_UNKNOWN_HOST",
      /no host "no-such-host.invalid" \((ENOTFOUND|EAI_AGAIN)\)/,
    );
  });

  test("HN3 the host cannot be reached", async () => {
    // A multicast address, to which TCP does not connect (RFC 9293, 3.9.2.3).
    const error = await errorOf(connect, "http://224.0.0.1");
    expectHint(error, "HINT_UNREACHABLE", /224\.0\.0\.1:80 cannot be reached \(E[A-Z]+\)/);
  });

  test("HN3 a certificate that nobody has signed", async () => {
    const port = await listening(createHttpsServer(certificates.server));
    const error = await errorOf(connect, `https://127.0.0.1:${port}`);
    expectHint(error, "HINT_CERTIFICATE", /127.0.0.1 is refused \(.*\), .*certificate.*option ca/);
  });

  test("HN3 a certificate of another name", async () => {
    const port = await listening(createHttpsServer(certificates.server), "127.0.0.2");
    const ca = certificates.server.cert;
    const error = await errorOf(connect, `https://127.0.0.2:${port}`, { ca });
    expectHint(error, "HINT_CERTIFICATE", /127.0.0.2 is refused \(.*ALTNAME.*\), .*does not match/);
  });

  test("HN3 https is asked of a server of http", async () => {
    const port = await listening(createHttpServer());
    const error = await errorOf(connect, `https://127.0.0.1:${port}`);
    expectHint(error, "HINT_HTTP_SERVER", new RegExp(`use http://127.0.0.1:${port}`));
  });

  test("HN3 http is asked of a server of https", async () => {
    const port = await listening(createHttpsServer(certificates.server));
    const error = await errorOf(connect, `http://127.0.0.1:${port}`);
    expect(["HINT_RESET", "HINT_HTTPS_SERVER"]).toContain(error.hintCode);
    expect(error.hint).toContain(`use https://127.0.0.1:${port}`);
  });

  test("HN3 the answer is not HTTP", async () => {
    const answer = (socket: Socket): void => void socket.end("\u0015\u0003\u0001\u0000\u0002");
    const port = await listening(createTcpServer(answer));
    const error = await errorOf(connect, `http://127.0.0.1:${port}`);
    expectHint(error, "HINT_HTTPS_SERVER", new RegExp(`use https://127.0.0.1:${port}`));
  });

  test("HN3 the server cuts the connection", async () => {
    const port = await listening(
      createTcpServer((socket) => socket.once("data", () => socket.destroy())),
    );
    const error = await errorOf(connect, `http://127.0.0.1:${port}`);
    expectHint(error, "HINT_RESET", /cut the connection without an answer/);
  });

  test("HN3 nothing answers in time", async () => {
    const sockets: Socket[] = [];
    const port = await listening(createTcpServer((socket) => void sockets.push(socket)));
    const error = await errorOf(connect, `http://127.0.0.1:${port}`, { timeout: 30 });
    expectHint(error, "HINT_TIMEOUT", /within 30 ms, the option timeout/);
    for (const socket of sockets) socket.destroy();
  });
});

/** A server of HTTP that answers everything in that way, WebSocket handshakes among it. */
async function answering(status: number, body: string): Promise<string> {
  const answer: RequestListener = (_request, response) => response.writeHead(status).end(body);
  const http = createHttpServer(answer);
  http.on("upgrade", (_request, socket) => {
    socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  return `http://127.0.0.1:${await listening(http)}`;
}

describe("HN4 answers", () => {
  const [[, polling], , [, both]] = WAYS;
  const PAGE = "<!DOCTYPE html><title>The shop</title>";

  test.each([
    ["by polling", polling],
    ["by the usual way", both],
  ])("HN4 a page with status 200, %s", async (_, connect) => {
    const error = await errorOf(connect, await answering(200, PAGE));
    expect(error).toMatchObject({ message: "server error", code: "parser error" });
    expectHint(
      error,
      "HINT_NOT_SOCKET_IO",
      /do address and path lead to its server\? <!DOCTYPE html><title>The shop/,
    );
  });

  test.each<[number, string, string, RegExp]>([
    [404, "", "HINT_PATH", /option path/],
    [403, "", "HINT_FORBIDDEN", /allowRequest/],
    [413, "", "HINT_TOO_LARGE", /maxHttpBufferSize/],
    [400, '{"code":1,"message":"Session ID unknown"}', "HINT_STICKY", /sticky sessions/],
    [503, "down for a moment", "HINT_STATUS", /answered 503 down for a moment/],
    [400, "The plain HTTP request was sent to HTTPS port", "HINT_HTTPS_SERVER", /use https/],
  ])("HN4 status %d %s: %s", async (status, body, code, words) => {
    const error = await errorOf(polling, await answering(status, body));
    expectHint(error, code, words);
  });

  test("HN4 a session on its own has the hint in its error as well", async () => {
    const session = new EngineSocket(await answering(200, PAGE), { transports: ["polling"] });
    const [error] = await next(session, "error");
    expect(error.hintCode).toBe("HINT_NOT_SOCKET_IO");
  });
});

describe("HN5 a message above the server's limit", () => {
  test("HN5 by WebSocket, a server of Socket.IO's, which names no limit", async () => {
    await using server = await startServer({ maxHttpBufferSize: 1000 });
    const client = io(server.url, { ...NEW, transports: ["websocket"] });
    await next(client, "connect");
    client.emit("long", "x".repeat(2000));
    const [reason, details] = await next(client, "disconnect");
    expect(reason).toBe("transport close");
    expectHint(details, "HINT_TOO_LARGE", /above its maxHttpBufferSize: raise that/);
  });

  test("HN5 the reason of the close frame is quoted", async () => {
    const ws = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => void ws.close());
    ws.on("connection", (socket) => {
      socket.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}');
      socket.on("message", () => socket.close(1009, "maxHttpBufferSize: 1000"));
    });
    await new Promise((resolve) => {
      ws.on("listening", resolve);
    });
    const { port } = ws.address() as AddressInfo;
    const client = leanIo(`http://127.0.0.1:${port}`, NEW);
    const [, details] = await next(client.io as never, "close");
    expectHint(details, "HINT_TOO_LARGE", /maxHttpBufferSize \(maxHttpBufferSize: 1000\)/);
    client.disconnect();
  });

  test("HN5 a message above the client's own limit", async () => {
    await using server = await startServer();
    server.io.on("connection", (socket) => void socket.emit("long", "x".repeat(2000)));
    const client = io(server.url, { ...NEW, transports: ["websocket"], maxPayload: 1000 } as never);
    const [reason, details] = await next(client, "disconnect");
    expect(reason).toBe("transport error");
    expectHint(details, "HINT_MAX_PAYLOAD", /maxPayload/);
  });
});

test("HN6 Invalid namespace names the namespace", async () => {
  await using server = await startServer();
  const client = io(`${server.url}/chat`, NEW);
  const [error] = await next(client, "connect_error");
  expect(error).toMatchObject({ message: "Invalid namespace", code: "ERR_REFUSED" });
  expectHint(error, "HINT_NAMESPACE", /no namespace "\/chat"/);
});

test("HN6 a server of Socket.IO 2, which answers CONNECT without an id", async () => {
  const ws = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => void ws.close());
  await new Promise((resolve) => {
    ws.on("listening", resolve);
  });
  ws.on("connection", (socket) => {
    socket.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}');
    socket.send("40");
  });
  const { port } = ws.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}`, { ...NEW, transports: ["websocket"] });
  const [error] = await next(client, "connect_error");
  client.disconnect();
  expect(error).toMatchObject({ code: "ERR_OLD_SERVER" });
  expectHint(error, "HINT_OLD_SERVER", /runs Socket\.IO 2: update it, or use socket\.io-client 2/);
});

test("HN6 a refusal of the application has no hint", async () => {
  await using server = await startServer();
  server.io.use((_socket, done) => done(new Error("not you")));
  const [error] = await next(io(server.url, NEW), "connect_error");
  expect(Object.keys(error)).toEqual(["data"]);
});

describe("warnings", () => {
  const warn = vi.spyOn(console, "warn");
  beforeAll(() => void warn.mockReturnValue());
  afterAll(() => void warn.mockRestore());

  /** What creating a manager with these options warns of. */
  function warningsOf(options: object): string[] {
    warn.mockClear();
    io("http://127.0.0.1:9", { ...NEW, autoConnect: false, ...options });
    return warn.mock.calls.map(([text]) => String(text));
  }

  test.each([
    ["reconection", 'did you mean "reconnection"?'],
    ["transport", 'did you mean "transports"?'],
    ["autoconnect", 'did you mean "autoConnect"?'],
    ["reconnectionAttempt", 'did you mean "reconnectionAttempts"?'],
    ["withCredential", 'did you mean "withCredentials"?'],
    ["pingTimeout", "it is an option of the server"],
    ["reconnect", 'it is "reconnection"'],
  ])("HN7 %s: %s", (name, meant) => {
    const [first, ...more] = warningsOf({ [name]: true });
    expect(first).toContain(`"${name}" is not an option of the client and has no effect: ${meant}`);
    expect(first).toMatch(/\(HINT_OPTION_NAME, see .*#hint_option_name\)$/);
    // Managers and sockets are given the same options, and there may be thousands.
    expect(more).toEqual([]);
    expect(warningsOf({ [name]: true })).toEqual([]);
  });

  test("HN7 the client with WebSocket alone warns as well", () => {
    warn.mockClear();
    leanIo("http://127.0.0.1:9", { ...NEW, autoConnect: false, reconectionDelay: 1 } as never);
    expect(String(warn.mock.calls[0])).toContain('did you mean "reconnectionDelay"?');
  });

  test("HN7 names that resemble none, and options of Node's, are left alone", () => {
    expect(
      warningsOf({ mine: 1, family: 4, origin: "http://x", path: "/x", reconection2: undefined }),
    ).toEqual([]);
  });

  test("HN8 a Map and a Set in data, once for each event", () => {
    warn.mockClear();
    const socket = io("http://127.0.0.1:9", { ...NEW, autoConnect: false });
    socket.emit("users", { list: new Map([[1, 2]]) });
    socket.emit("users", new Map());
    socket.emit("names", 1, new Set());
    socket.emit("kept", Object.assign(new Map(), { toJSON: () => [] }), Buffer.from("x"));
    const texts = warn.mock.calls.map(([text]) => String(text));
    expect(texts).toEqual([
      expect.stringMatching(/^a Map in "users" \(data\[1\]\.list\) arrives as \{\}: send Object/),
      expect.stringMatching(/^a Set in "names" \(data\[2\]\) .*\(HINT_LOSSY_DATA, see /),
    ]);
  });
});

test.each([undefined, null, {}, true])("HN12 emit(%j) throws ERR_EVENT_NAME", (name) => {
  const socket = io("http://127.0.0.1:9", { ...NEW, autoConnect: false });
  const emit = (): unknown => socket.emit(name as never);
  expect(emit).toThrow(TypeError);
  expect(emit).toThrow(/an event needs a name.*see .*#err_event_name/);
  expect(() => socket.emit(1 as never)).not.toThrow();
});
