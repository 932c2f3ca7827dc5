// The client that has WebSocket only, against the real server: all that a Socket.IO client does, without the rest.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { next, startServer } from "../../testing/socket-io-server.ts";
import * as inBrowsers from "../websocket.ts";
import * as inNode from "./websocket.ts";

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const NEW = { forceNew: true, reconnectionDelay: 5, randomizationFactor: 0 };

describe.each([
  ["in browsers", inBrowsers],
  ["in Node", inNode],
])("%s", (_, { io, Manager, Socket, protocol }) => {
  test.each<[string, object]>([
    ["retries", { retries: 3 }],
    ["parser", { parser: {} }],
    ["transports", { transports: ["polling", "websocket"] }],
    ["transportImplementations", { transportImplementations: [class {}] }],
    ["transportOptions", { transportOptions: { websocket: {} } }],
    ["forceBase64", { forceBase64: true }],
    ["extraHeaders", { extraHeaders: { a: "b" } }],
    ["host", { host: "here" }],
    ["outbox", { outbox: {} }],
    ["useNativeTimers", { useNativeTimers: true }],
  ])("CL132 refuses the option %s, which it has not", (name, options) => {
    expect(() => io("http://here", { ...NEW, ...options })).toThrow(
      `@sockeye/client/websocket has no option ${name}`,
    );
  });

  test("CL132 refuses retries for one namespace as well", () => {
    const manager = new Manager("http://here", { autoConnect: false });
    expect(() => manager.socket("/", { retries: 1 } as object)).toThrow(TypeError);
    expect(manager.socket("/", { retries: 0 } as object).connected).toBe(false);
  });

  test("CL132 takes every other option", () => {
    const options = {
      ...{
        hostname: "here",
        port: 80,
        secure: false,
        path: "/p",
        query: { a: 1 },
        protocols: "p",
        addTrailingSlash: true,
        autoUnref: true,
      },
      ...{ multiplex: true, reuse: false, autoConnect: false, auth: {}, ackTimeout: 1 },
      ...{ timeout: 1, reconnection: true, reconnectionAttempts: 1, reconnectionDelayMax: 5 },
      ...{ maxSendBufferLength: 1, withCredentials: true, timestampRequests: true, upgrade: true },
      ...{
        passphrase: "p",
        pfx: "p",
        maxPayload: 1,
        perMessageDeflate: true,
        rememberUpgrade: true,
      },
    };
    expect(io("http://here", { ...NEW, ...options }).active).toBe(false);
  });

  test("CL132 has no listeners of what is sent, and no say in compression", () => {
    const socket = io("http://here", { ...NEW, autoConnect: false });
    for (const name of ["prependAny", "onAnyOutgoing", "listenersAnyOutgoing", "compress"]) {
      expect([name, name in socket]).toEqual([name, false]);
    }
    expect("onAny" in socket).toBe(true);
  });

  test("CL130 connects over WebSocket from the start", async () => {
    await using server = await startServer();
    const client = io(server.url, { ...NEW, transports: ["websocket"] });
    const [socket] = await next(server.io, "connection");
    await next(client, "connect");
    expect(socket.conn.transport.name).toBe("websocket");
    expect(client.io.engine.transport.name).toBe("websocket");
    expect(client.io.engine.transport.writable).toBe(true);
    expect(client.id).toBe(socket.id);
    expect([io.protocol, protocol, io.Socket, io.Manager]).toEqual([5, 5, Socket, Manager]);
    client.disconnect();
    expect(client.io._readyState).toBe("closed");
  });

  test("CL130 events and acknowledgements, with binary in both directions", async () => {
    await using server = await startServer();
    server.io.on("connection", (socket) => {
      socket.on("echo", (value, answer) => answer(value));
      socket.on("ask", (done) => socket.emit("question", (answer: unknown) => done(answer)));
    });
    const client = io(server.url, NEW);
    client.on("question", (answer: (value: string) => void) => answer("42"));
    const sent = { text: "é€", list: [1, null], bytes: Uint8Array.from([1, 2, 3]) };
    const back = await client.timeout(5000).emitWithAck("echo", sent);
    expect({ ...back, bytes: new Uint8Array(back.bytes) }).toEqual(sent);
    expect(await client.emitWithAck("ask")).toBe("42");
    client.disconnect();
  });

  test("CL130 namespaces share a connection; auth, refusals, catch-all listeners", async () => {
    await using server = await startServer();
    server.io.of("/closed").use((_socket, done) => {
      done(Object.assign(new Error("no"), { data: { code: 7 } }));
    });
    server.io.of("/open").on("connection", (socket) => {
      socket.onAny((...args) => socket.emit("back", ...args));
    });
    const main = io(server.url, NEW);
    const open = main.io.socket("/open", { auth: (hand) => hand({ token: "t" }) });
    const closed = main.io.socket("/closed");
    const [[socket], [error]] = await Promise.all([
      next(server.io.of("/open"), "connection"),
      next(closed, "connect_error"),
      next(main, "connect"),
    ]);
    expect(socket.handshake.auth).toEqual({ token: "t" });
    expect(error).toMatchObject({ message: "no", data: { code: 7 } });
    expect([closed.active, server.io.engine.clientsCount]).toEqual([false, 1]);
    const heard = new Promise((resolve) => {
      open.onAny((...args) => resolve(args));
    });
    open.emit("there", 1);
    expect(await heard).toEqual(["back", "there", 1]);
    main.disconnect();
    expect(open.connected).toBe(true);
    open.disconnect();
  });

  test("CL130 reconnects, with the state of the connection before", async () => {
    await using server = await startServer({ connectionStateRecovery: {} });
    const client = io(server.url, NEW);
    const [socket] = await next(server.io, "connection");
    socket.emit("offset");
    await next(client, "offset");
    const { id } = client;
    const missed = next(client, "missed");
    const again = next(client, "connect");
    socket.conn.close();
    server.io.emit("missed", 1);
    client.emit("kept");
    expect((await missed)[0]).toBe(1);
    await again;
    expect([client.recovered, client.id]).toEqual([true, id]);
    client.disconnect();
  });

  test("CL130 deadlines, volatile events, events kept until connected", async () => {
    await using server = await startServer();
    const client = io(server.url, NEW);
    client.volatile.emit("lost");
    client.emit("kept");
    const late = client.timeout(1).emitWithAck("late");
    const refused = expect(late).rejects.toThrow("operation has timed out");
    // Not before the deadline is over, however slow this machine is.
    server.io.use((_socket, admit) => void refused.then(() => admit()));
    const heard: string[] = [];
    const last = new Promise<void>((resolve) => {
      server.io.on("connection", (socket) => {
        socket.onAny((event: string) => heard.push(event));
        socket.on("last", resolve);
      });
    });
    await next(client, "connect");
    client.emit("last");
    await last;
    expect(heard).toEqual(["kept", "last"]);
    client.disconnect();
  });

  test("CL130 a server that falls silent: ping timeout", async () => {
    await using server = await startServer({ pingInterval: 50, pingTimeout: 50 });
    const client = io(server.url, { ...NEW, reconnection: false });
    const [{ conn }] = await next(server.io, "connection");
    // The client is to notice first, on a busy machine too.
    conn.resetPingTimeout = () => {};
    await next(client.io, "ping");
    // What would be sent is swallowed.
    conn.transport.send = () => {};
    const [reason] = await next(client, "disconnect");
    expect(reason).toBe("ping timeout");
  });

  test("CL130 nobody there: connect_error, again and again, then reconnect_failed", async () => {
    const client = io("http://127.0.0.1:9", { ...NEW, reconnectionAttempts: 2 });
    const errors: unknown[] = [];
    client.on("connect_error", ({ message, type }) => void errors.push([message, type]));
    await next(client.io, "reconnect_failed");
    expect(errors).toHaveLength(3);
    expect(errors[0]).toEqual(["websocket error", "TransportError"]);
    client.disconnect();
  });

  test("CL130 the server closes the connection, or sends what is no packet", async () => {
    await using server = await startServer();
    const client = io(server.url, { ...NEW, reconnection: false });
    const [socket] = await next(server.io, "connection");
    await next(client, "connect");
    const lost = next(client, "disconnect");
    socket.conn.transport.socket.send("4nonsense");
    expect((await lost)[0]).toBe("parse error");
    const again = next(server.io, "connection");
    client.connect();
    const [second] = await again;
    await next(client, "connect");
    const closed = next(client, "disconnect");
    second.conn.close();
    const [reason, details] = await closed;
    expect(reason).toBe("transport close");
    expect(details.description).toBe("websocket connection closed");
  });
});

test("CL130 a WebSocket that cannot be made is a failed attempt", async () => {
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor() {
        throw new SyntaxError("no such scheme");
      }
    },
  );
  const client = inBrowsers.io("http://127.0.0.1:9", { ...NEW, reconnection: false });
  const [error] = await next(client, "connect_error");
  expect(error).toMatchObject({ message: "websocket error", type: "TransportError" });
  expect(error.description.message).toBe("no such scheme");
});
