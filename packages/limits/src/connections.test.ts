// Limits of connections, handshakes, namespaces and rooms over real connections.

import type { Socket } from "@sockeye/node";
import { describe, expect, test } from "vitest";
import { first, limited, OURS, PAIRS, refusal } from "../test/pairs.ts";

const over = (limit: string, value: number) => ({
  data: { code: "LIMIT_REACHED", message: `limit ${limit} of ${value} reached`, limit, value },
});

/** Waits until the server knows that something has ended. */
async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(PAIRS)("%s", (_, pair) => {
  test.each(["websocket", "polling"])(
    "connections.byAddress: one more is told why it cannot stay, over %s, and gets in when another has left",
    async (transport) => {
      const { connect, hits, limits } = await limited(pair, { connections: { byAddress: 2 } });
      const options = { transports: [transport as "polling"] };
      const [ada, bob] = [connect(options), connect(options)];
      expect(await Promise.all([ada, bob].map(refusal))).toEqual([undefined, undefined]);
      expect(await refusal(connect(options))).toMatchObject(over("connections.byAddress", 2));
      expect(hits).toMatchObject([{ limit: "connections.byAddress", address: "127.0.0.1" }]);
      ada.disconnect();
      await until(() => limits.connections === 1);
      expect(await refusal(connect(options))).toBe(undefined);
    },
  );

  test("connections.total, with the policy of its own", async () => {
    const { connect, hits } = await limited(pair, {
      connections: { total: { max: 1, policy: "close" } },
    });
    expect(await refusal(connect())).toBe(undefined);
    const error = await refusal(connect());
    // Refused at the door, before there is a connection that could be told.
    expect(error).toBeDefined();
    expect(error?.data).toBe(undefined);
    expect(hits).toMatchObject([{ limit: "connections.total", value: 1, policy: "close" }]);
  });

  test("who is told why it cannot stay, and stays, is disconnected after two seconds", async () => {
    const { clock, connect, limits } = await limited(pair, { connections: { total: 0 } });
    // It keeps the connection open, because it waits for another namespace.
    const ada = connect();
    const { io: manager } = ada;
    manager.socket("/other");
    expect(await refusal(ada)).toMatchObject(over("connections.total", 0));
    clock.pass(2000);
    await until(() => limits.connections === 0);
  });

  test("connections that are only told are limited, too: further ones are refused at the door", async () => {
    const { clock, connect, hits, limits } = await limited(
      pair,
      { connections: { total: 0 } },
      // Whose admission hangs stays.
      { prepare: (io) => io.use(() => {}) },
    );
    const kept = Array.from({ length: 100 }, () => connect());
    await until(() => limits.connections === 100);
    const error = await refusal(connect());
    expect(error?.data).toBe(undefined);
    expect(hits).toHaveLength(101);
    expect(limits.connections).toBe(100);
    clock.pass(2000);
    await until(() => limits.connections === 0);
    expect(kept).toHaveLength(100);
  });

  test("handshakes: a burst passes, what is beyond is told when trying again may help", async () => {
    const { clock, connect } = await limited(pair, { handshakes: { rate: 0.5, burst: 2 } });
    expect(await refusal(connect())).toBe(undefined);
    expect(await refusal(connect())).toBe(undefined);
    const { data } = (await refusal(connect())) ?? {};
    expect(data).toEqual({ ...over("handshakes", 0.5).data, retryAfter: 2000 });
    clock.pass(2000);
    expect(await refusal(connect())).toBe(undefined);
  });

  test("handshakes: polls and upgrades of an open session are none", async () => {
    const { connect } = await limited(pair, { handshakes: { rate: 1, policy: "close" } });
    const ada = connect({ transports: ["polling", "websocket"] });
    expect(await refusal(ada)).toBe(undefined);
    for (const value of [1, 2, 3]) expect(await ada.emitWithAck("echo", value)).toBe(value);
    await until(() => ada.io.engine.transport.name === "websocket");
    expect(await ada.emitWithAck("echo", 4)).toBe(4);
  });

  test("namespaces: of one connection, of patterns too, and one that was left makes room", async () => {
    const { connect, io, limits } = await limited(pair, { namespaces: 2 });
    io.of(/^\/doc-\d+$/);
    const ada = connect({ forceNew: false });
    expect(await refusal(ada)).toBe(undefined);
    const { io: manager } = ada;
    const [one, two] = [manager.socket("/doc-1"), manager.socket("/doc-2")];
    const [first, second] = await Promise.all([refusal(one), refusal(two)]);
    expect(first).toBe(undefined);
    expect(second).toMatchObject(over("namespaces", 2));
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    one.disconnect();
    await until(() => io.of("/doc-1").sockets.size === 0);
    two.connect();
    expect(await refusal(two)).toBe(undefined);
    expect(limits.connections).toBe(1);
  });

  test("rooms: of all sockets of a connection; who awaits the join learns why, and the socket's own does not count", async () => {
    const { connect, io } = await limited(pair, { rooms: 3 });
    io.of("/other");
    const joined: Socket[] = [];
    io.on("connection", (socket) => joined.push(socket));
    io.of("/other").on("connection", (socket) => joined.push(socket));
    const ada = connect({ forceNew: false });
    await refusal(ada);
    const other = ada.io.socket("/other");
    await refusal(other);
    const [main, second] = joined as [Socket, Socket];
    await main.join(["a", "b"]);
    await main.join("a");
    await second.join("c");
    await expect(Promise.resolve(second.join("d"))).rejects.toMatchObject(over("rooms", 3));
    // Not awaited: no unhandled rejection.
    void main.join("e");
    expect([...main.rooms]).toEqual([main.id, "a", "b"]);
    await main.leave("b");
    await second.join("d");
    expect([...second.rooms]).toEqual([second.id, "c", "d"]);
  });

  test("unauthenticated: a connection of which no socket has a user in time is told, and closed", async () => {
    const { clock, connect, hits, io } = await limited(pair, {
      unauthenticated: { timeout: 5000 },
    });
    io.use((socket, next) => {
      if (socket.handshake.auth["user"] !== undefined) {
        socket.data.user = { id: socket.handshake.auth["user"] };
      }
      next();
    });
    const [ada, eve] = [connect({ auth: { user: "ada" } }), connect()];
    await Promise.all([ada, eve].map(refusal));
    const [told, ended] = [first(eve, "limits:closed"), first(eve, "disconnect")];
    clock.pass(4999);
    expect(hits).toEqual([]);
    clock.pass(1);
    expect(await told).toMatchObject({ limit: "unauthenticated", value: 5000 });
    await ended;
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
    expect(hits).toHaveLength(1);
  });

  test("unauthenticated: who has authenticated on an open connection stays; one without a socket goes", async () => {
    const { clock, connect, io, limits } = await limited(pair, {
      unauthenticated: {
        timeout: 5000,
        isAuthenticated: (socket: Socket) => socket.data.token === "valid",
      },
    });
    io.on("connection", (socket) => {
      socket.on("login", (token, answer) => {
        socket.data.token = token;
        answer();
      });
    });
    const ada = connect();
    await refusal(ada);
    await ada.emitWithAck("login", "valid");
    const nobody = connect({}, "/nowhere");
    await refusal(nobody);
    clock.pass(5000);
    await until(() => limits.connections === 1);
    expect(await ada.emitWithAck("echo", 1)).toBe(1);
  });
});

test("a session that is recovered without middleware is limited, too", async () => {
  const { connect, io } = await limited(
    OURS,
    { events: { bySocket: { rate: 1 } }, handshakes: { rate: 1 } },
    { connectionStateRecovery: {} },
  );
  const ada = connect({ reconnection: true });
  await refusal(ada);
  const got = first(ada, "news");
  io.emit("news");
  await got;
  const told = first(ada, "limits:closed");
  ada.io.engine.close();
  expect(await told).toMatchObject({ limit: "handshakes" });
});

test("a server has limits once, and wrong options are refused", async () => {
  const { io } = await limited(OURS, {});
  const { limits } = await import("./limits.ts");
  const wrong: Parameters<typeof limits>[1][] = [
    {},
    { policy: "ignore" as "warn" },
    { events: { bySocket: {} } },
    { events: { bySocket: { rate: 0 } } },
    { connections: { total: -1 } },
    { trustProxy: ["10.0.0.0/99"] },
    { trustProxy: -1 },
    { ipv6Bits: 0 },
    { handshakes: { limiter: {} as never } },
    { unauthenticated: { timeout: 0 } },
  ];
  for (const options of wrong) {
    expect(() => limits(io, options)).toThrow(
      expect.objectContaining({ code: "ERR_LIMITS_OPTIONS" }),
    );
  }
});
