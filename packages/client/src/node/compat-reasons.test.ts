// How connections fail and end: reasons, details, error texts and the order of events, as with Socket.IO's client.

import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "vitest";
import { WebSocketServer } from "ws";
import {
  type Anything,
  MANAGER_EVENTS,
  plain,
  SOCKET_EVENTS,
  same,
  tick,
} from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

const ONCE = { reconnection: false };

/** What a user can read of details: which members there are, and the texts among them. */
function described(details: Anything): unknown {
  if (details instanceof Error) {
    const { message, type, description, context } = details as Anything;
    return { message, type, description: typeof description, context: typeof context };
  }
  if (details === undefined) return undefined;
  // Ours says more than Socket.IO's.
  const keys = Object.keys(details).filter((name) => !name.startsWith("hint"));
  return { keys, description: details.description };
}

/** An HTTP server that is no Socket.IO server, for the length of a test. */
async function listening(
  answer: RequestListener,
): Promise<AsyncDisposable & { readonly http: HttpServer; readonly url: string }> {
  const http = createServer(answer);
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  return {
    http,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
    },
  };
}

const HANDSHAKE = { sid: "S", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000 };

/** A server that answers the handshake and CONNECT, and then never says anything. */
async function silentServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const session = JSON.stringify({ ...HANDSHAKE, pingInterval: 300, pingTimeout: 100 });
  let polls = 0;
  const server = await listening((request, response) => {
    if (request.method === "POST") response.end("ok");
    else if (++polls < 3) response.end(polls === 1 ? `0${session}` : '40{"sid":"s"}');
  });
  const webSockets = new WebSocketServer({ server: server.http });
  webSockets.on("connection", (socket) => {
    socket.send(`0${session}`);
    socket.once("message", () => socket.send('40{"sid":"s"}'));
  });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe.each(["polling", "websocket"])("a connection over %s ends", (transport) => {
  const options = { ...ONCE, transports: [transport] };

  test("io client disconnect", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect(options);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      record(client.io.engine, "close");
      const left = next(socket, "disconnect");
      client.disconnect();
      note("disconnected", client.io._readyState);
      note((await left)[0]);
      await tick();
    }));

  test("io server disconnect", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect({ transports: [transport] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      const gone = next(client, "disconnect");
      socket.disconnect();
      await gone;
      await tick();
      note(client.active, client.io._readyState);
    }));

  test("io server disconnect, with the connection", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect({ transports: [transport] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      const gone = next(client, "disconnect");
      socket.disconnect(true);
      await gone;
      await tick();
      note(client.active, client.io._readyState);
    }));

  test("transport close: the server closes the connection", () =>
    same(async ({ connect, server, note }) => {
      const client = connect(options);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      client.on("disconnect", (reason: string, details: unknown) => {
        note(reason, described(details));
      });
      client.io.on("close", (reason: string, details: unknown) => {
        note("close", reason, described(details));
      });
      const closed = next(client.io, "close");
      socket.conn.close();
      await closed;
      note(client.active, client.connected);
    }));

  test("ping timeout", () =>
    same(async ({ connect, note }) => {
      await using silent = await silentServer();
      const client = connect(options, silent.url);
      await next(client, "connect");
      note(await next(client, "disconnect"), client.active);
    }));

  test("forced close: the application closes the engine", () =>
    same(async ({ connect, note, record }) => {
      const client = connect(options);
      await next(client, "connect");
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      record(client.io.engine, "close");
      const gone = next(client, "disconnect");
      client.io.engine.close();
      await gone;
      await tick();
      note(client.active);
    }));

  test("parse error: a packet that cannot be read", () =>
    same(async ({ connect, server, note, record }) => {
      const client = connect({ transports: [transport] });
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client.io, "reconnect_attempt", "reconnect");
      client.on("disconnect", (reason: string, details: unknown) => {
        note(reason, details instanceof Error, client.active);
      });
      const again = next(client, "connect");
      socket.conn.write('2["unfinished');
      await again;
      await tick();
    }));

  test.each([
    "9",
    "",
    "x",
    '2{"not":"an array"}',
    "2[]",
    '2["connect"]',
    '4["text"]',
    "1[1]",
    "51-",
    '51-["x"]',
    '0"text"',
    "/admin",
    '2/admin,["x"]',
    '3["no id"]',
    "3[]",
    '39["nobody asked"]',
    '2["fine",1]',
  ])("a packet that reads %s", (packet) =>
    same(async ({ connect, server, note, record }) => {
      const client = connect(options);
      const [socket] = await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      record(client, "connect_error", "fine", "text");
      client.onAny((...args: unknown[]) => note("any", ...args));
      client.on("disconnect", (reason: string) => note(reason));
      const end = Promise.race([next(client, "end"), next(client, "disconnect")]);
      socket.conn.write(packet);
      socket.emit("end");
      await end;
      await tick();
      note(client.connected, client.active);
    }),
  );
});

describe("connections that do not come about", () => {
  const TRANSPORTS = [["polling"], ["websocket"]];

  test.each(TRANSPORTS)("nobody listens: %s", (transport) =>
    same(async ({ connect, note, record }) => {
      const client = connect({ ...ONCE, transports: [transport] }, "http://127.0.0.1:9");
      client.on("connect_error", (error: Error) => note(described(error)));
      record(client, "disconnect");
      record(client.io, ...MANAGER_EVENTS);
      await next(client, "connect_error");
      await tick();
      note(client.active, client.io._readyState);
    }),
  );

  test.each(TRANSPORTS)("a server of another kind answers 404: %s", (transport) =>
    same(async ({ connect, note }) => {
      await using other = await listening((_request, response) => {
        response.writeHead(404).end("not here");
      });
      const client = connect({ ...ONCE, transports: [transport] }, other.url);
      const [error] = await next(client, "connect_error");
      note(described(error));
      if (transport === "polling") note(error.description);
    }),
  );

  test("the answer is no handshake", () =>
    same(async ({ connect, note, record }) => {
      await using other = await listening((_request, response) => response.end("<html>"));
      const client = connect({ ...ONCE, transports: ["polling"] }, other.url);
      record(client, ...SOCKET_EVENTS);
      const [error] = await next(client, "connect_error");
      note(plain(error), error.code);
    }));

  test("nobody answers in time", () =>
    same(async ({ connect, note, record }) => {
      await using other = await listening(() => {});
      const client = connect({ ...ONCE, transports: ["polling"], timeout: 20 }, other.url);
      record(client, ...SOCKET_EVENTS);
      record(client.io, ...MANAGER_EVENTS);
      await next(client, "connect_error");
      await tick();
      note(client.active, client.io._readyState);
    }));

  test("the server takes no such transport", () =>
    same(
      async ({ connect, note }) => {
        const client = connect({ ...ONCE, transports: ["polling"] });
        const [error] = await next(client, "connect_error");
        note(described(error), error.description);
      },
      { transports: ["websocket"] },
    ));

  test("the path is another one", () =>
    same(async ({ connect, note }) => {
      const client = connect({ ...ONCE, path: "/elsewhere", transports: ["websocket"] });
      const [error] = await next(client, "connect_error");
      note(described(error));
    }));

  test("the server forbids it", () =>
    same(
      async ({ connect, note }) => {
        const client = connect({ ...ONCE, transports: ["polling"] });
        const [error] = await next(client, "connect_error");
        note(described(error), error.description);
      },
      { allowRequest: (_request, answer) => answer("go away", false) },
    ));

  test("a server of Socket.IO 2 answers CONNECT without an id", () =>
    same(async ({ connect, note }) => {
      const old = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      await next(old, "listening");
      old.on("connection", (socket) => {
        socket.send(`0${JSON.stringify(HANDSHAKE)}`);
        socket.send("40");
      });
      const { port } = old.address() as AddressInfo;
      const client = connect({ ...ONCE, transports: ["websocket"] }, `http://127.0.0.1:${port}`);
      const [error] = await next(client, "connect_error");
      note(error instanceof Error, client.connected, client.active);
      for (const socket of old.clients) socket.terminate();
      old.close();
    }));
});

describe("connections that are cut", () => {
  test.each(["polling", "websocket"])("the network goes: %s", (transport) =>
    same(async ({ connect, server, note }) => {
      const client = connect({ ...ONCE, transports: [transport] });
      await next(server.io, "connection");
      if (!client.connected) await next(client, "connect");
      const gone = next(client, "disconnect");
      // A poll is waiting.
      if (transport === "polling") await next(server.http, "request");
      server.http.closeAllConnections();
      for (const socket of server.io.of("/").sockets.values()) {
        (socket.conn.transport as Anything).socket?.terminate();
      }
      const [reason, details] = await gone;
      note(reason, described(details));
    }),
  );

  test("a message larger than the server takes: polling", () =>
    same(
      async ({ connect, note }) => {
        const client = connect({ ...ONCE, transports: ["polling"] });
        await next(client, "connect");
        const gone = next(client, "disconnect");
        client.emit("large", "x".repeat(200));
        const [reason, details] = await gone;
        note(reason, described(details), details.description);
      },
      { maxHttpBufferSize: 100 },
    ));

  test("a message larger than the server takes: websocket", () =>
    same(
      async ({ connect, note }) => {
        const client = connect({ ...ONCE, transports: ["websocket"] });
        await next(client, "connect");
        const gone = next(client, "disconnect");
        client.emit("large", "x".repeat(200));
        const [reason, details] = await gone;
        note(reason, described(details), details.context.code);
      },
      { maxHttpBufferSize: 100 },
    ));

  test("a session that the server has forgotten", () =>
    same(async ({ connect, note }) => {
      const client = connect({ ...ONCE, transports: ["polling"] });
      await next(client, "connect");
      const gone = next(client, "disconnect");
      client.io.engine.id = "forgotten";
      client.io.engine.transport.query &&= {
        ...client.io.engine.transport.query,
        sid: "forgotten",
      };
      client.emit("anything");
      const [reason, details] = await gone;
      note(reason, described(details), details.description);
    }));
});
