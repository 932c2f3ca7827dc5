// The engine under a manager: its members, its events and their order, as with Socket.IO's client.

import { describe, test } from "vitest";
import { type Anything, plain, same, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const WEB_SOCKET = { transports: ["websocket"], reconnection: false };
const UPGRADE = { transports: ["polling", "websocket"], reconnection: false };
const POLLING = { transports: ["polling"], reconnection: false };
const EVERYTHING = [
  ...["open", "handshake", "packet", "packetCreate", "data", "message", "drain", "flush"],
  ...["heartbeat", "ping", "pong", "error", "upgrading", "upgrade", "upgradeError", "close"],
];

/** What an argument of an engine's event is, without what differs from session to session. */
function seen(value: Anything): unknown {
  if (typeof value === "string") return value.replace(/"sid":.*/, "…");
  if (value instanceof Error || typeof value !== "object" || value === null) return plain(value);
  if ("sid" in value) return Object.keys(value).sort();
  if ("type" in value) return [value.type, seen(value.data)];
  return plain(value);
}

describe("members", () => {
  test.each([WEB_SOCKET, POLLING])("before, during and after a session: %o", (options) =>
    same(async ({ connect, note }) => {
      const client = connect(options);
      const { engine } = client.io;
      const look = (): void => {
        note(typeof engine.id, engine.readyState, engine.transport.name, engine.binaryType);
        note(engine.writeBuffer.length, engine.transport.writable);
      };
      note(typeof engine.id, engine.readyState, engine.transport.name, engine.binaryType);
      await next(client, "connect");
      await tick();
      look();
      client.emit("x");
      note(engine.writeBuffer.length > 0 || options === WEB_SOCKET, engine.transport.writable);
      client.disconnect();
      note(engine.readyState, engine.transport.name);
    }),
  );

  test("the id is the one that the server knows", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      note(client.io.engine.id === (socket.conn as Anything).id);
    }));

  test("a new session is a new engine", () =>
    same(async ({ connect, note }) => {
      const client = connect({ transports: ["websocket"] });
      await next(client, "connect");
      const { engine } = client.io;
      const { id } = engine;
      engine.close();
      await next(client, "connect");
      note(client.io.engine === engine, client.io.engine.id === id, engine.readyState);
    }));

  test.each(["arraybuffer", "nodebuffer"])("binaryType %s", (binaryType) =>
    same(async ({ connect, server, note }) => {
      const client = connect(POLLING);
      client.io.engine.binaryType = binaryType;
      const arrived = new Promise<Anything>((resolve) => {
        client.io.engine.on("message", (message: unknown) => {
          if (typeof message !== "string") resolve(message);
        });
      });
      const [socket] = await next(server.io, "connection");
      socket.emit("x", Buffer.from([1, 2, 3]));
      const message = await arrived;
      note(message.constructor.name, message.byteLength);
    }),
  );
});

describe("events", () => {
  test.each([WEB_SOCKET, POLLING])("of a session from open to close: %o", (options) =>
    same(async ({ connect, server, note }) => {
      const client = connect(options);
      const { engine } = client.io;
      const names = ["open", "handshake", "data", "message", "error", "upgrading", "close"];
      for (const name of names) {
        engine.on(name, (...args: unknown[]) => note(name, ...args.map(seen)));
      }
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const arrived = next(client, "x");
      socket.emit("x", 1);
      await arrived;
      engine.close();
      await tick();
    }),
  );

  test("of one event out and one in over WebSocket", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      await tick();
      for (const name of EVERYTHING) {
        client.io.engine.on(name, (...args: unknown[]) => note(name, ...args.map(seen)));
      }
      socket.on("x", () => socket.emit("y", 2));
      client.emit("x", 1);
      note("emitted");
      await next(client, "y");
    }));

  test("of one event out over polling", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(POLLING);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const { engine } = client.io;
      if (engine.writeBuffer.length > 0) await next(engine, "drain");
      for (const name of ["packetCreate", "flush", "drain"]) {
        engine.on(name, (...args: unknown[]) => note(name, ...args.map(seen)));
      }
      const drained = next(engine, "drain");
      const arrived = next(socket, "y");
      client.emit("x", 1).emit("y", 2);
      note("emitted", engine.writeBuffer.length);
      await Promise.all([arrived, drained]);
      note(engine.writeBuffer.length);
    }));

  test("of a heartbeat", () =>
    same(
      async ({ connect, note }) => {
        const client = connect(WEB_SOCKET);
        await next(client, "connect");
        const { engine } = client.io;
        const ponged = next(engine, "pong");
        for (const name of ["packet", "packetCreate", "heartbeat", "ping", "pong", "flush"]) {
          engine.on(name, (...args: unknown[]) => note(name, ...args.map(seen)));
        }
        await ponged;
      },
      { pingInterval: 30, pingTimeout: 2000 },
    ));

  test("of an upgrade", () =>
    same(async ({ connect, note }) => {
      const client = connect(UPGRADE);
      const { engine } = client.io;
      for (const name of ["open", "upgrading", "upgrade", "upgradeError", "close"]) {
        engine.on(name, (...args: unknown[]) =>
          note(name, ...args.map(seen), engine.transport.name),
        );
      }
      await next(engine, "upgrade");
      note(engine.readyState);
    }));

  test("of an upgrade that fails: the session goes on", () =>
    same(async ({ connect, server, note }) => {
      server.http.prependListener("upgrade", (_request, socket) => socket.destroy());
      const client = connect(UPGRADE);
      const { engine } = client.io;
      engine.on("upgradeError", (error: Anything) => note(error.message, error.transport));
      const failed = next(engine, "upgradeError");
      const [socket] = await next(server.io, "connection");
      await failed;
      const arrived = next(socket, "x");
      client.emit("x", 1);
      note(await arrived, engine.transport.name);
    }));

  test("events around an upgrade arrive once, and in order", () =>
    same(async ({ connect, server, note }) => {
      const [there, back]: [unknown[], unknown[]] = [[], []];
      const client = connect(UPGRADE);
      client.on("back", (value: number) => back.push(value));
      const [socket] = await next(server.io, "connection");
      socket.on("there", (value: number) => there.push(value));
      const upgraded = next(client.io.engine, "upgrade");
      let count = 0;
      let isUpgraded = false;
      void upgraded.then(() => {
        isUpgraded = true;
      });
      while (!isUpgraded || count < 40) {
        client.emit("there", count);
        socket.emit("back", count);
        count++;
        await tick();
      }
      const ends = Promise.all([next(socket, "end"), next(client, "end")]);
      client.emit("end");
      socket.emit("end");
      await ends;
      const inOrder = (list: unknown[]): boolean =>
        list.length === count && list.every((value, at) => value === at);
      note(inOrder(there), inOrder(back), client.io.engine.transport.name);
    }));
});

describe("send and close", () => {
  test("write and send return the engine; the callback is called when the message is handed over", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      await tick();
      const { engine } = client.io;
      const arrived = next(socket, "y");
      engine.on("flush", () => note("flush"));
      note(engine.write('2["x"]', {}, () => note("written")) === engine);
      note(engine.send('2["y"]', null, () => note("sent")) === engine);
      await arrived;
    }));

  test("close waits until what was sent before is out, then forced close", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(POLLING);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const { engine } = client.io;
      if (engine.writeBuffer.length > 0) await next(engine, "drain");
      const heard: unknown[] = [];
      socket.onAny((name: string) => heard.push(name));
      const left = next(socket, "disconnect");
      const closed = next(engine, "close");
      client.emit("a").emit("b");
      note(engine.close() === engine, engine.readyState);
      client.emit("too late");
      note(await closed);
      await left;
      note(heard, engine.readyState, engine.writeBuffer.length);
    }));

  test("close during an upgrade waits for it", () =>
    same(async ({ connect, note }) => {
      const client = connect(UPGRADE);
      const { engine } = client.io;
      engine.on("upgrade", () => note("upgrade"));
      engine.on("close", (reason: string) => note("close", reason));
      await next(engine, "upgrading");
      const closed = next(engine, "close");
      engine.close();
      note(engine.readyState);
      await closed;
      note(engine.readyState);
    }));

  test("close while opening, and close twice", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      const { engine } = client.io;
      engine.on("close", (...args: unknown[]) => note("close", ...args.map(seen)));
      engine.close();
      note(engine.readyState);
      engine.close();
      await tick();
    }));

  test("what is sent after the end goes nowhere", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const { engine } = client.io;
      engine.close();
      engine.send("x");
      note(engine.writeBuffer.length, engine.readyState);
    }));

  test("the packets that were not sent can be read when the connection is lost", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(POLLING);
      await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const { engine } = client.io;
      if (engine.writeBuffer.length > 0) await next(engine, "drain");
      engine.on("close", () => note(engine.writeBuffer.length));
      const closed = next(engine, "close");
      server.http.prependListener("request", (request) => {
        if (request.method === "POST") request.socket.destroy();
      });
      client.emit("a");
      await closed;
      await tick();
      note(engine.writeBuffer.length);
    }));

  test("compress(false) is told to the transport", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      client.io.engine.on("packetCreate", ({ options }: Anything) => note(options.compress));
      client.compress(false).emit("a");
      client.compress(true).emit("b");
      client.emit("c");
    }));
});
