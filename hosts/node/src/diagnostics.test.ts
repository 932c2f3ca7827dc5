// The points of this host, the tables of a server, and Node's channels, which carry the same.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer } from "node:http";
import { hostDiagnosticsRows } from "@sockeye/server";
import { afterAll, expect, test } from "vitest";
import { listen } from "../test/running-server.ts";
import { ask, exchangeBytes, WirePeer } from "../test/wire.ts";
import { Server as EngineServer, type EngineServerDiagnostics } from "./engine/index.ts";
import { Server, type ServerOptions } from "./index.ts";

const fired = new Set<string>();

/** A server on a free port. */
class Running implements AsyncDisposable {
  readonly io: Server;
  readonly port: number;

  private constructor(io: Server, port: number) {
    this.io = io;
    this.port = port;
  }

  static async start(options: ServerOptions = {}): Promise<Running> {
    const http = createServer();
    const io = new Server(http, options);
    return new Running(io, await listen(http));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.io.close();
  }
}

/** Resolves with what a point of this host publishes next. */
function next<Name extends keyof typeof hostDiagnosticsRows>(
  { node }: EngineServerDiagnostics,
  name: Name,
): Promise<object> {
  return new Promise((resolve) => {
    const stop = node[name].subscribe((payload) => {
      stop();
      fired.add(name);
      resolve(payload);
    });
  });
}

function upgradeOf(path: string, version: number): string {
  return [
    ...[`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket"],
    ...[`Sec-WebSocket-Version: ${version}`, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "\r\n"],
  ].join("\r\n");
}

test("NH90 upgradeUnanswered", async () => {
  await using server = await Running.start({ destroyUpgradeTimeout: 20 });
  const told = next(server.io.diagnostics, "upgradeUnanswered");
  await exchangeBytes(server.port, upgradeOf("/other", 13)).answer;
  expect(await told).toMatchObject({ request: { url: "/other" } });
});

test("NH90 webSocketRefused: a malformed handshake", async () => {
  await using server = await Running.start();
  const told = next(server.io.diagnostics, "webSocketRefused");
  const path = "/socket.io/?EIO=4&transport=websocket";
  await exchangeBytes(server.port, upgradeOf(path, 12)).answer;
  const message = "Missing or invalid Sec-WebSocket-Version header";
  expect(await told).toMatchObject({ request: { url: path }, status: 400, message });
});

test("NH90 foreignOrigin", async () => {
  await using server = await Running.start({ foreignOrigins: "refuse" });
  const told = next(server.io.diagnostics, "foreignOrigin");
  const origin = "https://evil.example";
  await ask(server.port, "/socket.io/?EIO=4&transport=polling", {
    headers: { origin, cookie: "a=1" },
  });
  expect(await told).toMatchObject({ origin, isRefused: true });
});

test("NH90 middlewareStalled", async () => {
  await using server = await Running.start({ slowMiddleware: 20 });
  server.io.engine.use(() => {});
  const told = next(server.io.diagnostics, "middlewareStalled");
  const path = "/socket.io/?EIO=4&transport=polling";
  const answer = ask(server.port, path).catch(() => undefined);
  expect(await told).toMatchObject({ request: { url: path }, waited: 20 });
  server.io.httpServer?.closeAllConnections();
  await answer;
});

test("NH90 a request that engine middleware refuses is told by the engine's requestRefused", async () => {
  await using server = await Running.start();
  const { io, port } = server;
  const refusals: object[] = [];
  io.diagnostics.engine.requestRefused.subscribe(({ refusal }) => void refusals.push(refusal));
  io.engine.use((_request, _response, done) => done(new Error("not now")));
  await ask(port, "/socket.io/?EIO=4&transport=polling");
  expect(refusals).toMatchObject([{ code: 3, context: { name: "MIDDLEWARE_FAILURE" } }]);
});

test("NH91 Node's channels carry what the points publish, of every server of the process", async () => {
  await using first = await Running.start();
  await using second = await Running.start();
  const heard: unknown[] = [];
  const onMessage = (message: unknown): void => {
    heard.push((message as { socket: { nsp: { server: unknown } } }).socket.nsp.server);
  };
  subscribe("sockeye:core:socketConnected", onMessage);
  const own: string[] = [];
  second.io.diagnostics.core.socketConnected.subscribe(({ nsp }) => void own.push(nsp));
  for (const { port } of [first, second]) {
    const peer = await WirePeer.open(port);
    peer.send("40");
    await peer.next();
    peer.close();
  }
  unsubscribe("sockeye:core:socketConnected", onMessage);
  expect(heard).toEqual([first.io, second.io]);
  expect(own).toEqual(["/"]);
  expect(first.io.diagnostics.core.socketConnected.active).toBe(false);
});

test("NH91 the engine of a server shows the server's tables; one that stands alone has its own", async () => {
  await using server = await Running.start();
  const { diagnostics, engine } = server.io;
  expect(engine.diagnostics.engine).toBe(diagnostics.engine);
  expect(engine.diagnostics.node).toBe(diagnostics.node);
  const http = createServer();
  const alone = new EngineServer();
  alone.attach(http);
  const port = await listen(http);
  const opened: string[] = [];
  const { diagnostics: own } = alone;
  own.engine.connectionOpened.subscribe(({ connection }) => void opened.push(connection.id));
  expect([own.deadlines.stalled.active, own.node.upgradeUnanswered.active]).toEqual([false, false]);
  const { text } = await ask(port, "/engine.io/?EIO=4&transport=polling");
  expect(opened).toEqual([(JSON.parse(text.slice(1)) as { sid: string }).sid]);
  alone.close();
  http.closeAllConnections();
  http.close();
});

afterAll(() => {
  // It takes another server of a cluster: FW10 in packages/server.
  fired.add("limitReached");
  expect([...fired].sort()).toEqual(Object.keys(hostDiagnosticsRows).sort());
});
