// Pages of other sites that open a connection with the cookies of a user of this one: who gets in, and who is told.

import { createServer } from "node:http";
import { afterAll, describe, expect, test, vi } from "vitest";
import { event, listen, type Options, startServer } from "../test/running-server.ts";
import { ask, POLLING, WEBSOCKET, WirePeer } from "../test/wire.ts";
import { Server } from "./index.ts";

type Headers = Readonly<Record<string, string>>;

const FOREIGN = { origin: "https://evil.example", cookie: "session=1" };

/** The status that a WebSocket handshake is answered with. */
async function dial(port: number, headers: Headers): Promise<number> {
  const peer = new WirePeer(port, WEBSOCKET, { headers });
  const outcome = await Promise.race([
    event(peer.ws, "open").then(() => 101),
    event(peer.ws, "unexpected-response").then(([, answer]) => {
      return (answer as { statusCode: number }).statusCode;
    }),
  ]);
  peer.close();
  return outcome;
}

/** The statuses of a WebSocket handshake and of one over polling. */
async function tried(options: Partial<Options>, headers: Headers): Promise<[number, number]> {
  await using server = await startServer(options as Options);
  const named = (text: string): string => text.replace("OWN", `127.0.0.1:${server.port}`);
  const all = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, named(value)]),
  );
  const { status } = await ask(server.port, POLLING, { headers: all });
  return [await dial(server.port, all), status];
}

const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
afterAll(() => warned.mockRestore());

describe("NH120 a page of another origin with credentials", () => {
  test.each<[string, Headers]>([
    ["cookies", FOREIGN],
    ["an Authorization header", { origin: "https://evil.example", authorization: "Basic eA==" }],
    ["the origin null", { origin: "null", cookie: "session=1" }],
    ["another port of this host", { origin: "http://127.0.0.1:1", cookie: "session=1" }],
    [
      "the browser's word that the page is of another site",
      { ...FOREIGN, "sec-fetch-site": "cross-site" },
    ],
    [
      "an origin that begins like this host",
      { origin: "http://OWN.evil.example", cookie: "session=1" },
    ],
  ])("is refused: %s", async (_, headers) => {
    expect(await tried({}, headers)).toEqual([400, 403]);
  });

  test.each<[string, Headers]>([
    ["no credentials", { origin: "https://evil.example" }],
    ["no origin: no browser", { cookie: "session=1" }],
    ["its own origin", { origin: "http://OWN", cookie: "session=1" }],
    [
      "its own origin, behind a proxy that names it",
      { origin: "https://app.example", "x-forwarded-host": "app.example", cookie: "session=1" },
    ],
    [
      "its own origin with the default port",
      { origin: "https://app.example", "x-forwarded-host": "app.example:443", cookie: "a=1" },
    ],
    [
      "its own page, as the browser says, behind a proxy that hides the host",
      { ...FOREIGN, "sec-fetch-site": "same-origin" },
    ],
  ])("is none, and connects: %s", async (_, headers) => {
    expect(await tried({}, headers)).toEqual([101, 200]);
  });
});

describe("NH121 an origin that is allowed connects", () => {
  const cors: [string, unknown][] = [
    ["a list", { origin: ["https://evil.example"], credentials: true }],
    ["every origin", { origin: true }],
    ["a star", { origin: "*" }],
    [
      "a function that decides later",
      {
        origin: (_origin: string, done: (error: null, isAllowed: boolean) => void) => {
          setImmediate(done, null, true);
        },
      },
    ],
  ];
  test.each(cors)("by cors: %s", async (_, value) => {
    expect(await tried({ cors: value } as Options, FOREIGN)).toEqual([101, 200]);
  });

  test("not by cors for another one", async () => {
    const options = { cors: { origin: ["https://friend.example"] } } as Options;
    expect(await tried(options, FOREIGN)).toEqual([400, 403]);
  });

  test("by middleware of the engine", async () => {
    await using server = await startServer();
    server.io.engine.use(
      (
        _request: unknown,
        response: { setHeader(name: string, value: string): void },
        next: () => void,
      ) => {
        response.setHeader("Access-Control-Allow-Origin", FOREIGN.origin);
        next();
      },
    );
    expect(await dial(server.port, FOREIGN)).toBe(101);
  });

  test.each(["warn", "accept"])("by foreignOrigins: %s", async (foreignOrigins) => {
    warned.mockClear();
    expect(await tried({ foreignOrigins } as Options, FOREIGN)).toEqual([101, 200]);
    expect(warned).toHaveBeenCalledTimes(foreignOrigins === "warn" ? 1 : 0);
  });
});

test("NH122 the operator is told: at a point each time, by one warning", async () => {
  warned.mockClear();
  const http = createServer();
  const io = new Server(http);
  const port = await listen(http);
  const told: unknown[] = [];
  io.diagnostics.node.foreignOrigin.subscribe(({ isRefused, origin }) => {
    told.push([origin, isRefused]);
  });
  const refused: string[] = [];
  io.engine.on("connection_error", ({ context }: { context: { message: string } }) => {
    refused.push(context.message);
  });
  await dial(port, FOREIGN);
  await ask(port, POLLING, { headers: FOREIGN });
  await io.close();
  expect(told).toEqual([
    [FOREIGN.origin, true],
    [FOREIGN.origin, true],
  ]);
  expect(refused).toEqual(["Origin not allowed", "Origin not allowed"]);
  expect(warned).toHaveBeenCalledTimes(1);
  expect(warned.mock.calls[0]?.[0]).toContain("https://evil.example");
});

test("NH123 allowRequest is not asked about a handshake that is refused for its origin", async () => {
  let asked = 0;
  const allowRequest = (_: unknown, decide: (error: null, isAllowed: boolean) => void): void => {
    asked += 1;
    decide(null, true);
  };
  expect(await tried({ allowRequest } as Options, FOREIGN)).toEqual([400, 403]);
  expect(asked).toBe(0);
});
