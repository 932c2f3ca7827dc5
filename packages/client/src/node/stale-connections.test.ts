// Connections that a server closes between two requests, just when the client uses them again.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { next } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

const SEPARATOR = "\x1e";
const OPEN =
  '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/** Requests as they arrive: the connection's number, how many came on it, and what was asked. */
interface Asked {
  readonly connection: number;
  readonly nth: number;
  readonly method: string;
  readonly body: string;
}

let stop: () => void = () => {};
afterEach(() => stop());

/** A server of bytes; `answer` gives a body, `null` for no answer yet, or closes the connection. */
async function serve(answer: (asked: Asked, socket: Socket) => string | null): Promise<string> {
  let connections = 0;
  const server: Server = createServer((socket) => {
    const connection = ++connections;
    let nth = 0;
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (chunk) => {
      const text = String(chunk);
      const [head = "", body = ""] = text.split("\r\n\r\n");
      const method = head.split(" ")[0] ?? "";
      const reply = answer({ connection, nth: ++nth, method, body }, socket);
      if (reply === null) return;
      const length = Buffer.byteLength(reply);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${reply}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  stop = () => server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a kept connection that is reset when it is used again is not the end of the session", async () => {
  const asked: string[] = [];
  let isJoined = false;
  const url = await serve(({ connection, nth, method, body }, socket) => {
    asked.push(`${method} ${body} on ${connection}`);
    if (nth > 1) {
      socket.resetAndDestroy();
      return null;
    }
    if (method === "POST") {
      isJoined = true;
      return "ok";
    }
    if (!asked.some((line) => line.startsWith("POST"))) return connection === 1 ? OPEN : null;
    return isJoined ? `40{"sid":"b"}${SEPARATOR}42["hello"]` : null;
  });
  const client = io(url, { transports: ["polling"], forceNew: true, reconnection: false });
  const lost: string[] = [];
  client.on("disconnect", (reason) => lost.push(reason));
  client.on("connect_error", (error) => lost.push(error.message));
  await next(client, "hello");
  expect([client.connected, lost]).toEqual([true, []]);
  // The connection that had brought the handshake was tried first, and another was made instead.
  expect(asked[0]).toBe("GET  on 1");
  expect(asked.filter((line) => line.endsWith("on 1")).length).toBe(2);
  client.disconnect();
});

test("a new connection that is reset is an error, told once", async () => {
  let count = 0;
  const url = await serve((_asked, socket) => {
    count++;
    socket.resetAndDestroy();
    return null;
  });
  const client = io(url, { transports: ["polling"], forceNew: true, reconnection: false });
  const [error] = await next(client, "connect_error");
  expect(error).toMatchObject({ type: "TransportError", transport: "polling" });
  expect(count).toBe(1);
  client.disconnect();
});

test("an answer that breaks off is not asked for again: its packets may be lost", async () => {
  let polls = 0;
  const url = await serve(({ method }, socket) => {
    if (method === "POST") return "ok";
    if (++polls === 1) return OPEN;
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n40");
    return null;
  });
  const client = io(url, { transports: ["polling"], forceNew: true, reconnection: false });
  const [reason] = await next(client.io, "close");
  expect([reason, polls]).toEqual(["transport error", 2]);
  client.disconnect();
});
