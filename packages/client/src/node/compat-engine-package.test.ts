// `@sockeye/client/engine` beside engine.io-client, both against Socket.IO's engine.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as theirs from "engine.io-client";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { type Anything, plain, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";
import * as ours from "./engine-io.ts";

interface EngineStage {
  readonly lib: Anything;
  /** The engine of the server. */
  readonly engine: Anything;
  readonly http: HttpServer;
  readonly url: string;
  note(...line: unknown[]): void;
  /** A session that ends with the script, and notes its events of these names. */
  open(options?: object, events?: readonly string[]): Anything;
}
type EngineScript = (stage: EngineStage) => Promise<void>;

async function run(lib: object, script: EngineScript, options: object): Promise<unknown[]> {
  const { attach } = (await import("engine.io")) as Anything;
  const http = createServer();
  const engine = attach(http, options);
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const log: unknown[] = [];
  const note = (...line: unknown[]): void => void log.push(line.length === 1 ? line[0] : line);
  const sessions: Anything[] = [];
  const open = (more: object = {}, events: readonly string[] = []): Anything => {
    // Socket.IO's writes into the options that it is given.
    const session = new (lib as Anything).Socket(url, { ...more });
    sessions.push(session);
    for (const event of events) {
      session.on(event, (...args: unknown[]) => note(event, ...args.map(plain)));
    }
    return session;
  };
  try {
    await script({ lib, engine, http, url, note, open });
    return [...log];
  } finally {
    for (const session of sessions) session.close();
    engine.close();
    http.closeAllConnections();
    http.close();
  }
}

async function same(script: EngineScript, options: object = {}): Promise<void> {
  const expected = await run(theirs, script, options);
  expect(expected.length).toBeGreaterThan(0);
  expect(await run(ours, script, options)).toEqual(expected);
}

const POLLING = { transports: ["polling"] };
const WEB_SOCKET = { transports: ["websocket"] };

describe("exports", () => {
  test("every name of engine.io-client is here, but for WebTransport and the base of transports", () => {
    const missing = Object.keys(theirs).filter((name) => !(name in ours));
    expect(missing.sort()).toEqual(["Transport", "WebTransport"]);
  });

  test("protocol is 4, on the class too", () =>
    same(async ({ lib, note }) => note(lib.protocol, lib.Socket.protocol)));

  test("transports by name", () =>
    same(async ({ lib, note }) => {
      note(typeof lib.transports.polling, typeof lib.transports.websocket);
      note(lib.transports.websocket === lib.NodeWebSocket);
    }));

  test("installTimerFunctions and nextTick", () =>
    same(async ({ lib, note }) => {
      for (const useNativeTimers of [true, false]) {
        const target: Anything = {};
        lib.installTimerFunctions(target, { useNativeTimers });
        note(typeof target.setTimeoutFn, typeof target.clearTimeoutFn);
        await new Promise((resolve) => target.setTimeoutFn(resolve, 1));
      }
      await new Promise<void>((resolve) => lib.nextTick(resolve, setTimeout));
    }));

  test("failures of transports are TransportErrors", () =>
    same(async ({ lib, note }) => {
      const session = new lib.Socket("http://127.0.0.1:9", { ...POLLING });
      const [error] = await next(session, "error");
      note(error instanceof lib.TransportError, error.type, error.message, error.description);
      const made = new lib.TransportError("reason", 1, { two: 2 });
      note(made.message, made.description, made.context, made.type, made instanceof Error);
    }));

  test.each([
    "http://example.com",
    "https://example.com:8080/a/b?c=d&e#f",
    "ws://user:secret@example.com/x.html?y",
    "wss://[::1]:3000/chat",
    "example.com/path",
    "//example.com/path",
    "/path?x=1",
    "http://example.com/?a=b=c&d",
    "http://example.com//double//",
    "[2001:db8::1]",
    "",
  ])("parse takes %s apart", (uri) =>
    same(async ({ lib, note }) => {
      const { source, ...parts } = lib.parse(uri);
      const text = Object.entries(parts).map(([name, value]) => [name, value || ""]);
      note(source === uri, Object.fromEntries(text));
    }),
  );
});

describe("addresses", () => {
  test.each([
    ["http://localhost"],
    ["https://localhost"],
    ["ws://localhost"],
    ["wss://localhost"],
    ["http://localhost:8080"],
    ["http://[::1]"],
    ["http://[::1]:8080"],
  ])("%s", (uri) =>
    same(async ({ lib, note }) => {
      const session = new lib.Socket(uri, { ...POLLING });
      session.on("error", () => {});
      note(session.hostname, String(session.port), session.secure, session.readyState);
      session.close();
    }),
  );

  test.each([
    { host: "localhost" },
    { hostname: "localhost", port: 8080 },
    { host: "localhost", secure: true },
    { host: "localhost", secure: true, port: 8443 },
  ])("options alone: %o", (options) =>
    same(async ({ lib, note }) => {
      const session = new lib.Socket({ ...options, ...POLLING });
      session.on("error", () => {});
      note(session.hostname, String(session.port), session.secure);
      session.close();
    }),
  );

  test("the path is /engine.io/, or what the options say", () =>
    same(async ({ http, lib, note, url }) => {
      for (const options of [{}, { path: "/other" }, { path: "/x/", addTrailingSlash: false }]) {
        const asked = new Promise<string>((resolve) => {
          // Not the farewell of the session before.
          http.on("request", (request) => {
            if (request.method === "GET") resolve(String(request.url).split("?")[0] as string);
          });
        });
        const session = new lib.Socket(url, { ...POLLING, ...options });
        session.on("error", () => {});
        note(await asked);
        session.close();
        http.removeAllListeners("request");
      }
    }));
});

describe("sessions", () => {
  test.each([POLLING, WEB_SOCKET])("say hello both ways: %o", (options) =>
    same(async ({ engine, note, open }) => {
      const [there, back]: [unknown[], unknown[]] = [[], []];
      engine.on("connection", (connection: Anything) => {
        connection.on("message", (data: unknown) => {
          there.push(data);
          connection.send(data);
        });
      });
      const session = open(options, ["open", "error"]);
      session.on("open", () => {
        session.send("hello");
        session.send("é€😀");
        session.send(Buffer.from([1, 2, 3]));
        session.send("last");
      });
      await new Promise<void>((resolve) => {
        session.on("message", (data: unknown) => {
          back.push(data);
          if (data === "last") resolve();
        });
      });
      note(there, back);
    }),
  );

  test("what is sent before open goes out after it", () =>
    same(async ({ engine, note, open }) => {
      const session = open(WEB_SOCKET);
      session.send("early");
      note(session.writeBuffer.length);
      const [connection] = await next(engine, "connection");
      note(await next(connection, "message"));
    }));

  test.each(["arraybuffer", "nodebuffer"])("binaryType %s", (binaryType) =>
    same(async ({ engine, note, open }) => {
      for (const options of [POLLING, WEB_SOCKET]) {
        const session = open(options);
        session.binaryType = binaryType;
        const [connection] = await next(engine, "connection");
        const arrived = next(session, "message");
        connection.send(Buffer.from([1, 2]));
        const [data] = await arrived;
        note(data.constructor.name, data.byteLength);
      }
    }),
  );

  test("state, id and transport", () =>
    same(async ({ engine, note, open }) => {
      const session = open(WEB_SOCKET);
      note(session.readyState, session.id, session.transport.name);
      const [connection] = await next(engine, "connection");
      if (session.readyState !== "open") await next(session, "open");
      note(session.readyState, session.id === connection.id);
      session.close();
      note(session.readyState);
    }));

  test("order of events of an upgrade", () =>
    same(async ({ note, open }) => {
      const names = ["open", "handshake", "upgrading", "upgrade", "upgradeError", "close"];
      const session = open();
      for (const name of names) session.on(name, () => note(name, session.transport.name));
      await next(session, "upgrade");
      const { Socket } = (await import("engine.io-client")) as Anything;
      note(typeof Socket.priorWebsocketSuccess);
    }));

  test("rememberUpgrade, and what the class remembers", () =>
    same(async ({ lib, note, open }) => {
      const first = open();
      await next(first, "upgrade");
      note(lib.Socket.priorWebsocketSuccess);
      const second = open({ rememberUpgrade: true });
      second.on("open", () => note(second.transport.name));
      await next(second, "open");
    }));

  test("nobody listens: error, then close", () =>
    same(async ({ lib, note }) => {
      for (const transport of ["polling", "websocket"]) {
        const session = new lib.Socket("http://127.0.0.1:9", { transports: [transport] });
        const closed = next(session, "close");
        session.on("error", (error: unknown) => note(plain(error), session.readyState));
        const [reason, details] = await closed;
        note(reason, plain(details), session.readyState);
      }
    }));

  test("a refusal by the server", () =>
    same(
      async ({ note, open }) => {
        const session = open({ ...POLLING, query: { transport: "unknown" } });
        session.id = "unknown";
        const [error] = await next(session, "error");
        note(error.message, error.description);
      },
      { transports: ["websocket"] },
    ));

  test("no transports", () =>
    same(async ({ note, open }) => {
      const session = open({ transports: [] });
      const [error] = await next(session, "error");
      // Theirs is the text itself.
      note(error.message ?? error);
    }));

  test("heartbeat", () =>
    same(
      async ({ note, open }) => {
        const session = open(WEB_SOCKET);
        await next(session, "open");
        const ponged = next(session, "pong");
        for (const name of ["ping", "heartbeat", "pong"]) session.on(name, () => note(name));
        await ponged;
      },
      { pingInterval: 20, pingTimeout: 1000 },
    ));

  test("a server that falls silent: ping timeout", () =>
    same(async ({ lib, note }) => {
      const silent = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      await next(silent, "listening");
      const handshake = { sid: "S", upgrades: [], pingInterval: 20, pingTimeout: 20 };
      silent.on("connection", (socket) => socket.send(`0${JSON.stringify(handshake)}`));
      const { port } = silent.address() as AddressInfo;
      const session = new lib.Socket(`http://127.0.0.1:${port}`, { ...WEB_SOCKET });
      note(await next(session, "close"));
      for (const socket of silent.clients) socket.terminate();
      silent.close();
    }));
});

describe("closing", () => {
  test.each([POLLING, WEB_SOCKET])("by the server: %o", (options) =>
    same(async ({ engine, note, open }) => {
      const session = open(options);
      const [connection] = await next(engine, "connection");
      if (session.readyState !== "open") await next(session, "open");
      const closed = next(session, "close");
      connection.close();
      const [reason, details] = await closed;
      note(reason, details.description);
    }),
  );

  test("twice is told once", () =>
    same(async ({ note, open }) => {
      const session = open(WEB_SOCKET, ["close"]);
      await next(session, "open");
      session.close();
      session.close();
      await tick();
      note(session.readyState);
    }));

  test("in the open listener", () =>
    same(async ({ note, open }) => {
      const session = open({}, ["open", "close", "upgrading", "error"]);
      session.on("open", () => session.close());
      await next(session, "close");
      await new Promise((resolve) => setTimeout(resolve, 30));
      note(session.readyState);
    }));

  test("sends what was sent before, and nothing after", () =>
    same(async ({ engine, note, open }) => {
      engine.on("connection", (connection: Anything) => {
        connection.on("message", (data: unknown) => note(data));
      });
      const session = open(POLLING);
      const [connection] = await next(engine, "connection");
      if (session.readyState !== "open") await next(session, "open");
      const gone = next(connection, "close");
      for (const text of ["a", "b", "c"]) session.send(text);
      session.close();
      session.send("too late");
      note(session.readyState);
      await next(session, "close");
      await gone;
    }));

  test("while upgrading waits for the upgrade, and sends what is kept", () =>
    same(async ({ engine, note, open }) => {
      engine.on("connection", (connection: Anything) => {
        connection.on("message", (data: unknown) => note(data));
      });
      const session = open();
      session.on("upgrading", () => {
        session.send("kept");
        session.close();
        session.send("too late");
        note(session.readyState);
      });
      session.on("upgrade", () => note("upgrade"));
      const [connection] = await next(engine, "connection");
      const gone = next(connection, "close");
      await next(session, "close");
      note(session.transport.name);
      await gone;
    }));

  test("what is kept in the buffer when a large message ends the session", () =>
    same(
      async ({ engine, note, open }) => {
        const session = open(POLLING);
        await next(engine, "connection");
        if (session.readyState !== "open") await next(session, "open");
        session.send("x".repeat(200));
        const [reason, details] = await next(session, "close");
        note(reason, details.message, details.description);
      },
      { maxHttpBufferSize: 100 },
    ));
});
