// What `Bun.serve` is given, called as Bun calls it.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { FakeServer, FakeWebSocket } from "../test/fake-bun.ts";
import type { BunHandler, BunWebSocket } from "./bun.ts";
import { Server, type ServerOptions } from "./typed.ts";

const POLLING = "http://here/socket.io/?EIO=4&transport=polling";
const WEBSOCKET = "http://here/socket.io/?EIO=4&transport=websocket";
const HANDSHAKE = {
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

const served: object[] = [];
beforeAll(() => {
  const serve = (options: object): FakeServer => {
    served.push(options);
    return new FakeServer();
  };
  vi.stubGlobal("Bun", { version: "1.4", serve });
});
afterAll(() => void vi.unstubAllGlobals());

function hosted(options: ServerOptions = {}) {
  const io = new Server(options);
  const handler = io.handler();
  const server = new FakeServer();
  const ask = (url: string, init: RequestInit = {}): Promise<Response | undefined> =>
    Promise.resolve(handler.fetch(new Request(url, init), server));
  return { io, handler, server, ask };
}

/** A request for a WebSocket; headers of handshakes are forbidden to `Request`. */
function handshake(url: string, headers: Record<string, string> = HANDSHAKE): Request {
  const request = new Request(url);
  Object.defineProperty(request, "headers", { value: new Map(Object.entries(headers)) });
  return request;
}

async function openWebSocket(handler: BunHandler, server: FakeServer): Promise<FakeWebSocket> {
  expect(await handler.fetch(handshake(WEBSOCKET), server)).toBe(undefined);
  const ws = new FakeWebSocket(server.upgrades.at(-1)?.data);
  handler.websocket.open(ws);
  return ws;
}

describe("other paths", () => {
  test("are answered with 404", async () => {
    const { ask } = hosted();
    expect((await ask("http://here/elsewhere"))?.status).toBe(404);
  });

  test("are passed to the application's fetch, with Bun's server", async () => {
    const seen: unknown[] = [];
    const fetch = (request: Request, server: unknown): Response => {
      seen.push(request.url, server);
      return new Response("own");
    };
    const { ask, server } = hosted({ fetch });
    expect(await (await ask("http://here/elsewhere"))?.text()).toBe("own");
    expect(seen).toEqual(["http://here/elsewhere", server]);
  });

  test("WebSockets of the application are its own", () => {
    const seen: unknown[] = [];
    const { handler } = hosted({ websocket: { message: (_ws, text) => void seen.push(text) } });
    const ws: BunWebSocket = new FakeWebSocket({ mine: true });
    handler.websocket.open(ws);
    handler.websocket.message(ws, "hello");
    handler.websocket.drain(ws);
    handler.websocket.close(ws, 1000, "");
    expect(seen).toEqual(["hello"]);
  });
});

describe("requests", () => {
  test("a session begins with Bun's address, which is kept when Bun forgets it", async () => {
    const { io, ask, server } = hosted();
    const address = new Promise((resolve) => {
      io.on("connection", ({ handshake: { address: found } }) => resolve(found));
    });
    const { sid } = JSON.parse((await (await ask(POLLING))?.text())?.slice(1) ?? "");
    server.address = null;
    await ask(`${POLLING}&sid=${sid}`, { method: "POST", body: "40" });
    expect(await address).toBe("192.0.2.7");
    await io.close();
  });

  test("a poll that waits may wait longer than Bun's time-out", async () => {
    const { io, ask, server } = hosted();
    const { sid } = JSON.parse((await (await ask(POLLING))?.text())?.slice(1) ?? "");
    expect(server.timeouts).toEqual([]);
    const poll = ask(`${POLLING}&sid=${sid}`);
    expect(server.timeouts).toEqual([0]);
    await io.close();
    expect((await poll)?.status).toBe(200);
  });

  test("several cookies are several lines", async () => {
    const { io, ask } = hosted({ cookie: true });
    io.engine.on("initial_headers", (headers: Record<string, unknown>) => {
      headers["set-cookie"] = [headers["set-cookie"] ?? [], "own=1"].flat();
    });
    const response = await ask(POLLING);
    expect(response?.headers.getSetCookie()).toContain("own=1");
    await io.close();
  });

  test.each([{}, { duplex: "half" }])(
    "a body over the limit is answered with 413 (%o)",
    async (how) => {
      const { io, ask } = hosted({ maxHttpBufferSize: 10 });
      const { sid } = JSON.parse((await (await ask(POLLING))?.text())?.slice(1) ?? "");
      const text = `4${"x".repeat(20)}`;
      const body = "duplex" in how ? new Blob([text]).stream() : text;
      const init = { method: "POST", body, ...how } as RequestInit;
      const response = await ask(`${POLLING}&sid=${sid}`, init);
      expect([response?.status, response?.headers.get("connection")]).toEqual([413, "close"]);
      await io.close();
    },
  );

  test("Bun's limit of bodies is not lowered for the application, and raised for clients", () => {
    expect(hosted().handler.maxRequestBodySize).toBe(128 * 1024 * 1024);
    const most = 2 ** 30;
    expect(hosted({ maxHttpBufferSize: most }).handler.maxRequestBodySize).toBe(most);
  });
});

describe("handshakes", () => {
  test("open a WebSocket with the limits of the server", async () => {
    const { io, handler, server } = hosted({ maxHttpBufferSize: 1000 });
    const ws = await openWebSocket(handler, server);
    expect(String(ws.calls[0]).slice(0, 7)).toBe('0{"sid"');
    expect(handler.websocket).toMatchObject({ maxPayloadLength: 1000, idleTimeout: 0 });
    await io.close();
  });

  test("headers of the 101 are line by line", async () => {
    const { io, handler, server } = hosted();
    io.engine.on("headers", (headers: Record<string, unknown>) => {
      headers["x-own"] = ["1", "2"];
    });
    await openWebSocket(handler, server);
    expect(server.upgrades[0]?.headers).toEqual([
      ["x-own", "1"],
      ["x-own", "2"],
    ]);
    await io.close();
  });

  test("a malformed one is refused and reported", async () => {
    const { io, handler, server } = hosted();
    const refused: unknown[] = [];
    io.diagnostics.bun.webSocketRefused.subscribe(({ status, message }) =>
      refused.push([status, message]),
    );
    const answer = await handler.fetch(handshake(WEBSOCKET, { upgrade: "websocket" }), server);
    expect([answer?.status, server.upgrades]).toEqual([400, []]);
    expect(refused).toEqual([[400, "Missing or invalid Sec-WebSocket-Key header"]]);
    await io.close();
  });

  test("so is one whose client has gone", async () => {
    const { io, handler, server } = hosted();
    server.accepts = false;
    expect((await handler.fetch(handshake(WEBSOCKET), server))?.status).toBe(400);
    await io.close();
  });

  test("are refused with 503 once the server has closed", async () => {
    const { io, handler, server } = hosted();
    await io.close();
    expect((await handler.fetch(handshake(WEBSOCKET), server))?.status).toBe(503);
  });
});

test("in a route of a framework a completed handshake has a response too", async () => {
  const { io, server } = hosted();
  const answer = await io.engine.handleRequest(handshake(WEBSOCKET), server);
  expect([answer.status, server.upgrades.length]).toEqual([200, 1]);
  const { status } = await io.engine.handleRequest(new Request(POLLING), server);
  expect(status).toBe(200);
  await io.close();
});

describe("listening", () => {
  test("starts a server of Bun with its own options, and stops it once", async () => {
    const io = new Server();
    io.listen({ port: 5, hostname: "localhost" });
    expect(served.at(-1)).toMatchObject({ port: 5, hostname: "localhost", websocket: {} });
    const errors: (string | undefined)[] = [];
    await io.close((error) => errors.push(error?.message));
    await io.close((error) => errors.push(error?.message));
    expect(errors).toEqual([undefined, "the server is not running"]);
  });

  test("on a port, by the constructor", async () => {
    const io = new Server(7);
    expect(served.at(-1)).toMatchObject({ port: 7 });
    await io.close();
  });

  test.each([
    [{ reload() {} }, "ERR_LISTEN_TARGET"],
    [() => {}, "ERR_LISTEN_TARGET"],
    [1.5, "ERR_LISTEN_PORT"],
    ["here", "ERR_LISTEN_PORT"],
  ])("%o is nothing to listen on", (source, code) => {
    expect(() => new Server().listen(source)).toThrow(expect.objectContaining({ code }));
  });

  test("on another runtime the constructor says so", () => {
    vi.stubGlobal("Bun", undefined);
    try {
      expect(() => new Server()).toThrow(expect.objectContaining({ code: "ERR_NOT_BUN" }));
    } finally {
      vi.stubGlobal("Bun", { version: "1.4", serve: () => new FakeServer() });
    }
  });
});
