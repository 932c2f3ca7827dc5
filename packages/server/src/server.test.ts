// A server on a host of a hundred lines over the web's Request and Response: everything but reading and writing is the
// server's. What Node does with the same is tested in hosts/node.

import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { surfaced, type WebAnswer, type WebHandler, warnings, web } from "../test/web-host.ts";
import type { EngineMiddleware, RequestRecord } from "./index.ts";

const ORIGIN = "https://server.example";
const POLLING = "/socket.io/?EIO=4&transport=polling";
const WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

type Io = InstanceType<typeof web.Server>;

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

class Running {
  readonly io: Io;
  readonly handler: WebHandler;

  constructor(options: object = {}) {
    this.io = new web.Server(options);
    this.handler = this.io.handler() as WebHandler;
  }

  any(path: string, asked: Asked = {}): Promise<WebAnswer> | null {
    return this.handler(new Request(ORIGIN + path, asked));
  }

  async ask(path: string, asked: Asked = {}): Promise<Response> {
    const answer = await this.any(path, asked);
    if (!(answer instanceof Response)) throw new Error("no response");
    return answer;
  }

  dial(path: string = WEBSOCKET, headers: Record<string, string> = {}): Promise<WebAnswer> {
    const answer = this.any(path, { headers: { ...headers, upgrade: "websocket" } });
    return answer ?? Promise.reject(new Error("not for this server"));
  }

  async open(path: string = POLLING): Promise<string> {
    const text = await (await this.ask(path)).text();
    return (JSON.parse(text.slice(1)) as { sid: string }).sid;
  }
}

test("a conversation over polling: handshake, CONNECT, an event, its acknowledgement", async () => {
  const server = new Running();
  server.io.on("connection", (socket: { on(name: string, listener: unknown): void }) => {
    socket.on("ask", (what: string, answer: (text: string) => void) => answer(`${what}!`));
  });
  const path = `${POLLING}&sid=${await server.open()}`;
  const post = await server.ask(path, { method: "POST", body: '40\x1e421["ask","tea"]' });
  expect(await post.text()).toBe("ok");
  const polled = await (await server.ask(path)).text();
  const [connect, answer] = polled.split("\x1e");
  expect(connect).toMatch(/^40\{"sid":"[\w-]+"\}$/);
  expect(answer).toBe('431["tea!"]');
});

test("a conversation over WebSocket, and its end", async () => {
  const server = new Running();
  const socket = (await server.dial()) as MemorySocket;
  expect(await socket.next()).toMatch(/^0\{"sid"/);
  socket.transmit("40");
  expect(await socket.next()).toMatch(/^40\{"sid"/);
  await server.io.close();
  await socket.closed;
  expect(await server.dial()).toMatchObject({ status: 503 });
});

test("what is not for the server is given back", () => {
  const server = new Running({ serveClient: false });
  for (const path of ["/", "/socket.io", "/socket.iox/", "/x/socket.io/"]) {
    expect(server.any(path)).toBeNull();
  }
  server.io.path("/chat");
  expect(server.any(POLLING)).toBeNull();
  expect(server.any("/chat/?EIO=4&transport=polling")).not.toBeNull();
});

test("refusals are data: of the engine, of allowRequest, of middleware", async () => {
  const refused = await new Running().ask("/socket.io/?EIO=4&transport=pigeon");
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({ code: 0, message: "Transport unknown" });
  const picky = new Running({
    allowRequest: (_request: unknown, decide: (error: string, isAllowed: boolean) => void) =>
      decide("not you", false),
  });
  expect((await picky.ask(POLLING)).status).toBe(403);
  expect(await ((await picky.dial()) as Response).text()).toBe("not you");
});

test("CORS, a cookie, and the client's files", async () => {
  const server = new Running({ cors: { origin: "https://page.example" }, cookie: true });
  const headers = { origin: "https://page.example" };
  const answer = await server.ask(POLLING, { headers });
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://page.example");
  expect(answer.headers.get("set-cookie")).toMatch(
    /^io=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const preflight = await server.ask(POLLING, { headers, method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  const file = await server.ask("/socket.io/socket.io.js", { headers });
  expect(await file.text()).toBe("// the client");
  expect(file.headers.get("access-control-allow-origin")).toBe("https://page.example");
  expect(file.headers.get("vary")).toBe("Origin, accept-encoding");
  const known = { "if-none-match": '"one"' };
  expect((await server.ask("/socket.io/socket.io.js", { headers: known })).status).toBe(304);
  expect((await server.ask("/socket.io/socket.io.min.js")).status).toBe(404);
});

test("middleware shares its request with the socket, and sets headers of polls and handshakes", async () => {
  const server = new Running();
  server.io.handler();
  const requests: unknown[] = [];
  const mark: EngineMiddleware<
    RequestRecord & { user?: string },
    { setHeader(...args: string[]): void }
  > = (request, response, next) => {
    request.user = "Ada";
    response.setHeader("X-Marked", "yes");
    next();
  };
  const running = new Running();
  running.io.engine?.use(mark as EngineMiddleware);
  running.io.on("connection", (socket: { request: unknown }) => requests.push(socket.request));
  const sid = await running.open();
  const post = await running.ask(`${POLLING}&sid=${sid}`, { method: "POST", body: "40" });
  expect(post.headers.get("x-marked")).toBe("yes");
  expect(requests).toMatchObject([{ user: "Ada", url: POLLING, method: "GET" }]);
});

test("a body over the limit is answered with 413, and the session lives", async () => {
  const server = new Running({ maxHttpBufferSize: 10 });
  const path = `${POLLING}&sid=${await server.open()}`;
  const answer = await server.ask(path, { method: "POST", body: "4".repeat(11) });
  expect([answer.status, answer.headers.get("connection")]).toEqual([413, "close"]);
  expect((await server.ask(path, { method: "POST", body: "40" })).status).toBe(200);
});

test("a long answer is compressed when the client accepts it", async () => {
  const server = new Running();
  server.io.on("connection", (socket: { emit(...args: unknown[]): void }) => {
    socket.emit("long", "x".repeat(5000));
  });
  const path = `${POLLING}&sid=${await server.open()}`;
  await server.ask(path, { method: "POST", body: "40" });
  const answer = await server.ask(path, { headers: { "accept-encoding": "gzip" } });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
});

test("a request that nobody has read is let go; one that was read is kept", async () => {
  const server = new Running();
  const raws: unknown[] = [];
  let isRead = true;
  const sockets: { request: RequestRecord<Request> }[] = [];
  server.io.on("connection", (socket: { request: RequestRecord<Request> }) => {
    sockets.push(socket);
    if (isRead) raws.push(socket.request.raw);
  });
  for (const read of [true, false]) {
    isRead = read;
    const socket = (await server.dial(WEBSOCKET, { "x-one": "1" })) as MemorySocket;
    socket.transmit("40");
  }
  expect(raws).toEqual([expect.any(Request)]);
  const [first, second] = sockets.map(({ request }) => request);
  expect(first?.raw).toBe(raws[0]);
  expect(second).toMatchObject({ url: WEBSOCKET, headers: { "x-one": "1", upgrade: "websocket" } });
});

test("an engine on its own", async () => {
  const engine = new web.Engine({ pingInterval: 1000 });
  const handler = engine.handler() as WebHandler;
  const opened = new Promise((resolve) => engine.on("connection", resolve));
  await handler(new Request(`${ORIGIN}/engine.io/?EIO=4&transport=polling`));
  expect(await opened).toMatchObject({ transport: { name: "polling" } });
  expect(engine.clientsCount).toBe(1);
  expect(new web.Server({}).handler()).toBeInstanceOf(Function);
  engine.close();
});

test("options of the host, unknown ones, and points under its name", () => {
  warnings.length = 0;
  const io = new web.Server({ greeting: "hi", pigeon: true });
  expect(io.opts).toMatchObject({ greeting: "hi", path: "/socket.io" });
  expect(warnings).toEqual(['"pigeon" is not an option of the server and has no effect']);
  expect(io.diagnostics).toHaveProperty("web.webSocketRefused");
  expect(surfaced).toEqual([]);
});

test("attach, listen, httpServer and close", async () => {
  const target: { handler: WebHandler | null } = { handler: null };
  const io = new web.Server(target);
  expect(io.httpServer).toBe(target);
  expect(target.handler).not.toBeNull();
  await io.close();
  expect(target.handler).toBeNull();
});
