// Options of a server on Node: what is refused, what warns, and that nothing of the caller's is touched.

import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { resolveServerOptions } from "../test/resolved-options.ts";
import { isControl, listen, RunningServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";
import { Server } from "./index.ts";

type Wrong = ConstructorParameters<typeof Server>[1];

test("NH37 every wrong option is named in one error", () => {
  const wrong = {
    path: 5,
    pingTimeout: "20s",
    pingInterval: -1,
    transports: ["smoke"],
    cors: 5,
    cookie: { name: "a b" },
    allowRequest: true,
    httpCompression: () => true,
    connectTimeout: Number.NaN,
    onListenerError: "log",
  } as unknown as Wrong;
  const made = (): unknown => new Server(createServer(), wrong);
  expect(made).toThrow(expect.objectContaining({ code: "ERR_OPTION", name: "OptionError" }));
  for (const name of Object.keys(wrong as object)) expect(made).toThrow(name);
});

test.each([
  ["path", 5, "path must be a string, not 5"],
  ["pingTimeout", "20s", 'pingTimeout must be a number of milliseconds, at least 1, not "20s"'],
  ["maxHttpBufferSize", -1, "maxHttpBufferSize must be a number of bytes, at least 0, not -1"],
  ["transports", [], "transports must be a list of polling, websocket, webtransport, not "],
  [
    "transports",
    ["flashsocket"],
    "transports must be a list of polling, websocket, webtransport, not ",
  ],
  ["serveClient", [], "serveClient must be true or false, not "],
  ["cors", 5, "cors must be an object or a function, not 5"],
  ["cookie", { name: "a b" }, "cookie cannot be written: "],
  ["cookie", { name: "" }, "cookie cannot be written: "],
  ["cookie", { sameSite: "sometimes" }, "cookie cannot be written: "],
  ["allowRequest", {}, "allowRequest must be a function, not "],
  ["allowRequest", true, "allowRequest must be a function, not true"],
  ["pingTimeout", "", 'pingTimeout must be a number of milliseconds, at least 1, not ""'],
  ["pingInterval", null, "pingInterval must be a number of milliseconds, at least 1, not null"],
  [
    "destroyUpgradeTimeout",
    "soon",
    'destroyUpgradeTimeout must be a number of milliseconds, at least 0, not "soon"',
  ],
  [
    "connectionStateRecovery",
    { maxPackets: "many" },
    "connectionStateRecovery has invalid options: maxPackets must be ",
  ],
  ["adapter", {}, "adapter must be an adapter class or factory, not "],
])("NH37 %s: %j is refused", (name, value, text) => {
  expect(() => new Server({ [name]: value } as Wrong)).toThrow(`invalid options: ${text}`);
});

test("NH37 attach checks its options too", () => {
  expect(() => new Server().attach(createServer(), { pingInterval: 0 } as Wrong)).toThrow(
    "pingInterval must be",
  );
});

test("NH38 a name that no option has warns, and does not fail", async () => {
  const warned = once(process, "warning");
  new Server({ pingTimout: 1 } as Wrong);
  const [warning] = (await warned) as [Error];
  expect(warning.name).toBe("SockeyeWarning");
  expect(warning.message).toBe('"pingTimout" is not an option of the server and has no effect');
});

test("NH38 an unknown option that is false or undefined says nothing", async () => {
  const warnings: string[] = [];
  const listener = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", listener);
  new Server({ nothing: undefined, never: false } as Wrong);
  const fence = once(process, "warning");
  process.emitWarning("fence");
  await fence;
  process.off("warning", listener);
  expect(warnings).toEqual(["fence"]);
});

test("NH39 the caller's object is neither changed nor kept", async () => {
  const given = Object.freeze({
    path: "/x/",
    cookie: Object.freeze({ name: "c" }),
    transports: Object.freeze(["websocket"]) as string[],
    httpCompression: Object.freeze({ threshold: 1 }),
  });
  const before = structuredClone(given);
  const http = createServer();
  const io = new Server(http, given as Wrong);
  expect(given).toEqual(before);
  await listen(http);
  await io.close();
  const changing = { pingInterval: 1000 };
  const other = resolveServerOptions(changing).options;
  changing.pingInterval = 5;
  expect(other.pingInterval).toBe(1000);
});

test("NH40 undefined means the default, and 0 does for connectTimeout and destroyUpgradeTimeout", () => {
  const { options } = resolveServerOptions({
    path: undefined,
    connectTimeout: 0,
    destroyUpgradeTimeout: 0,
  });
  expect(options).toMatchObject({
    path: "/socket.io",
    addTrailingSlash: true,
    serveClient: true,
    connectTimeout: 45_000,
    destroyUpgradeTimeout: 1000,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: 1_000_000,
    transports: ["polling", "websocket"],
    allowUpgrades: true,
    perMessageDeflate: false,
    httpCompression: { threshold: 1024 },
    cookie: undefined,
    cors: undefined,
  });
});

test("NH40 perMessageDeflate is laid over its default threshold, httpCompression replaces its own", () => {
  const resolve = (input: object): object => resolveServerOptions(input).options;
  expect(resolve({ perMessageDeflate: true, httpCompression: true })).toMatchObject({
    perMessageDeflate: { threshold: 1024 },
    httpCompression: {},
  });
  expect(resolve({ httpCompression: true })).not.toHaveProperty("httpCompression.threshold");
  const chosen = resolve({ perMessageDeflate: { level: 1 }, httpCompression: { level: 1 } });
  expect(chosen).toMatchObject({
    perMessageDeflate: { threshold: 1024, level: 1 },
    httpCompression: { level: 1 },
  });
});

test.skipIf(isControl)("NH41 another WebSocket server can be given as wsEngine", async () => {
  const made: unknown[] = [];
  class Counting extends WebSocketServer {
    constructor(options: ConstructorParameters<typeof WebSocketServer>[0]) {
      super(options);
      made.push(options);
    }
  }
  const http = createServer();
  const io = new Server(http, { wsEngine: Counting, maxHttpBufferSize: 5000 } as unknown as Wrong);
  await listen(http);
  await using server = new RunningServer(io as never, http);
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toMatch(/^40\{"sid"/);
  server.io.emit("x", Buffer.from([7]));
  expect([await peer.next(), await peer.next()]).toEqual([
    '451-["x",{"_placeholder":true,"num":0}]',
    Buffer.from([7]),
  ]);
  expect(made[0]).toMatchObject({ noServer: true, clientTracking: false, maxPayload: 5000 });
  peer.close();
});
