// Sessions without namespaces, beside engine.io-client: the same script, against the same engine.io, the same log.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type ServerOptions } from "engine.io";
import * as theirs from "engine.io-client";
import { describe, expect, test } from "vitest";
import { next } from "../../testing/socket-io-server.ts";
import * as ours from "./engine-io.ts";

// biome-ignore lint/suspicious/noExplicitAny: one script for two libraries with types of their own.
type Anything = any;

interface Stage {
  readonly lib: Anything;
  readonly server: Anything;
  readonly url: string;
  readonly log: unknown[];
  record(engine: Anything, ...events: string[]): void;
}

const EVENTS = [
  ...["open", "handshake", "packet", "packetCreate", "data", "message", "drain", "flush"],
  ...["heartbeat", "ping", "pong", "error", "upgrading", "upgrade", "upgradeError", "close"],
];

function plain(value: Anything): unknown {
  if (value instanceof Error) return `Error: ${value.message}`;
  if (Buffer.isBuffer(value)) return ["Buffer", ...value];
  if (value instanceof ArrayBuffer) return ["ArrayBuffer", ...new Uint8Array(value)];
  if (value?.sid) return "handshake";
  if (value?.type === "open") return ["open", typeof value.data];
  return value?.name ?? value;
}

async function run(
  lib: Anything,
  script: (stage: Stage) => Promise<void>,
  options: ServerOptions,
): Promise<unknown[]> {
  const http = createServer();
  const server = new Server(options);
  server.attach(http);
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const log: unknown[] = [];
  await script({
    lib,
    server,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    log,
    record(engine, ...events) {
      for (const event of events) {
        engine.on(event, (...args: unknown[]) => void log.push([event, ...args.map(plain)]));
      }
    },
  });
  server.close();
  http.close();
  return log;
}

async function same(
  script: (stage: Stage) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  const expected = await run(theirs, script, options);
  expect(expected.length).toBeGreaterThan(0);
  expect(await run(ours, script, options)).toEqual(expected);
}

describe.each([["polling"], ["websocket"], ["polling", "websocket"]])("over %s %s", (...names) => {
  const transports = names.filter(Boolean);

  test("a session from its beginning to its end", () =>
    same(async ({ lib, server, url, log, record }) => {
      server.on("connection", (socket: Anything) => {
        socket.on("message", (data: unknown) => socket.send(data));
      });
      const engine = new lib.Socket(url, { transports });
      record(engine, ...EVENTS);
      log.push(engine.readyState, engine.transport.name, engine.writeBuffer.length);
      log.push([engine.hostname, engine.secure, engine.binaryType]);
      await next(engine, transports.length > 1 ? "upgrade" : "open");
      const echoed = next(engine, "message");
      log.push(engine.send("hello", {}, () => log.push("handed on")) === engine);
      await echoed;
      log.push(engine.readyState, engine.transport.name, typeof engine.id);
      const closed = next(engine, "close");
      engine.close();
      engine.close();
      log.push(engine.readyState);
      engine.send("too late");
      await closed;
    }));

  test("binary arrives as binaryType says", () =>
    same(async ({ lib, server, url, log }) => {
      server.on("connection", (socket: Anything) => {
        socket.on("message", (data: unknown) => socket.send(data));
      });
      for (const binaryType of [undefined, "arraybuffer", "nodebuffer"]) {
        const engine = new lib.Socket(url, { transports });
        if (binaryType) engine.binaryType = binaryType;
        await next(engine, "open");
        for (const bytes of [Buffer.from([1, 2]), new Uint8Array([3]), new ArrayBuffer(2)]) {
          const echoed = next(engine, "message");
          engine.send(bytes);
          log.push((await echoed).map(plain));
        }
        engine.close();
      }
    }));

  test("CL24 what is neither text nor binary is sent as text", () =>
    same(async ({ lib, server, url, log }) => {
      const values = [5, 0, "", null, undefined, true, false, { a: 1 }, [1, 2], new Date(0), "end"];
      const heard = new Promise<void>((resolve) => {
        server.on("connection", (socket: Anything) => {
          socket.on("message", (data: unknown) => {
            log.push(data);
            if (data === "end") resolve();
          });
        });
      });
      const engine = new lib.Socket(url, { transports });
      await next(engine, "open");
      for (const value of values) engine.send(value);
      await heard;
      engine.close();
    }));

  test("the server closes it", () =>
    same(async ({ lib, server, url, record }) => {
      server.on("connection", (socket: Anything) => socket.close());
      const engine = new lib.Socket(url, { transports, upgrade: false });
      record(engine, "open", "error");
      const [reason] = await next(engine, "close");
      expect(reason).toBe("transport close");
    }));

  test("nobody is there", () =>
    same(async ({ lib, log, record }) => {
      const engine = new lib.Socket("http://127.0.0.1:9", { transports });
      record(engine, "open", "error", "close");
      await next(engine, "close");
      log.push(engine.readyState);
    }));
});

describe("one at a time", () => {
  test("the default path, another one, options without an address, a query", () =>
    same(async ({ lib, server, url, log }) => {
      const seen: string[] = [];
      server.on("connection", (socket: Anything) => seen.push(socket.request._query.a));
      const { port } = new URL(url);
      const engines = [
        new lib.Socket(url, { query: { a: 1 } }),
        new lib.Socket(`${url}?a=2`),
        new lib.Socket({ host: "127.0.0.1", port, query: { a: 3 } }),
        new lib.Socket({ hostname: "127.0.0.1", port, query: { a: 4 }, path: "/engine.io/" }),
      ];
      await Promise.all(engines.map((engine) => next(engine, "open")));
      log.push(seen.sort());
      for (const engine of engines) engine.close();
    }));

  test("transports that fail: the next one is tried when asked to", () =>
    same(
      async ({ lib, url, log, record }) => {
        for (const tryAllTransports of [false, true]) {
          const engine = new lib.Socket(url, {
            transports: ["websocket", "polling"],
            tryAllTransports,
          });
          record(engine, "open", "error", "close");
          await next(engine, tryAllTransports ? "open" : "close");
          log.push(engine.transport.name, engine.readyState);
          engine.close();
        }
      },
      { transports: ["polling"] },
    ));

  test("WebSocket is remembered", () =>
    same(async ({ lib, url, log }) => {
      const transports = ["polling", "websocket"];
      const first = new lib.Socket(url, { transports, rememberUpgrade: true });
      await next(first, "upgrade");
      log.push(lib.Socket.priorWebsocketSuccess);
      first.close();
      const second = new lib.Socket(url, { transports, rememberUpgrade: true });
      log.push(second.transport.name);
      await next(second, "open");
      second.close();
    }));

  test("no transport at all", () =>
    same(async ({ lib, url, log }) => {
      const engine = new lib.Socket(url, { transports: [] });
      const [error] = await next(engine, "error");
      // Theirs is the text alone.
      log.push(error.message ?? error);
    }));

  test("a server that falls silent, and one that pings", () =>
    same(
      async ({ lib, server, url, log, record }) => {
        server.on("connection", (socket: Anything) => {
          socket.once("heartbeat", () => {
            socket.transport.send = () => {};
            // The client is to notice first, on a busy machine too.
            socket.resetPingTimeout = () => {};
          });
        });
        const engine = new lib.Socket(url, { transports: ["websocket"] });
        record(engine, "ping", "pong", "heartbeat");
        const [reason] = await next(engine, "close");
        log.push(reason);
      },
      { pingInterval: 30, pingTimeout: 20 },
    ));

  test.each([
    "http://google.com",
    "https://www.google.com:80/",
    "google.com:8080/foo/bar",
    "ws://user:pass@h.com:1/p/f.html?q=1&q=2&r#frag",
    "wss://h",
    "http://[::1]:3000/x",
    "http://::1",
    "http://::1:3000/x",
    "fe80::1",
    "1:2:3:4:5:6:7:8:90/x",
    "http://user:secret@2001:db8::7/p?a=b",
    "ws://h?a=%20b",
    "localhost",
    "/path/file.txt",
  ])("parse(%s)", (address) => {
    expect(ours.parse(address)).toEqual(theirs.parse(address));
  });
});

test("the names that engine.io-client exports", () => {
  const missing = Object.keys(theirs).filter((name) => !(name in ours));
  expect(missing).toEqual(["Transport", "WebTransport"]);
  expect([ours.protocol, ours.Socket.protocol]).toEqual([theirs.protocol, theirs.Socket.protocol]);
  expect(Object.keys(ours.transports).sort()).toEqual(["polling", "websocket"]);
  const timers = {} as ours.TimerFunctions;
  ours.installTimerFunctions(timers, { useNativeTimers: true });
  expect(Object.keys(timers)).toEqual(["setTimeoutFn", "clearTimeoutFn"]);
});

test("nextTick calls back later, before timers and input", async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    setTimeout(() => resolve(void order.push("timer")), 0);
    ours.nextTick(() => order.push("tick"));
    order.push("now");
  });
  expect(order).toEqual(["now", "tick", "timer"]);
});

test("failures are TransportErrors, whoever made them", async () => {
  const engine = new ours.Socket("http://127.0.0.1:9", { transports: ["websocket"] });
  const [error] = await next(engine, "error");
  expect(error).toBeInstanceOf(ours.TransportError);
  expect(new Error("other")).not.toBeInstanceOf(ours.TransportError);
  const own = new ours.TransportError("reason", 1, 2);
  expect(own).toMatchObject({ message: "reason", description: 1, context: 2 });
  expect(own).toBeInstanceOf(ours.TransportError);
});
