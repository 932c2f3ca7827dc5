// The same script with both clients, this one and Socket.IO's own, against the real server: the logs must be equal.

import * as theirs from "socket.io-client";
import { describe, expect, test } from "vitest";
import { next, startServer, type TestServer } from "../../testing/socket-io-server.ts";
import * as ours from "./index.ts";

// biome-ignore lint/suspicious/noExplicitAny: one script for two libraries with types of their own.
type Anything = any;

interface Stage {
  readonly server: TestServer;
  readonly lib: { io: Anything; Manager: Anything };
  readonly log: unknown[];
}

type Script = (stage: Stage) => Promise<void>;

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function record(log: unknown[], emitter: Anything, ...events: string[]): void {
  for (const event of events) {
    emitter.on(event, (...args: unknown[]) => log.push([event, ...args.map(plain)]));
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  if (typeof value === "object" && value !== null && "name" in value) return value.name;
  return value;
}

const MANAGER_EVENTS = [
  ...["open", "close", "error", "reconnect", "reconnect_attempt", "reconnect_error"],
  "reconnect_failed",
];
const SOCKET_EVENTS = ["connect", "disconnect", "connect_error"];
const FAST = { forceNew: true, reconnectionDelay: 10, randomizationFactor: 0 };

const scripts: Record<string, Script> = {
  async "order on connect: kept events in and out, then connect"({ server, lib, log }) {
    server.io.use((socket, done) => {
      socket.emit("early", 1);
      done();
    });
    server.io.on("connection", (socket) => {
      socket.onAny((...args) => log.push(["server", ...args]));
      socket.emit("welcome");
    });
    const client = lib.io(server.url, { forceNew: true, transports: ["websocket"] });
    client.onAny((...args: unknown[]) => log.push(["in", ...args]));
    client.onAnyOutgoing((...args: unknown[]) => log.push(["out", ...args]));
    record(log, client, ...SOCKET_EVENTS);
    record(log, client.io, ...MANAGER_EVENTS);
    client.emit("kept", 1);
    client.volatile.emit("volatile, not connected");
    client.on("connect", () => client.emit("in connect"));
    await next(client, "welcome");
    const arrived = next([...server.io.of("/").sockets.values()][0]!, "last");
    client.emit("last");
    await arrived;
    client.disconnect();
  },

  async "a refusal by a middleware"({ server, lib, log }) {
    server.io.use((_socket, done) => {
      done(Object.assign(new Error("no"), { data: { code: 1 } }));
    });
    const client = lib.io(server.url, FAST);
    record(log, client, ...SOCKET_EVENTS);
    record(log, client.io, ...MANAGER_EVENTS);
    client.on("connect_error", (error: Anything) => log.push([error.data, client.active]));
    await next(client, "connect_error");
    await tick();
    log.push([client.connected, client.active, client.io._readyState]);
  },

  async "disconnect while opening"({ server, lib, log }) {
    const client = lib.io(server.url, FAST);
    record(log, client, ...SOCKET_EVENTS);
    record(log, client.io, ...MANAGER_EVENTS);
    client.disconnect();
    log.push([client.connected, client.active, client.io._readyState]);
    await tick();
    await tick();
  },

  async "the engine is closed by the user: reconnects"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, transports: ["websocket"] });
    record(log, client, ...SOCKET_EVENTS);
    record(log, client.io, ...MANAGER_EVENTS);
    await next(client, "connect");
    const again = next(client, "connect");
    client.io.engine.close();
    await again;
    // Theirs is undefined at first, although declared as a boolean.
    log.push([client.id === undefined, Boolean(client.recovered)]);
    client.disconnect();
    await tick();
  },

  async "the last of two namespaces closes the connection"({ server, lib, log }) {
    server.io.of("/two");
    const client = lib.io(server.url, { ...FAST, transports: ["websocket"] });
    const two = client.io.socket("/two");
    record(log, client.io, ...MANAGER_EVENTS);
    await Promise.all([next(client, "connect"), next(two, "connect")]);
    client.disconnect();
    log.push("one gone", client.io._readyState);
    two.disconnect();
    log.push("both gone", client.io._readyState);
    const again = next(client, "connect");
    client.connect();
    await again;
    client.disconnect();
  },

  async "the server disconnects, then the client connects again"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, transports: ["polling"] });
    record(log, client, ...SOCKET_EVENTS);
    record(log, client.io, ...MANAGER_EVENTS);
    const [socket] = await next(server.io, "connection");
    await next(client, "connect");
    const gone = next(client, "disconnect");
    socket.disconnect();
    await gone;
    log.push([client.active, client.disconnected, client.io._readyState]);
    const again = next(client, "connect");
    client.connect();
    await again;
    client.close();
  },

  async "volatile: only the first of two is sent"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, transports: ["websocket"] });
    const [socket] = await next(server.io, "connection");
    await next(client, "connect");
    socket.onAny((...args: unknown[]) => log.push(args));
    const done = next(socket, "done");
    await tick();
    client.volatile.emit("first");
    client.volatile.emit("second");
    client.emit("third");
    client.volatile.emit("fourth", Buffer.from("x"));
    await tick();
    client.volatile.emit("fifth");
    client.emit("done");
    await done;
    client.disconnect();
  },

  async "acknowledgements when the connection is lost"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, reconnection: false });
    await next(client, "connect");
    record(log, client, ...SOCKET_EVENTS);
    client.emit("a", () => log.push("plain, never"));
    client.timeout(5000).emit("b", (error: Error) => log.push(["timeout", plain(error)]));
    client.emitWithAck("c").catch((error: Error) => log.push(["promise", plain(error)]));
    client.disconnect();
    client.emit("d", () => log.push("kept, plain"));
    client.timeout(5).emit("e", (error: Error) => log.push(["kept", plain(error)]));
    log.push(client.sendBuffer.length);
    await client
      .timeout(10)
      .emitWithAck("f")
      .catch((error: Error) => log.push(["kept promise", plain(error)]));
    log.push(client.sendBuffer.length);
  },

  async "timeouts and acknowledgements with an error in front"({ server, lib, log }) {
    server.io.on("connection", (socket) => {
      socket.on("answer", (...args) => args.pop()(1, 2));
    });
    const client = lib.io(server.url, { ...FAST, ackTimeout: 200 });
    await next(client, "connect");
    await new Promise<void>((resolve) => {
      client.emit("answer", (...args: unknown[]) => resolve(void log.push(args)));
    });
    await new Promise<void>((resolve) => {
      client.emit("silence", (...args: unknown[]) => resolve(void log.push(args.map(plain))));
    });
    log.push(await client.emitWithAck("answer"));
    await new Promise<void>((resolve) => {
      client.timeout(1).emit("silence", (error: Error) => resolve(void log.push(plain(error))));
    });
    client.disconnect();
  },

  async "retries: one at a time, until answered or given up"({ server, lib, log }) {
    server.io.on("connection", (socket) => {
      let tries = 0;
      socket.onAny((event, ...args) => {
        log.push(["server", event]);
        if (event === "third time" && ++tries < 3) return;
        if (event !== "never") args.pop()("ok");
      });
    });
    const client = lib.io(server.url, { ...FAST, retries: 2, ackTimeout: 200 });
    client.emit("before connect");
    client.emit("third time", (...args: unknown[]) => log.push(["ack", ...args.map(plain)]));
    client.emit("never", (...args: unknown[]) => log.push(["ack", ...args.map(plain)]));
    client.volatile.emit("not queued");
    await new Promise<void>((resolve) => {
      client.emit("last", (...args: unknown[]) => resolve(void log.push(["ack", ...args])));
    });
    client.disconnect();
  },

  async "reserved names, and what emit returns"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, autoConnect: false });
    for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener"]) {
      try {
        client.emit(name);
      } catch (error) {
        log.push((error as Error).message);
      }
    }
    log.push(client.emit("fine") === client, client.volatile.compress(false) === client);
    log.push(client.sendBuffer.length, client.active, client.io._readyState);
  },

  async "the events of the engine"({ server, lib, log }) {
    const client = lib.io(server.url, { ...FAST, transports: ["polling", "websocket"] });
    const { engine } = client.io;
    record(log, engine, "open", "upgrading", "upgrade", "close", "error", "upgradeError");
    await next(engine, "upgrade");
    log.push([engine.readyState, engine.transport.name, engine.writeBuffer.length]);
    record(log, engine, "packetCreate", "flush", "drain", "message", "data", "packet");
    const echoed = next(client, "echo");
    server.io.on("connection", () => {});
    client.emit("x", 1);
    server.io.emit("echo", "y");
    await echoed;
    const closed = next(engine, "close");
    engine.close();
    await closed;
    log.push(engine.readyState);
    client.disconnect();
  },

  async "closing during the upgrade waits for it"({ server, lib, log }) {
    const options = { transports: ["polling", "websocket"], reconnection: false };
    const client = lib.io(server.url, { ...FAST, ...options });
    const { engine } = client.io;
    record(log, engine, "upgrading", "upgrade", "close");
    await next(engine, "upgrading");
    const closed = next(engine, "close");
    engine.close();
    await closed;
  },

  async "which connections are shared"({ server, lib, log }) {
    const options = { autoConnect: false };
    const { port } = server;
    const one = lib.io(`http://127.0.0.1:${port}`, options);
    const sharing = (uri: string, more?: object): void => {
      const other = lib.io(uri, { ...options, ...more });
      log.push([uri.replace(String(port), "port"), more, other.io === one.io, other.nsp]);
    };
    sharing(`http://127.0.0.1:${port}/a`);
    sharing(`http://127.0.0.1:${port}/a`);
    sharing(`http://127.0.0.1:${port}`);
    sharing(`ws://127.0.0.1:${port}/b`);
    sharing(`http://127.0.0.1:${port}/c`, { path: "/other" });
    sharing(`http://127.0.0.1:${port}/d`, { forceNew: true });
    sharing(`http://127.0.0.1:${port}/e`, { multiplex: false });
    sharing(`http://127.0.0.1:${port}/f?x=1`);
    sharing(`http://127.0.0.1:${port}/g#hash`);
  },

  async "listeners: once, off, any"({ server, lib, log }) {
    const client = lib.io(server.url, FAST);
    const listener = (value: unknown): void => void log.push(["listener", value]);
    client.on("x", listener).once("x", listener).on("x", listener);
    log.push(client.listeners("x").length, client.hasListeners("x"), client.hasListeners("y"));
    client.off("x", listener);
    const any = (...args: unknown[]): void => void log.push(["any", ...args]);
    client.onAny(any).prependAny((name: string) => log.push(["first", name]));
    const [socket] = await next(server.io, "connection");
    socket.emit("x", 1);
    socket.emit("x", 2);
    socket.emit("done");
    await next(client, "done");
    client.offAny(any);
    log.push(client.listenersAny().length);
    client.offAny();
    log.push(client.listenersAny().length, client.listenersAnyOutgoing().length);
    client.off();
    log.push(client.hasListeners("x"));
    client.disconnect();
  },
};

describe("the same script, the same log", () => {
  test.each(Object.keys(scripts))("%s", async (title) => {
    const run = async (lib: Stage["lib"]): Promise<unknown[]> => {
      await using server = await startServer();
      const log: unknown[] = [];
      await (scripts[title] as Script)({ server, lib, log });
      return log;
    };
    const expected = await run(theirs);
    expect(expected.length).toBeGreaterThan(0);
    expect(await run(ours)).toEqual(expected);
  });
});
