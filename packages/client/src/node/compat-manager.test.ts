// Managers: their members, the order of their events, how long they wait, as with Socket.IO's client.

import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type Anything,
  both,
  MANAGER_EVENTS,
  plain,
  SOCKET_EVENTS,
  same,
  tick,
} from "../../testing/both-clients.ts";
import { next, startServer } from "../../testing/socket-io-server.ts";

const NOBODY = "http://127.0.0.1:9";
const SETTINGS = [
  "reconnection",
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "timeout",
];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Makes timers of a second and more fire at once, and notes how long they would have taken. */
function hurry(note: (ms: number) => void): void {
  const real = setTimeout;
  const hurried = (callback: () => void, ms = 0, ...args: []): unknown => {
    // Neither the time that a connection may take nor timers of other parts.
    if (ms < 100 || ms >= 20_000) return real(callback, ms, ...args);
    note(ms);
    return real(callback, 0, ...args);
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(hurried as typeof setTimeout);
}

describe("members", () => {
  test("settings have their defaults, are set by the same methods, and return the manager", () =>
    same(async ({ connect, note }) => {
      const manager = connect({
        autoConnect: false,
        reconnectionDelay: undefined,
        randomizationFactor: undefined,
      }).io;
      note(SETTINGS.map((name) => manager[name]()));
      for (const name of SETTINGS) {
        const value = name === "reconnection" ? false : 7;
        note(name, manager[name](value) === manager, manager[name]());
      }
    }));

  test.each([
    { reconnection: false },
    { reconnectionAttempts: 0 },
    { reconnectionAttempts: 3 },
    { reconnectionDelay: 0 },
    { reconnectionDelayMax: 0 },
    { randomizationFactor: 0 },
    { timeout: false },
    { timeout: 0 },
    { timeout: 5 },
  ])("the option %o as the manager reads it", (option) =>
    same(async ({ connect, note }) => {
      const manager = connect({
        autoConnect: false,
        reconnectionDelay: undefined,
        randomizationFactor: undefined,
        ...option,
      }).io;
      note(SETTINGS.map((name) => manager[name]()));
    }),
  );

  test("opts are those given, with the path filled in", () =>
    same(async ({ lib, note }) => {
      for (const given of [{}, { path: "/other" }, { path: "/slash/" }, { query: { a: 1 } }]) {
        const manager = new lib.Manager("http://example.com", { autoConnect: false, ...given });
        const { path, query, autoConnect, reconnection } = { query: {}, ...manager.opts };
        note(path, query, autoConnect, reconnection === false);
      }
    }));

  test("the state is closed, opening, open", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      note(client.io._readyState, typeof client.io.engine);
      client.connect();
      note(client.io._readyState, typeof client.io.engine, client.io.engine.readyState);
      await next(client, "connect");
      note(client.io._readyState, client.io.engine.readyState);
      client.disconnect();
      note(client.io._readyState, client.io.engine.readyState);
    }));

  test("a manager alone: options without an address, an address without options", () =>
    same(async ({ lib, server, note }) => {
      const { port } = server;
      const one = new lib.Manager(server.url);
      const two = new lib.Manager({ hostname: "127.0.0.1", port });
      await Promise.all([next(one, "open"), next(two, "open")]);
      const socket = one.socket("/");
      await next(socket, "connect");
      note(socket.connected, two._readyState);
      for (const manager of [one, two]) {
        manager.reconnection(false);
        manager.engine.close();
      }
    }));

  test("a manager that does not connect at once, and the sockets it makes", () =>
    same(async ({ lib, server, note }) => {
      const manager = new lib.Manager(server.url, { autoConnect: false });
      const socket = manager.socket("/");
      note(socket.active, manager._readyState);
      socket.connect();
      note(socket.active, manager._readyState);
      await next(socket, "connect");
      note(manager.socket("/later").active);
      socket.disconnect();
    }));

  test("socket takes auth for its namespace", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/admin");
      const client = connect();
      const arriving = next(server.io.of("/admin"), "connection");
      client.io.socket("/admin", { auth: { token: "secret" } });
      const [socket] = await arriving;
      note(socket.handshake.auth);
    }));
});

describe("open", () => {
  test("calls back once there is a connection; connect is the same", () =>
    same(async ({ lib, server, note, record }) => {
      for (const method of ["open", "connect"]) {
        const manager = new lib.Manager(server.url, { autoConnect: false });
        record(manager, ...MANAGER_EVENTS);
        await new Promise<void>((resolve) => {
          const returned = manager[method]((error: unknown) => {
            note(method, plain(error));
            resolve();
          });
          note(returned === manager);
        });
        manager.engine.close();
        manager.reconnection(false);
        await tick();
      }
    }));

  test("calls back with the error, and does not try again", () =>
    same(async ({ lib, note, record }) => {
      const manager = new lib.Manager(NOBODY, {
        autoConnect: false,
        reconnectionDelay: 1,
        transports: ["websocket"],
      });
      record(manager, ...MANAGER_EVENTS);
      const error = await new Promise((resolve) => manager.open(resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));
      note(plain(error), manager._readyState);
    }));

  test("of a manager that is open or opening changes nothing", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect();
      record(client.io, ...MANAGER_EVENTS);
      const { engine } = client.io;
      client.io.open();
      await next(client, "connect");
      client.io.open();
      note(client.io.engine === engine, server.io.engine.clientsCount);
    }));
});

describe("reconnecting", () => {
  test("order of events with two attempts that fail", () =>
    same(async ({ connect, record, note }) => {
      const client = connect({ reconnectionAttempts: 2, transports: ["websocket"] }, NOBODY);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_failed");
      await tick();
      note(client.active, client.connected, client.io._readyState);
    }));

  test("order of events with an attempt that succeeds", () =>
    same(async ({ connect, server, record, note }) => {
      const client = connect({ transports: ["websocket"] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, "connect");
      record(client.io, "open", "reconnect", "reconnect_attempt", "reconnect_error");
      client.on("disconnect", (reason: string) => note("disconnect", reason));
      client.io.on("close", (reason: string) => note("close", reason));
      const again = next(client, "connect");
      socket.conn.close();
      await again;
      await tick();
    }));

  test("several sockets lose and regain one connection", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect({ transports: ["websocket"] });
      const two = client.io.socket("/two");
      await Promise.all([next(client, "connect"), next(two, "connect")]);
      for (const socket of [client, two]) {
        socket.on("disconnect", (reason: string) => note(socket.nsp, reason));
        socket.on("connect", () => note(socket.nsp, "connect"));
      }
      const again = Promise.all([next(client, "connect"), next(two, "connect")]);
      client.io.engine.close();
      await again;
      note(server.io.engine.clientsCount);
    }));

  test("the first connection is tried again as well", () =>
    same(async ({ connect, note }) => {
      const { port } = await (async () => {
        await using free = await startServer();
        return free;
      })();
      const client = connect({ transports: ["websocket"] }, `http://127.0.0.1:${port}`);
      await next(client, "connect_error");
      await using server = await startServer({}, port);
      const [attempt] = await next(client.io, "reconnect");
      note(attempt > 0, server.port === port);
      if (!client.connected) await next(client, "connect");
      client.disconnect();
    }));

  test("is not done after a refusal, or when switched off", () =>
    same(async ({ connect, record, note }) => {
      const client = connect({ reconnection: false, transports: ["websocket"] }, NOBODY);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "error");
      await new Promise((resolve) => setTimeout(resolve, 30));
      note(client.active, client.io._readyState);
    }));

  test("ends when a listener switches it off", () =>
    same(async ({ connect, record }) => {
      const client = connect({ transports: ["websocket"] }, NOBODY);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_attempt");
      client.io.reconnection(false);
      await next(client.io, "reconnect_error");
      await new Promise((resolve) => setTimeout(resolve, 30));
    }));

  test("ends when the socket is disconnected in an attempt", () =>
    same(async ({ connect, record }) => {
      const client = connect({ transports: ["websocket"] }, NOBODY);
      record(client, ...SOCKET_EVENTS);
      client.io.on("reconnect_attempt", () => client.disconnect());
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_attempt");
      await new Promise((resolve) => setTimeout(resolve, 40));
    }));

  test("goes on by hand after the attempts are used up", () =>
    same(async ({ connect, record, note }) => {
      const client = connect({ reconnectionAttempts: 1, transports: ["websocket"] }, NOBODY);
      await next(client.io, "reconnect_failed");
      await tick();
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.connect();
      note(client.io._readyState, client.active);
      await next(client.io, "reconnect_failed");
      await tick();
    }));

  test("reads opts anew for each attempt", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ query: { token: "old" }, transports: ["websocket"] });
      const [first] = await next(server.io, "connection");
      client.io.opts.query.token = "new";
      client.io.opts.transports = ["polling"];
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      note(second.handshake.query.token, second.handshake.query.transport);
    }));

  test("the first connect takes as long as timeout says, and so do the attempts", () =>
    same(async ({ connect, note, record }) => {
      const { createServer } = await import("node:net");
      const silent = createServer();
      await new Promise<void>((resolve) => {
        silent.listen(0, "127.0.0.1", resolve);
      });
      const { port } = silent.address() as { port: number };
      const client = connect({ timeout: 15, reconnectionAttempts: 1 }, `http://127.0.0.1:${port}`);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_failed");
      await tick();
      note(client.io._readyState);
      silent.close();
    }));
});

test("sockets hear of the manager's events before its listeners, with Socket.IO in the order of adding", async () => {
  const { theirs, ours } = await both(async ({ lib, server, note }) => {
    const manager = new lib.Manager(server.url, { autoConnect: false, reconnection: false });
    manager.on("close", () => note("manager"));
    const socket = manager.socket("/");
    socket.on("disconnect", () => note("socket"));
    socket.connect();
    await next(socket, "connect");
    manager.engine.close();
    await tick();
  });
  expect(theirs).toEqual(["manager", "socket"]);
  expect(ours).toEqual(["socket", "manager"]);
});

describe("waits before attempts", () => {
  const waits = async (connect: Anything, options: object): Promise<void> => {
    const client = connect(
      {
        reconnectionDelay: undefined,
        reconnectionAttempts: 7,
        transports: ["websocket"],
        ...options,
      },
      NOBODY,
    );
    await next(client.io, "reconnect_failed");
  };

  test.each([
    { randomizationFactor: 0 },
    { randomizationFactor: 0, reconnectionDelay: 300, reconnectionDelayMax: 1000 },
    { randomizationFactor: 0, reconnectionDelay: 0, reconnectionDelayMax: 0 },
    { randomizationFactor: 0, reconnectionDelay: 9000 },
  ])("double up to the limit: %o", (options) =>
    same(async ({ connect, note }) => {
      hurry(note);
      await waits(connect, options);
      vi.restoreAllMocks();
    }),
  );

  test.each([0, 0.05, 0.15, 0.33, 0.5, 0.61, 0.78, 0.99])(
    "vary with the random number %d, within the same bounds; only ours also at the limit",
    async (value) => {
      const { theirs, ours } = await both(async ({ connect, note }) => {
        vi.spyOn(Math, "random").mockReturnValue(value);
        hurry(note);
        await waits(connect, { randomizationFactor: undefined });
        vi.restoreAllMocks();
      });
      const bounds = [1000, 2000, 4000].map((wait) => [wait / 2, Math.min(wait * 1.5, 5000)]);
      for (const [at, [least, most]] of bounds.entries()) {
        for (const wait of [theirs[at], ours[at]] as number[]) {
          expect(wait).toBeGreaterThanOrEqual(least as number);
          expect(wait).toBeLessThanOrEqual(most as number);
        }
      }
      // Sixteen seconds and more: theirs is the limit whatever the number, ours is spread below it.
      expect(new Set(theirs.slice(4))).toEqual(new Set([5000]));
      expect(new Set(ours.slice(4))).toEqual(new Set([2500 + Math.floor(value * 2500)]));
    },
  );

  test("begin anew after a connection", () =>
    same(async ({ connect, server, note }) => {
      hurry(note);
      const client = connect({ reconnectionDelay: 500, transports: ["websocket"] });
      for (let round = 0; round < 3; round++) {
        const [socket] = await next(server.io, "connection");
        if (!client.connected) await next(client, "connect");
        socket.conn.close();
      }
      await next(client, "connect");
      vi.restoreAllMocks();
    }));
});
