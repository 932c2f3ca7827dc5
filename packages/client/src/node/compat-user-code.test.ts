// What an application's own functions do to the client, beside Socket.IO's: those that throw, and those that change
// sockets and managers while they are notified.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as parser from "socket.io-parser";
import { describe, expect, test, vi } from "vitest";
import { type Anything, both, same, tick } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";
import { catchUncaught } from "../../testing/uncaught.ts";
import { io } from "./index.ts";

const WEB_SOCKET = { transports: ["websocket"] };

const fault = (): never => {
  throw new Error("of the application");
};

/** Where the application's function is, and what calls it. */
const PLACES: Record<string, (client: Anything) => Promise<unknown>> = {
  "a listener of an event": (client) => {
    client.on("x", fault);
    return client.emitWithAck("send me", "x");
  },
  "a catch-all listener": (client) => {
    client.prependAny(fault);
    return client.emitWithAck("send me", "x").then(() => client.offAny(fault));
  },
  "the callback of an acknowledgement": (client) => {
    client.emit("send me", "x", fault);
    return client.emitWithAck("send me", "y");
  },
  "a listener of `packet` of the manager": (client) => {
    client.io.once("packet", fault);
    return client.emitWithAck("send me", "x");
  },
};

describe.each([
  ["the usual wire form", {}],
  ["a parser in Socket.IO's form", { parser }],
])(
  "CL71 with %s, an error of the application is uncaught, and no fault of the server",
  (_, form) => {
    test.each(Object.keys(PLACES))("in %s", (place) =>
      same(async ({ connect, server, note, record }) => {
        server.io.on("connection", (socket) => {
          socket.on("send me", (event, answer) => {
            socket.emit(event);
            answer();
          });
        });
        const client = connect({ ...WEB_SOCKET, ...form });
        record(client, "disconnect");
        record(client.io, "close", "error");
        await next(client, "connect");
        using uncaught = catchUncaught();
        await PLACES[place]?.(client);
        await tick();
        note(uncaught.errors.map(String));
        note(client.connected);
        await client.timeout(5000).emitWithAck("send me", "y");
      }, form),
    );
  },
);

test("CL71 an error of the function `auth` is uncaught, and the connection stays", () =>
  same(async ({ connect, note, record }) => {
    const client = connect({ ...WEB_SOCKET, auth: fault, autoConnect: false });
    record(client.io, "close", "error");
    record(client, "connect", "connect_error");
    using uncaught = catchUncaught();
    client.connect();
    await vi.waitUntil(() => uncaught.errors.length > 0);
    await tick();
    note(uncaught.errors.map(String));
    note(client.connected, client.active, client.io._readyState);
  }));

test("CL38 `reconnection(false)` while waiting: what is opened later is no reconnection", () =>
  same(async ({ connect, server, log, record }) => {
    const client = connect({ ...WEB_SOCKET, reconnectionDelay: 1000 });
    const [socket] = await next(server.io, "connection");
    if (!client.connected) await next(client, "connect");
    record(client.io, "open", "reconnect", "reconnect_attempt");
    const lost = next(client, "disconnect");
    socket.conn.close();
    await lost;
    client.io.reconnection(false);
    client.io.open();
    await next(client, "connect");
    log.push("end");
  }));

test("CL72 a socket that is made in a listener of `disconnect` does not get that `disconnect`", () =>
  same(async ({ connect, server, note, record }) => {
    server.io.of("/other");
    const client = connect(WEB_SOCKET);
    const [socket] = await next(server.io, "connection");
    if (!client.connected) await next(client, "connect");
    const made: Anything[] = [];
    client.once("disconnect", () => {
      const other = client.io.socket("/other");
      record(other, "disconnect", "connect");
      made.push(other);
    });
    const lost = next(client, "disconnect");
    socket.conn.close();
    await lost;
    await next(made[0], "connect");
    note(client.io._readyState);
  }));

test("CL102 the acknowledgement of an event that cannot be encoded is never called; Socket.IO calls it when the time is up", async () => {
  const logs = await both(async ({ connect, server, note }) => {
    server.io.on("connection", (socket) => socket.on("end", (answer) => answer()));
    const client = connect(WEB_SOCKET);
    await next(client, "connect");
    try {
      client.timeout(20).emit("x", 1n, (error: Error) => note("called", error.message));
    } catch {
      note("thrown");
    }
    // A timer that was set later, so that the one of 20 ms has had its time.
    await client
      .timeout(60)
      .emitWithAck("no such event")
      .catch((error: Error) => note(error.message));
    await client.emitWithAck("end");
  });
  const late = "operation has timed out";
  expect(logs.theirs).toEqual(["thrown", ["called", late], late]);
  expect(logs.ours).toEqual(["thrown", late]);
});

test("CL25 a handshake that lists no upgrades opens the session; with Socket.IO it ends the process", async () => {
  const http = createServer((request, response) => {
    const session = { sid: "S", pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 };
    if (request.url?.includes("sid=")) request.resume();
    else response.end(`0${JSON.stringify(session)}`);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  using uncaught = catchUncaught();
  const { port } = http.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}`, {
    transports: ["polling", "websocket"],
    forceNew: true,
  });
  await next(client.io, "open");
  await tick();
  expect(uncaught.errors).toEqual([]);
  expect(client.io.engine.transport.name).toBe("polling");
  client.disconnect();
  http.close();
  http.closeAllConnections();
});
