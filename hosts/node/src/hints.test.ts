// What a server says to its operator beyond errors: of requests that it refuses, of middleware that does not go on, of
// data that are lost, and to clients of a message that is too long.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { io as ownClient } from "@sockeye/client";
import { HELP_PAGE } from "@sockeye/portable";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  event,
  listen,
  type Options,
  type RunningServer,
  startServer,
} from "../test/running-server.ts";
import { ask, POLLING, WirePeer } from "../test/wire.ts";
import { Server as EngineServer } from "./engine/index.ts";
import type { Server } from "./index.ts";

const require = createRequire(import.meta.url);
const openOld = require("socket.io-client-2") as typeof import("socket.io-client").io;

type Diagnostics = Server["diagnostics"];
type Next = (error?: unknown) => void;

function diagnosticsOf({ io }: RunningServer): Diagnostics {
  return (io as unknown as Server).diagnostics;
}

/** Records what a point publishes. */
function recordPoint<T>(point: { subscribe(listener: (payload: T) => void): unknown }): T[] {
  const payloads: T[] = [];
  point.subscribe((payload) => void payloads.push(payload));
  return payloads;
}

describe("HN9 refused requests", () => {
  test("HN9 a client of Socket.IO 2 and a server without allowEIO3", async () => {
    await using server = await startServer();
    const refused = recordPoint(diagnosticsOf(server).engine.requestRefused);
    const client = openOld(server.url, { forceNew: true, reconnection: false });
    await event(client, "connect_error");
    client.disconnect();
    expect(refused[0]).toMatchObject({
      refusal: { code: 5, message: "Unsupported protocol version" },
      hint: expect.stringMatching(/Socket\.IO 1 or 2: update it, or set allowEIO3: true/),
    });
    const place = `${HELP_PAGE}#unsupported_protocol_version`;
    expect(refused[0]?.hint.endsWith(`(UNSUPPORTED_PROTOCOL_VERSION, see ${place})`)).toBe(true);
  });

  test.each<[string, string, RequestInit & { method?: string }, RegExp]>([
    ["UNKNOWN_TRANSPORT", "/socket.io/?EIO=4", {}, /not of a client of Socket\.IO/],
    ["UNKNOWN_SID", `${POLLING}&sid=gone`, {}, /sticky sessions/],
    ["BAD_HANDSHAKE_METHOD", POLLING, { method: "OPTIONS" }, /option cors/],
    ["FORBIDDEN", POLLING, {}, /allowRequest/],
  ])("HN9 %s", async (code, path, request, words) => {
    const isForbidden = code === "FORBIDDEN";
    await using server = await startServer({
      allowRequest: (_request, decide) => decide(null, !isForbidden),
    });
    const refused = recordPoint(diagnosticsOf(server).engine.requestRefused);
    await ask(server.port, path, request as never);
    expect(refused[0]?.hint).toMatch(words);
    expect(refused[0]?.hint).toContain(`(${code}, see `);
  });

  test("HN9 engine middleware that fails", async () => {
    await using server = await startServer();
    const refused = recordPoint(diagnosticsOf(server).engine.requestRefused);
    server.io.engine.use((_request: IncomingMessage, _response: ServerResponse, next: Next) =>
      next(new Error("no")),
    );
    await ask(server.port, POLLING);
    expect(refused[0]?.hint).toMatch(/engine middleware that failed.*BAD_REQUEST/);
  });
});

describe("HN10 middleware that does not go on", () => {
  const slow: Options = { slowMiddleware: 20 };

  test("HN10 of a namespace, of a pattern's function, and of a socket", async () => {
    await using server = await startServer(slow);
    const stalled = recordPoint(diagnosticsOf(server).core.middlewareStalled);
    server.io.of("/slow").use(() => {});
    server.io.of((_name, _auth, _next) => {});
    server.fast("/slow");
    server.fast("/unknown");
    const { client, socket } = await server.pair();
    socket.use(() => {});
    client.emit("x");
    await vi.waitFor(() => expect(stalled).toHaveLength(3));
    const seen = stalled.map(({ kind, nsp, waited }) => `${kind} ${nsp} ${waited}`);
    expect(seen.sort()).toEqual(["of /unknown 20", "socket.use / 20", "use /slow 20"]);
    const ofSocket = stalled.find(({ kind }) => kind === "socket.use");
    expect(ofSocket?.socket?.id).toBe(socket.id);
    expect(ofSocket?.hint).toMatch(/^socket\.use of "\/" has not called next\(\).*HINT_NEXT/);
  });

  test("HN10 of the engine; one that has answered by itself is none", async () => {
    await using server = await startServer(slow);
    const stalled = recordPoint(diagnosticsOf(server).node.middlewareStalled);
    const { engine } = server.io;
    engine.use((request: IncomingMessage, response: ServerResponse, next: Next) => {
      if (request.url?.includes("answered")) response.end("done");
      else if (request.url?.includes("passed")) next();
      else onTestFinished(() => void response.destroy());
    });
    expect((await ask(server.port, `${POLLING}&answered`)).text).toBe("done");
    await ask(server.port, `${POLLING}&passed`);
    const waiting = ask(server.port, POLLING).catch(() => undefined);
    await vi.waitFor(() => expect(stalled).toHaveLength(1));
    expect(stalled[0]?.request.url).toBe(POLLING);
    expect(stalled[0]?.hint).toMatch(/^engine\.use has not called next\(\)/);
    server.http.closeAllConnections();
    await waiting;
  });

  test("HN10 an engine on its own waits ten seconds", async () => {
    const engine = new EngineServer();
    const http = createServer();
    onTestFinished(() => void http.close().closeAllConnections());
    engine.attach(http);
    const port = await listen(http);
    const stalled = recordPoint(engine.diagnostics.node.middlewareStalled);
    const entered = new Promise<void>((resolve) => {
      engine.use(() => resolve());
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const waiting = ask(port, "/engine.io/?EIO=4&transport=polling").catch(() => undefined);
    await entered;
    vi.advanceTimersByTime(9999);
    expect(stalled).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(stalled).toMatchObject([{ waited: 10_000 }]);
    http.closeAllConnections();
    await waiting;
  });
});

test("HN11 a message above the limit: the close frame names the limit", async () => {
  await using server = await startServer({ maxHttpBufferSize: 1000 });
  const peer = await WirePeer.open(server.port);
  const closed = once(peer.ws, "close");
  peer.send(`42["x","${"x".repeat(2000)}"]`);
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1009, "above the limit of 1000 bytes"]);
});

test("HN11 our client explains it", async () => {
  await using server = await startServer({ maxHttpBufferSize: 1000 });
  const client = ownClient(server.url, { transports: ["websocket"], reconnection: false });
  onTestFinished(() => void client.disconnect());
  await event(client, "connect");
  const lost = event(client, "disconnect");
  client.emit("x", "x".repeat(2000));
  const [, details] = await lost;
  expect(details.hintCode).toBe("HINT_TOO_LARGE");
  expect(details.hint).toContain("maxHttpBufferSize (above the limit of 1000 bytes)");
});

test("HN12 emit without a name throws, on every face", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  for (const target of [
    socket,
    server.io,
    server.io.of("/"),
    server.io.to("r"),
    socket.broadcast,
  ]) {
    const emit = (): unknown => (target as { emit(name?: unknown): unknown }).emit();
    expect(emit).toThrow("an event needs a name, a text or a number, not undefined");
    expect(emit).toThrow(`see ${HELP_PAGE}#err_event_name`);
  }
  expect(socket.connected).toBe(true);
});

test("HN8 a Map or a Set in data: a warning for each event, and the point each time", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  void socket.join("r");
  const lost = recordPoint(diagnosticsOf(server).core.dataLost);
  const warnings: string[] = [];
  const listener = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", listener);
  onTestFinished(() => void process.off("warning", listener));
  server.io.emit("users", { list: new Map([[1, 2]]) });
  server.io.emit("users", { list: new Map() });
  server.io.to("r").emit("names", [new Set()]);
  server.io.emit("plain", { a: Buffer.from("x") });
  const fence = once(process, "warning");
  process.emitWarning("fence");
  await fence;
  expect(warnings.filter((text) => text !== "fence")).toEqual([
    expect.stringMatching(/^a Map in "users" \(data\[1\]\.list\) .*HINT_LOSSY_DATA/),
    expect.stringMatching(/^a Set in "names" \(data\[1\]\[0\]\) /),
  ]);
  expect(lost.map(({ event: name, nsp, path, type }) => [name, nsp, type, path])).toEqual([
    ["users", "/", "Map", "[1].list"],
    ["users", "/", "Map", "[1].list"],
    ["names", "/", "Set", "[1][0]"],
  ]);
});
