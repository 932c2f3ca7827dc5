// Values of another type that Socket.IO takes: taken as Socket.IO takes them, with one warning. Those that cannot be
// misread are taken silently. With CONTROL=socket.io the same requests go to Socket.IO.

import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { resolveServerOptions } from "../test/resolved-options.ts";
import { isControl, listen, ServerUnderTest, startServer } from "../test/running-server.ts";
import { attach } from "./engine/index.ts";

const HANDSHAKE = "/socket.io/?EIO=4&transport=polling";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookie: string | null;
  readonly origin: string | null;
}

async function ask(http: HttpServer, path = HANDSHAKE): Promise<Answer> {
  const { port } = http.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { origin: "https://b.example" },
  });
  return {
    status: response.status,
    body: await response.text(),
    cookie: response.headers.get("set-cookie"),
    origin: response.headers.get("access-control-allow-origin"),
  };
}

/** The warnings of the process while `action` runs. */
async function warningsOf(action: () => unknown): Promise<string[]> {
  const warnings: string[] = [];
  const listener = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", listener);
  await action();
  const fence = once(process, "warning");
  process.emitWarning("fence");
  await fence;
  process.off("warning", listener);
  return warnings.filter((text) => text !== "fence");
}

describe("NH100 what Socket.IO takes is taken", () => {
  test.each([
    ["pingTimeout", "5000", '"pingTimeout":5000'],
    ["pingInterval", " 7000 ", '"pingInterval":7000'],
    ["maxHttpBufferSize", "1e8", '"maxPayload":100000000'],
    ["connectTimeout", "45000", '"sid"'],
    ["connectTimeout", null, '"sid"'],
    ["transports", "polling,websocket", '"upgrades":["websocket"]'],
    ["transports", ["polling", "flashsocket"], '"upgrades":[]'],
    ["transports", ["polling", "websocket", "webtransport"], '"websocket"'],
    ["allowUpgrades", 0, '"upgrades":[]'],
    ["allowUpgrades", "false", '"upgrades":["websocket"]'],
    ["adapter", null, '"sid"'],
    ["parser", false, '"sid"'],
    ["path", null, '"sid"'],
    ["allowRequest", null, '"sid"'],
    ["perMessageDeflate", null, '"sid"'],
    ["httpCompression", 1, '"sid"'],
    ["connectionStateRecovery", { maxDisconnectionDuration: "1000" }, '"sid"'],
  ])("NH100 %s: %j", async (name, value, part) => {
    await using server = await startServer({ [name]: value });
    const { body, status } = await ask(server.http);
    expect(status).toBe(200);
    // Socket.IO sends the text on.
    const numbers = body.replace(/:" ?([\d.e]+) ?"/g, (_, number) => `:${Number(number)}`);
    expect(numbers).toContain(part);
  });

  test.each([
    ["*", "*"],
    [true, "*"],
    [null, null],
    ["", null],
    [{ origin: "https://a.example" }, "https://a.example"],
  ])("NH100 cors: %j", async (cors, origin) => {
    await using server = await startServer({ cors: cors as never });
    expect((await ask(server.http)).origin).toBe(origin);
  });

  test("NH100 cors: a text is the origin that is allowed; Socket.IO allows every one", async () => {
    await using server = await startServer({ cors: "https://a.example" as never });
    expect((await ask(server.http)).origin).toBe(isControl ? "*" : "https://a.example");
  });

  test.each(["io", "sid", 1])(
    "NH100 cookie: %j is the cookie with its default name",
    async (cookie) => {
      await using server = await startServer({ cookie: cookie as never });
      expect((await ask(server.http)).cookie).toMatch(/^io=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    },
  );

  test.each([null, 0, "false", "no"])("NH100 serveClient: %j is not false", async (serveClient) => {
    await using server = await startServer({ serveClient: serveClient as never });
    const { status } = await ask(server.http, "/socket.io/socket.io.min.js");
    expect(status).toBe(200);
  });
});

describe.skipIf(isControl)("NH100 the operator is warned", () => {
  test("NH100 once for each, with the option, the value, and what it was taken as", async () => {
    const given = {
      pingTimeout: "5000",
      transports: "websocket",
      cors: "*",
      cookie: "sid",
      serveClient: "no",
      connectionStateRecovery: { maxPackets: "7" },
    };
    const warnings = await warningsOf(() => new ServerUnderTest(createServer(), given as never));
    expect(warnings.sort()).toEqual([
      'the option connectionStateRecovery.maxPackets is "7" and was taken as 7',
      'the option cookie is "sid" and was taken as true',
      'the option cors is "*" and was taken as {"origin":"*"}',
      'the option pingTimeout is "5000" and was taken as 5000',
      'the option serveClient is "no" and was taken as true',
      'the option transports is "websocket" and was taken as ["websocket"]',
    ]);
  });

  test("NH100 not of what cannot be misread", async () => {
    const nothing = {
      ...{ adapter: null, parser: null, path: null, cors: null, cookie: null },
      ...{ allowRequest: false, perMessageDeflate: null, httpCompression: null },
      ...{ connectTimeout: null, initialPacket: null, onListenerError: null, wsEngine: null },
    };
    expect(await warningsOf(() => new ServerUnderTest(nothing as never))).toEqual([]);
    expect(resolveServerOptions(nothing).options).toEqual({
      ...resolveServerOptions({}).options,
      httpCompression: false,
    });
  });

  test("NH100 attach warns of its own options, and not again of the constructor's", async () => {
    const warnings = await warningsOf(() => {
      const io = new ServerUnderTest({ pingTimeout: "5000" } as never);
      io.attach(createServer(), { pingInterval: "6000" } as never);
      io.attach(createServer(), { pingTimeout: "1" } as never);
    });
    expect(warnings).toEqual([
      'the option pingTimeout is "5000" and was taken as 5000',
      'the option pingInterval is "6000" and was taken as 6000',
    ]);
  });

  test("NH100 an engine on its own warns too", async () => {
    const warnings = await warningsOf(() =>
      attach(createServer(), { pingTimeout: "5000" } as object),
    );
    expect(warnings).toEqual(['the option pingTimeout is "5000" and was taken as 5000']);
  });
});

describe("NH101 attach and listen take a path", () => {
  interface Case {
    readonly made: object;
    readonly attached: object;
    readonly paths: Record<string, number>;
  }
  const cases: Case[] = [
    { made: {}, attached: { path: "/b" }, paths: { "/b": 200, "/socket.io": 404 } },
    { made: {}, attached: { path: "/b/" }, paths: { "/b": 200, "/socket.io": 404 } },
    { made: { path: "/a" }, attached: { path: "/b" }, paths: { "/a": 200, "/b": 404 } },
    { made: {}, attached: { path: undefined }, paths: { "/socket.io": 200 } },
  ];
  test.each(cases)("NH101 $made and $attached", async ({ made, attached, paths }) => {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const io = new ServerUnderTest(made);
    io.attach(http, attached);
    await listen(http);
    for (const [path, status] of Object.entries(paths)) {
      const answer = await ask(http, `${path}/?EIO=4&transport=polling`);
      expect([path, answer.status]).toEqual([path, status]);
    }
    await io.close();
  });

  test("NH101 the files of the client stay under the path of the server", async () => {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const io = new ServerUnderTest();
    io.attach(http, { path: "/b" });
    await listen(http);
    expect((await ask(http, "/socket.io/socket.io.min.js")).status).toBe(200);
    expect((await ask(http, "/b/socket.io.min.js")).status).toBe(400);
    expect(io.path()).toBe("/socket.io");
    await io.close();
  });

  test("NH101 path(…) holds when attach is given none", async () => {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const io = new ServerUnderTest();
    io.path("/c");
    io.attach(http, { serveClient: false });
    await listen(http);
    expect((await ask(http, "/c/?EIO=4&transport=polling")).status).toBe(200);
    await io.close();
  });

  test("NH101 listen on a port", async () => {
    const io = new ServerUnderTest();
    io.listen(0, { path: "/b", pingTimeout: 4321 });
    const http = (io as unknown as { httpServer: HttpServer }).httpServer;
    if (!http.listening) await once(http, "listening");
    expect((await ask(http, "/b/?EIO=4&transport=polling")).body).toContain('"pingTimeout":4321');
    await io.close();
  });
});
