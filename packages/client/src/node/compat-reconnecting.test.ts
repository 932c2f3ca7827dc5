// Sockets that come and go over one manager: who reconnects and who does not, as with Socket.IO's client.

import { type AddressInfo, createServer } from "node:net";
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

const NOBODY = "http://127.0.0.1:9";
const WEB_SOCKET = { transports: ["websocket"] };
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a socket", () => {
  test("reconnects by default when its engine is closed", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const again = next(client.io, "reconnect");
      client.io.engine.close();
      note(await again);
    }));

  test("reconnects by hand in the disconnect listener", () =>
    same(async ({ connect, note, record }) => {
      const client = connect({ ...WEB_SOCKET, reconnection: false });
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.once("disconnect", () => client.connect());
      const again = next(client, "connect");
      client.disconnect();
      await again;
      note(client.connected);
    }));

  test("that reconnected by hand reconnects by itself after that", () =>
    same(async ({ connect, note }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      client.once("disconnect", () => client.connect());
      client.disconnect();
      await next(client, "connect");
      const again = next(client.io, "reconnect");
      client.io.engine.close();
      note(await again);
    }));

  test("that the server puts out and that connects in the listener joins again", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect(WEB_SOCKET);
      const [first] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.on("disconnect", (reason: string) => {
        if (reason === "io server disconnect") client.connect();
      });
      const again = next(server.io, "connection");
      first.disconnect();
      await again;
      if (!client.connected) await next(client, "connect");
      note(client.connected);
    }));

  test("that leaves in its connect listener", () =>
    same(async ({ connect, note, record }) => {
      const client = connect(WEB_SOCKET);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.once("connect", () => client.disconnect());
      await next(client, "disconnect");
      await tick();
      note(client.active, client.io._readyState);
    }));

  test("that leaves in its connect_error listener is not tried again", () =>
    same(async ({ connect, note, record }) => {
      const client = connect(WEB_SOCKET, NOBODY);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      client.on("connect_error", () => client.disconnect());
      await next(client.io, "error");
      await wait(40);
      note(client.active, client.io._readyState);
    }));

  test("that connects in its connect_error listener", () =>
    same(async ({ connect, note }) => {
      const client = connect({ ...WEB_SOCKET, reconnection: false }, NOBODY);
      let errors = 0;
      const done = new Promise<void>((resolve) => {
        client.on("connect_error", () => {
          if (++errors === 3) resolve();
          else client.connect();
        });
      });
      await done;
      note(errors, client.active);
    }));

  test("emits in its disconnect listener: kept for the next connection", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(WEB_SOCKET);
      const [first] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      client.once("disconnect", () => client.emit("from disconnect", 1));
      const again = next(server.io, "connection");
      first.conn.close();
      const [second] = await again;
      note(await next(second, "from disconnect"));
    }));

  test("the middleware lets in once refuses it when it comes back", () =>
    same(async ({ connect, server, note, record }) => {
      let visits = 0;
      server.io.use((_socket, done) => done(visits++ ? new Error("only once") : undefined));
      const client = connect(WEB_SOCKET);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, "connect", "connect_error");
      record(client.io, ...MANAGER_EVENTS);
      client.io.off("close");
      const refused = next(client, "connect_error");
      socket.conn.close();
      await refused;
      await tick();
      note(client.active, client.io._readyState);
    }));
});

describe("a socket that is told to leave at odd moments", () => {
  test("in the listener of an event that was kept until it joined", () =>
    same(async ({ connect, server, note, record }) => {
      server.io.use((socket, done) => {
        socket.emit("x", 1);
        socket.emit("y", 2);
        setTimeout(done, 5);
      });
      const client = connect({ ...WEB_SOCKET, reconnection: false });
      record(client, ...SOCKET_EVENTS, "x", "y");
      record(client.io, ...MANAGER_EVENTS);
      client.emit("kept");
      client.on("x", () => client.disconnect());
      await next(client, "disconnect");
      await wait(30);
      note(client.connected, client.active, client.io._readyState, client.sendBuffer.length);
    }));

  test("in the callback of an acknowledgement", () =>
    same(async ({ connect, server, record }) => {
      server.io.on("connection", (socket) => {
        socket.on("ask", (answer) => {
          answer(1);
          socket.emit("after");
        });
      });
      const client = connect({ ...WEB_SOCKET, reconnection: false });
      record(client, ...SOCKET_EVENTS, "after");
      client.emit("ask", () => client.disconnect());
      await next(client, "disconnect");
      await wait(30);
    }));

  test("by a server that puts everybody out, with and without the connections", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      for (const isClosing of [false, true]) {
        const gone = next(client, "disconnect");
        server.io.disconnectSockets(isClosing);
        await gone;
        await wait(20);
        note(client.active, client.io._readyState);
        client.connect();
        await next(client, "connect");
      }
    }));

  test("by a timeout of zero, at every attempt", () =>
    same(async ({ connect, record }) => {
      // Takes connections and says nothing: a server that answers might win the race.
      const silent = createServer();
      await new Promise<void>((resolve) => {
        silent.listen(0, "127.0.0.1", resolve);
      });
      const { port } = silent.address() as AddressInfo;
      const client = connect({ timeout: 0, reconnectionAttempts: 2 }, `http://127.0.0.1:${port}`);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_failed");
      await wait(40);
      silent.close();
    }));
});

describe("several sockets", () => {
  test("each hear of a connection that does not come about", () =>
    same(async ({ connect, note, record }) => {
      const client = connect({ ...WEB_SOCKET, reconnectionAttempts: 1 }, NOBODY);
      const two = client.io.socket("/two");
      two.on("connect_error", (error: Error) => note("/two", plain(error)));
      client.on("connect_error", (error: Error) => note("/", plain(error)));
      record(client.io, ...MANAGER_EVENTS);
      await next(client.io, "reconnect_failed");
      await tick();
      note(client.active, two.active);
    }));

  test("one leaves while the connection is away, the other comes back", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect(WEB_SOCKET);
      const two = client.io.socket("/two");
      await Promise.all([next(client, "connect"), next(two, "connect")]);
      client.io.once("reconnect_attempt", () => client.disconnect());
      const again = next(two, "connect");
      client.io.engine.close();
      await again;
      await tick();
      note(client.connected, client.active, two.connected);
    }));

  test("one connects while the other leaves: the connection stays", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect(WEB_SOCKET);
      await next(client, "connect");
      const { engine } = client.io;
      const two = client.io.socket("/two");
      client.disconnect();
      await next(two, "connect");
      note(client.io.engine === engine, engine.readyState, two.connected);
    }));

  test("all leave and one comes back: a new connection", () =>
    same(async ({ connect, server, note }) => {
      server.io.of("/two");
      const client = connect(WEB_SOCKET);
      const two = client.io.socket("/two");
      await Promise.all([next(client, "connect"), next(two, "connect")]);
      const { engine } = client.io;
      client.disconnect();
      two.disconnect();
      note(client.io._readyState, engine.readyState);
      two.connect();
      await next(two, "connect");
      note(client.io.engine === engine, client.connected, client.active);
    }));

  test("in the order in which they were connected they lose and regain the connection", () =>
    same(async ({ connect, server, note }) => {
      const names = ["/", "/c", "/a", "/b"];
      for (const name of names) server.io.of(name);
      const client = connect(WEB_SOCKET);
      const sockets = names.map((name) => (name === "/" ? client : client.io.socket(name)));
      await Promise.all(sockets.map((socket) => next(socket, "connect")));
      sockets[1].disconnect().connect();
      await next(sockets[1], "connect");
      for (const socket of sockets) {
        socket.on("connect", () => note("connect", socket.nsp));
        socket.on("disconnect", (reason: string) => note(reason, socket.nsp));
      }
      const again = Promise.all(sockets.map((socket) => next(socket, "connect")));
      client.io.engine.close();
      await again;
    }));
});

describe("what is sent on joining", () => {
  /** Notes the CONNECT packets that the server gets. */
  const joins = (server: Anything, note: (...line: unknown[]) => void): void => {
    server.io.engine.on("connection", (connection: Anything) => {
      connection.on("packet", ({ data }: Anything) => {
        if (typeof data === "string" && data.startsWith("0")) {
          note(data.replace(/"(pid|offset)":"[^"]*"/g, '"$1":…'));
        }
      });
    });
  };

  test.each([undefined, null, {}, { token: "x" }, { deep: [1, { two: null }] }])(
    "auth %o",
    (auth) =>
      same(async ({ connect, server, note }) => {
        server.io.of("/admin");
        joins(server, note);
        const client = connect({ ...WEB_SOCKET, auth });
        await next(client, "connect");
        const admin = client.io.socket("/admin", { auth: { admin: true } });
        await next(admin, "connect");
      }),
  );

  test("private id and offset, with the auth of then", () =>
    same(
      async ({ connect, server, note }) => {
        joins(server, note);
        const client = connect({ ...WEB_SOCKET, auth: { token: "a" } });
        const [socket] = await next(server.io, "connection");
        const heard = next(client, "x");
        socket.emit("x");
        await heard;
        client.auth = (hand: (data: object) => void) => hand({ token: "b" });
        const again = next(client, "connect");
        client.io.engine.close();
        await again;
      },
      { connectionStateRecovery: { maxDisconnectionDuration: 10_000 } },
    ));

  test("private id after a disconnect that was asked for", () =>
    same(
      async ({ connect, server, note }) => {
        joins(server, note);
        const client = connect(WEB_SOCKET);
        await next(client, "connect");
        client.disconnect();
        client.connect();
        await next(client, "connect");
        note(Boolean(client.recovered));
      },
      { connectionStateRecovery: { maxDisconnectionDuration: 10_000 } },
    ));
});
