// Against the real server: what the client says when it is refused, cut off, or left waiting.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io, Manager } from "./index.ts";

const NEW = { forceNew: true, reconnection: false };

describe("refusals", () => {
  test("a middleware's refusal comes with its data, and is not tried again", async () => {
    await using server = await startServer();
    server.io.use((_socket, done) => {
      done(Object.assign(new Error("not you"), { data: { code: 7 } }));
    });
    const client = io(server.url, { forceNew: true, reconnectionDelay: 1 });
    const attempts: number[] = [];
    client.io.on("reconnect_attempt", (attempt) => attempts.push(attempt));
    const closed = next(client.io, "close");
    const [error] = await next(client, "connect_error");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: "not you", data: { code: 7 } });
    expect(client.active).toBe(false);
    expect(await closed).toEqual(["forced close", undefined]);
    expect(attempts).toEqual([]);
  });

  test("a namespace that does not exist", async () => {
    await using server = await startServer();
    const client = io(`${server.url}/nowhere`, NEW);
    const [error] = await next(client, "connect_error");
    expect(error.message).toBe("Invalid namespace");
    expect(client.active).toBe(false);
  });

  test("auth as an object, and as a function asked anew for each connection", async () => {
    await using server = await startServer();
    const client = io(server.url, { forceNew: true, auth: { token: "a" }, reconnectionDelay: 1 });
    const [first] = await next(server.io, "connection");
    expect(first.handshake.auth).toEqual({ token: "a" });
    let asked = 0;
    client.auth = (hand) => {
      asked++;
      setTimeout(() => {
        hand({ asked });
        hand({ asked: "too often" });
      }, 1);
    };
    const again = next(server.io, "connection");
    first.conn.close();
    const [second] = await again;
    expect(second.handshake.auth).toEqual({ asked: 1 });
    expect(server.io.of("/").sockets.size).toBe(1);
    client.disconnect();
  });

  test("nobody listens there: polling", async () => {
    const client = io("http://127.0.0.1:9", { ...NEW, transports: ["polling"] });
    const [error] = await next(client, "connect_error");
    expect(error).toMatchObject({
      type: "TransportError",
      message: "xhr poll error",
      description: 0,
    });
    client.disconnect();
  });

  test("nobody listens there: WebSocket", async () => {
    const client = io("http://127.0.0.1:9", { ...NEW, transports: ["websocket"] });
    const [error] = await next(client, "connect_error");
    expect(error).toMatchObject({ type: "TransportError", message: "websocket error" });
    expect(error.description.message).toMatch(/ECONNREFUSED|EACCES/);
    client.disconnect();
  });

  test("a server that is none: its page is no handshake", async () => {
    const http = createServer((_request, response) => response.end("<html>"));
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    const { port } = http.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}`, NEW);
    const [error] = await next(client, "connect_error");
    expect(error).toMatchObject({ message: "server error", code: "parser error" });
    client.disconnect();
    http.close();
  });

  test("a server that never answers: timeout", async () => {
    const http = createServer(() => {});
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    const { port } = http.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}`, { ...NEW, timeout: 30 });
    const [error] = await next(client, "connect_error");
    expect(error.message).toBe("timeout");
    client.disconnect();
    http.closeAllConnections();
    http.close();
  });

  test("no transport that the platform has", async () => {
    const client = io("http://127.0.0.1:9", { ...NEW, transports: ["carrier-pigeon"] });
    const [error] = await next(client, "connect_error");
    expect(error.message).toBe("No transports available");
    client.disconnect();
  });

  test("a handshake that the server forbids: status and body", async () => {
    await using server = await startServer({
      allowRequest: (_request, answer) => answer("go away", false),
    });
    const client = io(server.url, { ...NEW, transports: ["polling"] });
    const [error] = await next(client, "connect_error");
    expect(error).toMatchObject({ message: "xhr poll error", description: 403 });
    expect(JSON.parse(error.context.responseText)).toEqual({ code: 4, message: "go away" });
    client.disconnect();
  });

  test("tryAllTransports goes on to the next one", async () => {
    await using server = await startServer({ transports: ["websocket"] });
    const client = io(server.url, { ...NEW, tryAllTransports: true });
    const failures: Error[] = [];
    client.on("connect_error", (error) => failures.push(error));
    await next(client, "connect");
    expect(failures).toEqual([]);
    expect(client.io.engine?.transport?.name).toBe("websocket");
    client.disconnect();
  });
});

describe("lost connections", () => {
  test("a message too large for the server, over polling", async () => {
    await using server = await startServer({ maxHttpBufferSize: 100 });
    const client = io(server.url, { ...NEW, transports: ["polling"] });
    await next(client, "connect");
    const lost = next(client, "disconnect");
    client.emit("large", "x".repeat(200));
    const [reason, details] = await lost;
    expect(reason).toBe("transport error");
    expect(details).toMatchObject({ message: "xhr post error", description: 413 });
    expect(details.context).toMatchObject({ status: 413, responseText: "" });
    client.disconnect();
  });

  test("a message too large for the server, over WebSocket", async () => {
    await using server = await startServer({ maxHttpBufferSize: 100 });
    const client = io(server.url, { ...NEW, transports: ["websocket"] });
    await next(client, "connect");
    const lost = next(client, "disconnect");
    client.emit("large", "x".repeat(200));
    const [reason, details] = await lost;
    expect(reason).toBe("transport close");
    expect(details.description).toBe("websocket connection closed");
    expect(details.context.code).toBe(1009);
    client.disconnect();
  });

  test("a session that the server has forgotten", async () => {
    await using server = await startServer();
    const client = io(server.url, { ...NEW, transports: ["polling"] });
    await next(client, "connect");
    const lost = next(client, "disconnect");
    client.io.engine!.id = "forgotten";
    client.emit("anything");
    const [reason, details] = await lost;
    expect(reason).toBe("transport error");
    expect(details).toMatchObject({ message: "xhr post error", description: 400 });
    expect(JSON.parse(details.context.responseText).code).toBe(1);
    client.disconnect();
  });

  test("what the server sends cannot be read: parse error, and a new connection", async () => {
    await using server = await startServer();
    const client = io(server.url, { forceNew: true, reconnectionDelay: 1 });
    const [socket] = await next(server.io, "connection");
    const lost = next(client, "disconnect");
    const again = next(server.io, "connection");
    socket.conn.write('2["unfinished');
    const [reason, details] = await lost;
    expect(reason).toBe("parse error");
    expect(details).toBeInstanceOf(Error);
    await again;
    client.disconnect();
  });

  test("a server that falls silent: ping timeout", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    const session = {
      sid: "S",
      upgrades: [],
      pingInterval: 100,
      pingTimeout: 100,
      maxPayload: 1e6,
    };
    server.on("connection", (socket) => {
      socket.send(`0${JSON.stringify(session)}`);
      socket.on("message", () => socket.send('40{"sid":"s"}'));
    });
    await next(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}`, { ...NEW, transports: ["websocket"] });
    await next(client, "connect");
    expect(await next(client, "disconnect")).toEqual(["ping timeout", undefined]);
    client.disconnect();
    server.close();
  });

  test("reconnection attempts are counted, and given up", async () => {
    const manager = new Manager("http://127.0.0.1:9", {
      reconnectionDelay: 1,
      reconnectionDelayMax: 2,
      reconnectionAttempts: 2,
      transports: ["polling"],
    });
    const socket = manager.socket("/");
    const events: unknown[] = [];
    socket.on("connect_error", () => events.push("connect_error"));
    for (const name of ["error", "reconnect_error", "reconnect_failed", "reconnect"] as const) {
      manager.on(name, () => events.push(name));
    }
    manager.on("reconnect_attempt", (attempt) => events.push(attempt));
    await next(manager, "reconnect_failed");
    // The event after the awaited one is raised in the same turn.
    await Promise.resolve();
    expect(events).toEqual([
      ...["connect_error", "error", 1],
      ...["connect_error", "error", "reconnect_error", 2],
      ...["connect_error", "error", "reconnect_failed", "reconnect_error"],
    ]);
    expect(socket.active).toBe(true);
    socket.disconnect();
  });
});
