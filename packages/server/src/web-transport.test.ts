// WebTransport sessions on a host: what stands in front of the engine, and what applications see in place of a request.

import { MemorySession } from "@sockeye/testkit";
import { expect, test, vi } from "vitest";
import { type WebHandler, web } from "../test/web-host.ts";
import { type EngineMiddleware, type Mount, pathIn, type RequestRecord } from "./index.ts";

const TRANSPORTS = ["polling", "websocket", "webtransport"];

/** A server, and what a host calls with its sessions. */
function serve(options: object = {}) {
  const source = { handler: null as WebHandler | null } as {
    handler: WebHandler | null;
    onSession: Mount["onSession"];
  };
  const io = new web.Server(source, { transports: TRANSPORTS, ...options });
  return { io, onSession: source.onSession };
}

/** A session with an address, as Deno's have. */
class AddressedSession extends MemorySession {
  readonly url: string;

  constructor(url = "https://server.example/socket.io/?EIO=4&transport=webtransport") {
    super();
    this.url = url;
  }
}

/** How a session that has asked for a connection has ended. */
async function endOf(session: MemorySession): Promise<[number, string | undefined]> {
  return [await session.closed, session.info?.reason];
}

interface Seen {
  readonly request: RequestRecord;
  readonly handshake: { address: string; secure: boolean; url: string; query: object };
  readonly conn: { readonly transport: { readonly name: string } };
}

test("WT11 a session is a connection: its request is a record of what is known", async () => {
  const { io, onSession } = serve();
  const seen = new Promise<Seen>((resolve) => {
    io.on("connection", (socket: Seen) => resolve(socket));
  });
  const session = new AddressedSession("https://server.example/socket.io/?token=x#part");
  onSession(session, { remoteAddress: "192.0.2.7", headers: { origin: "https://page.example" } });
  session.transmit("0");
  expect(await session.next()).toMatch(/^0\{"sid"/);
  session.transmit("40");
  const { conn, handshake, request } = await seen;
  expect([request.method, request.url, request.raw]).toEqual([
    ...["CONNECT", "/socket.io/?token=x"],
    undefined,
  ]);
  expect(request.socket).toEqual({ remoteAddress: "192.0.2.7", encrypted: true });
  expect(handshake).toMatchObject({
    ...{ address: "192.0.2.7", secure: true, xdomain: true, query: { token: "x" } },
    headers: { origin: "https://page.example" },
  });
  expect(conn.transport.name).toBe("webtransport");
});

test("WT11 the application passes sessions on itself, of which nothing else need be known", async () => {
  const { io } = serve();
  const connected = vi.fn();
  io.engine?.on("connection", connected);
  const session = new MemorySession();
  io.engine?.onWebTransportSession(session);
  session.transmit("0");
  await session.next();
  const [conn] = connected.mock.calls[0] as [{ request: RequestRecord; upgraded: boolean }];
  expect([conn.request.url, conn.request.headers, conn.upgraded]).toEqual(["/", {}, false]);
});

test("WT11 middleware runs when the first packet has come; the option cors keeps no session out", async () => {
  const { io, onSession } = serve({ cors: { origin: "https://page.example" } });
  const urls: string[] = [];
  const watch: EngineMiddleware = (request, response, next) => {
    urls.push((request as RequestRecord).url);
    (response as { setHeader(name: string, value: string): void }).setHeader("x-seen", "1");
    next();
  };
  io.engine?.use(watch);
  const session = new AddressedSession();
  onSession(session, {});
  await new Promise((resolve) => setImmediate(resolve));
  expect(urls).toEqual([]);
  session.transmit("0");
  expect(await session.next()).toMatch(/^0\{"sid"/);
  expect(urls).toEqual(["/socket.io/?EIO=4&transport=webtransport"]);
});

test.each<[string, EngineMiddleware, [number, string]]>([
  [
    "calls next with an error",
    (_request, _response, next) => next(new Error("no")),
    [400, "Bad request"],
  ],
  [
    "throws",
    () => {
      throw new Error("no");
    },
    [400, "Bad request"],
  ],
  ["answers", (_request, response) => void response.end(), [403, "Forbidden"]],
  [
    "answers, and calls next as well",
    (_request, response, next) => {
      response.end();
      next();
    },
    [403, "Forbidden"],
  ],
])("WT11 middleware that %s closes the session", async (_, middleware, end) => {
  const { io, onSession } = serve({ onListenerError: () => {} });
  io.engine?.use(middleware);
  const session = new AddressedSession();
  onSession(session, {});
  session.transmit("0");
  expect(await endOf(session)).toEqual(end);
  expect(io.engine?.clientsCount).toBe(0);
});

test("WT11 allowRequest decides about sessions, too; connection_error tells of those that are refused", async () => {
  const { io, onSession } = serve({
    allowRequest: (request: RequestRecord, decide: (error: string | null, ok: boolean) => void) =>
      decide("not you", request.socket.remoteAddress === "192.0.2.1"),
  });
  const refused = vi.fn();
  io.engine?.on("connection_error", refused);
  const sessions = ["192.0.2.1", "192.0.2.2"].map((remoteAddress) => {
    const session = new AddressedSession();
    onSession(session, { remoteAddress });
    session.transmit("0");
    return session;
  });
  expect(await sessions[0]?.next()).toMatch(/^0/);
  expect(await endOf(sessions[1] as MemorySession)).toEqual([403, "not you"]);
  expect(refused.mock.calls).toMatchObject([[{ code: 4, context: { message: "not you" } }]]);
});

test("WT12 sessions with another path, and all when the server is closed, are closed", async () => {
  const { io, onSession } = serve();
  for (const path of ["", "/", "/socket.iox/", "/other/socket.io/"]) {
    const session = new AddressedSession(`https://server.example${path}`);
    onSession(session, {});
    expect(await endOf(session)).toEqual([404, "Not found"]);
  }
  const waiting = new AddressedSession();
  onSession(waiting, {});
  await io.close();
  await waiting.closed;
  const late = [new AddressedSession(), new AddressedSession()] as const;
  io.engine?.onWebTransportSession(late[0]);
  onSession(late[1], {});
  await Promise.all(late.map(({ closed }) => closed));
});

test("WT12 the transport is an upgrade of polling when it is on", async () => {
  const { io } = serve();
  expect(io.engine?.upgrades("polling")).toEqual(["websocket", "webtransport"]);
  expect(io.engine?.upgrades("webtransport")).toEqual([]);
  expect(new web.Engine().upgrades("polling")).toEqual(["websocket"]);
});

test.each([
  ["https://server.example", "/"],
  ["https://server.example?a=b", "/?a=b"],
  ["https://[::1]:3000/socket.io/?a=https://x#y", "/socket.io/?a=https://x"],
  ["/socket.io/", "/socket.io/"],
])("WT11 path and query of %s are %s", (url, path) => {
  expect(pathIn(url)).toBe(path);
});
