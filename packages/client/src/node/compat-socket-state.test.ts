// What a socket says of itself, before, during and after connections: the same as Socket.IO's client says.

import { describe, test } from "vitest";
import {
  type Anything,
  MANAGER_EVENTS,
  plain,
  SOCKET_EVENTS,
  same,
  tick,
} from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

/** The public state, with the id as whether there is one. */
const state = (socket: Anything): unknown[] => [
  typeof socket.id,
  socket.connected,
  socket.disconnected,
  socket.active,
  Boolean(socket.recovered),
  socket.nsp,
  socket.receiveBuffer.length,
  socket.sendBuffer.length,
  socket.io._readyState,
];

describe("state", () => {
  test("of a socket before, while and after it is connected", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ autoConnect: false });
      note("made", ...state(client));
      client.connect();
      note("opening", ...state(client));
      client.io.once("open", () => note("open", ...state(client)));
      client.once("connect", () => note("connect", ...state(client)));
      client.once("disconnect", () => note("disconnect", ...state(client)));
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      note("the server's id", socket.id === client.id);
      client.disconnect();
      note("left", ...state(client));
      client.connect();
      note("again", ...state(client));
      await next(client, "connect");
      note("connected again", ...state(client), client.id === socket.id);
    }));

  test("of a socket whose connection is lost, until it has reconnected", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      client.once("disconnect", () => note("disconnect", ...state(client)));
      client.io.once("reconnect_attempt", () => note("attempt", ...state(client)));
      client.io.once("reconnect", () => note("reconnect", ...state(client)));
      const again = next(client, "connect");
      socket.conn.close();
      await again;
      note("connected", ...state(client), client.id === socket.id);
    }));

  test("of a socket that the server has put out", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect({ transports: ["websocket"] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      client.once("disconnect", () => note(...state(client)));
      const gone = next(client, "disconnect");
      socket.disconnect();
      await gone;
      await tick();
      note(...state(client));
    }));

  test("connect and open, disconnect and close return the socket; a second call changes nothing", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect({ autoConnect: false });
      record(client, ...SOCKET_EVENTS);
      let arrived = 0;
      server.io.on("connection", () => arrived++);
      note(client.connect() === client, client.open() === client, client.connect() === client);
      await next(client, "connect");
      note(client.connect() === client, arrived);
      note(client.disconnect() === client, client.close() === client);
      await tick();
    }));

  test("the id is that of the server, and gone when disconnect is raised", () =>
    same(async ({ connect, server, note }) => {
      const client = connect();
      client.on("disconnect", () => note("in disconnect", client.id));
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      note(client.id === socket.id, client.id.length, client.id === client.io.engine.id);
      client.disconnect();
      note(client.id);
    }));

  test("sockets of two namespaces have ids of their own", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect();
      const two = client.io.socket("/two");
      await Promise.all([next(client, "connect"), next(two, "connect")]);
      note(client.id === two.id, client.nsp, two.nsp, client.io === two.io);
    }));

  test("recovered is true after a connection that was taken up", () =>
    same(
      async ({ connect, server, note }) => {
        const client = connect({ transports: ["websocket"] });
        const [socket] = await next(server.io, "connection");
        if (!client.connected) await next(client, "connect");
        const id = client.id;
        note(client.recovered);
        const first = next(client, "x");
        socket.emit("x", 1);
        note((await first)[0]);
        const missed = next(client, "missed");
        const again = next(client, "connect");
        client.io.engine.close();
        server.io.emit("missed", "while away");
        note((await missed)[0]);
        await again;
        note(client.recovered, client.id === id);
      },
      { connectionStateRecovery: { maxDisconnectionDuration: 10_000 } },
    ));

  test("auth as an object, read anew for each connection", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ auth: { token: "a" }, transports: ["websocket"] });
      const [first] = await next(server.io, "connection");
      note(client.auth, first.handshake.auth);
      client.auth = { token: "b" };
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      note(second.handshake.auth);
    }));

  test("auth as a function that answers later", () =>
    same(async ({ connect, server, note }) => {
      let calls = 0;
      const auth = (hand: (data: object) => void): void => {
        note("asked", ++calls);
        setTimeout(() => hand({ calls }), 5);
      };
      const client = connect({ auth, transports: ["websocket"] });
      const [first] = await next(server.io, "connection");
      note(first.handshake.auth, client.auth === auth);
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      note(second.handshake.auth);
    }));

  test("two calls of a manager's socket give one socket", () =>
    same(async ({ connect, note }) => {
      const client = connect({ autoConnect: false });
      const { io } = client;
      const other = io.socket("/x");
      note(
        other === io.socket("/x"),
        io.socket("/") === client,
        io.socket("/x").nsp,
        io.socket("/x").active,
      );
    }));

  test("a manager's socket joins again when it is asked for again", () =>
    same(async ({ connect, note }) => {
      const client = connect();
      await next(client, "connect");
      client.disconnect();
      note(client.active, client.io._readyState);
      const again = next(client, "connect");
      note(client.io.socket("/") === client, client.active);
      await again;
      note(client.connected);
    }));
});

describe("joining", () => {
  test("a connection that is lost before the namespace has answered raises disconnect", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.use(() => {});
      const client = connect({ transports: ["websocket"], reconnection: false });
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "open");
      const gone = next(client, "disconnect");
      client.io.engine.close();
      await gone;
      note(...state(client));
    }));

  test("events before the answer are kept, and delivered before connect is raised", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.use((socket, done) => {
        socket.emit("early", 1);
        setTimeout(done, 5);
      });
      const client = connect({ transports: ["websocket"] });
      record(client, ...SOCKET_EVENTS, "early");
      client.io.on("packet", (packet: Anything) => {
        note(packet.type, typeof packet.data, client.receiveBuffer.length);
      });
      await next(client, "connect");
      await tick();
      note(client.receiveBuffer.length);
    }));

  test("a namespace that does not exist", () =>
    same(async ({ connect, note, record }) => {
      const client = connect({}, "/nowhere");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client, "connect_error");
      await tick();
      note(...state(client));
    }));

  test("a refusal carries its message and data; the socket is inactive, and not tried again", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.use((_socket, done) => {
        done(Object.assign(new Error("not you"), { data: { code: 7, list: [1, null] } }));
      });
      const client = connect();
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.on("connect_error", (error: Anything) => {
        note(error instanceof Error, error.message, error.data, ...state(client));
      });
      await next(client, "connect_error");
      await tick();
      note(...state(client));
    }));

  test("a refusal without data", () =>
    same(async ({ connect, server, note }) => {
      server.io.use((_socket, done) => done(new Error("no")));
      const client = connect();
      const [error] = await next(client, "connect_error");
      note(plain(error), error.data, Object.keys(error));
    }));

  test("a refusal of one namespace leaves the other connected", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/closed").use((_socket, done) => done(new Error("no")));
      const client = connect();
      const closed = client.io.socket("/closed");
      await Promise.all([next(client, "connect"), next(closed, "connect_error")]);
      await tick();
      note(client.connected, closed.active, client.io._readyState);
    }));

  test("after a refusal, connect tries again with other credentials", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.use((socket, done) => {
        done(socket.handshake.auth.token === "good" ? undefined : new Error("no"));
      });
      const client = connect({ auth: { token: "bad" } });
      record(client, ...SOCKET_EVENTS);
      await next(client, "connect_error");
      client.auth.token = "good";
      client.connect();
      await next(client, "connect");
      note(client.connected);
    }));
});

test("disconnect while the connection opens, then connect: one socket, no disconnect event", () =>
  same(async ({ connect, server, note, record }) => {
    const client = connect({ transports: ["websocket"] });
    record(client, ...SOCKET_EVENTS);
    client.disconnect();
    client.connect();
    await next(client, "connect");
    note(server.io.of("/").sockets.size);
  }));

test("disconnecting twice", () =>
  same(async ({ connect, record }) => {
    const client = connect();
    await next(client, "connect");
    record(client, ...SOCKET_EVENTS);
    record(client.io, ...MANAGER_EVENTS);
    client.disconnect().disconnect();
    await tick();
  }));
